import type { Rates, TokenRates } from '../types/price.js';
import { TOKEN_PARTS, type TokenPart } from './token-parts.js';

/** Rates made ready for sums without rounding errors, in the order of `TOKEN_PARTS`. */
export interface Card {
  /** Nano-USD per token, the whole part… */
  readonly whole: readonly number[];
  /** …and the rest, in millionths of a nano-USD. */
  readonly rest: readonly number[];
}

/** One model's rates for one service tier. */
export interface CardSet {
  readonly base: Card;
  /** From the lowest threshold to the highest. */
  readonly tiers: readonly { readonly aboveInputTokens: number; readonly card: Card }[];
  readonly requestNanoUsd: number;
}

export const REST_PER_NANO = 1e6;

/** The rates that one request is charged by: the service tier's own on top of those of the prompt's length. `serviceTier`: one that the rates have. */
export function cardSet(rates: Rates, serviceTier: string | undefined): CardSet {
  const change = serviceTier === undefined ? undefined : rates.serviceTiers?.[serviceTier];
  let reached: TokenRates = rates;
  const tiers = (rates.tiers ?? [])
    .toSorted((one, other) => one.aboveInputTokens - other.aboveInputTokens)
    .map(({ aboveInputTokens, ...tier }) => {
      reached = { ...reached, ...tier };
      return { aboveInputTokens, card: card(reached, change) };
    });
  return { base: card(rates, change), tiers, requestNanoUsd: Math.round((rates.perRequestUsd ?? 0) * 1e9) };
}

function card(rates: TokenRates, change: number | Partial<TokenRates> | undefined): Card {
  const factor = typeof change === 'number' ? change : 1;
  const every = everyRate(typeof change === 'object' ? { ...rates, ...change } : rates);
  // USD per million tokens is 1e-6 USD, or 1000 nano-USD, per token: a billion of the smallest unit here.
  const units = TOKEN_PARTS.map((part) => Math.round(every[part] * factor * 1000 * REST_PER_NANO));
  return { whole: units.map((unit) => Math.floor(unit / REST_PER_NANO)), rest: units.map((unit) => unit % REST_PER_NANO) };
}

/** A kind that has no rate costs what the kind it is a part of costs. */
function everyRate(rates: TokenRates): Readonly<Record<TokenPart, number>> {
  const { input, output } = rates;
  const cacheWrite = rates.cacheWrite ?? input;
  return {
    input,
    cacheRead: rates.cacheRead ?? input,
    cacheWrite,
    cacheWriteLong: rates.cacheWriteLong ?? cacheWrite,
    audioInput: rates.audioInput ?? input,
    imageInput: rates.imageInput ?? input,
    output,
    reasoning: rates.reasoning ?? output,
    audioOutput: rates.audioOutput ?? output,
    imageOutput: rates.imageOutput ?? output,
  };
}
