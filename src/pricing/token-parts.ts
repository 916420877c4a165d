import type { CostPart } from '../types/price.js';
import type { Usage } from '../types/usage.js';

/** The kinds of tokens that have a rate each, in the order of every list of rates here. */
export const TOKEN_PARTS = [
  'input', 'cacheRead', 'cacheWrite', 'cacheWriteLong', 'audioInput', 'imageInput', 'output', 'reasoning', 'audioOutput', 'imageOutput',
] as const satisfies readonly CostPart[];

export type TokenPart = (typeof TOKEN_PARTS)[number];

/** A count above it is taken for this many. Far beyond any request, and small enough that every product stays exact. */
export const MAX_TOKENS = 1e9;

/**
 * Splits a usage into parts without overlap, in the order of `TOKEN_PARTS`. Totals are believed first: the parts always add up
 * to them, however a provider counted. So a token more in a total is a token more in exactly one part, and a cost never falls by it.
 * Of the input, cached tokens are taken out before the other kinds: audio read from a cache is charged as a cache read.
 */
export function splitUsage(usage: Usage): readonly number[] {
  let input = countOf(usage.inputTokens);
  const cacheRead = Math.min(countOf(usage.cacheReadTokens), input);
  input -= cacheRead;
  const cacheWrite = Math.min(countOf(usage.cacheWriteTokens), input);
  input -= cacheWrite;
  const cacheWriteLong = Math.min(countOf(usage.cacheWriteLongTokens), cacheWrite);
  const audioInput = Math.min(countOf(usage.audioInputTokens), input);
  input -= audioInput;
  const imageInput = Math.min(countOf(usage.imageInputTokens), input);
  let output = countOf(usage.outputTokens);
  const reasoning = Math.min(countOf(usage.reasoningTokens), output);
  output -= reasoning;
  const audioOutput = Math.min(countOf(usage.audioOutputTokens), output);
  output -= audioOutput;
  const imageOutput = Math.min(countOf(usage.imageOutputTokens), output);
  return [input - imageInput, cacheRead, cacheWrite - cacheWriteLong, cacheWriteLong, audioInput, imageInput, output - imageOutput, reasoning, audioOutput, imageOutput];
}

/** What is no count at all (negative, NaN, absent) counts as nothing. */
export function countOf(value: number | undefined): number {
  if (typeof value !== 'number' || !(value > 0)) return 0;
  return value >= MAX_TOKENS ? MAX_TOKENS : Math.round(value);
}
