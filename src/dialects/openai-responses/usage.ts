import type { Usage } from '../../types/usage.js';
import { reported } from '../reported-cost.js';
import { countOf, objectOf } from './wire.js';

/**
 * Converts the `usage` of an answer. Its counts are totals already: cached tokens are in `input_tokens`, reasoning is in
 * `output_tokens`. Undefined when the counts are absent; a zero that was sent stays a zero.
 */
export function toUsage(wire: unknown): Usage | undefined {
  const usage = objectOf(wire);
  const inputTokens = countOf(usage?.['input_tokens']);
  const outputTokens = countOf(usage?.['output_tokens']);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const ofInput = objectOf(usage?.['input_tokens_details']);
  const ofOutput = objectOf(usage?.['output_tokens_details']);
  const cacheReadTokens = countOf(ofInput?.['cached_tokens']);
  const cacheWriteTokens = countOf(ofInput?.['cache_write_tokens']);
  const reasoningTokens = countOf(ofOutput?.['reasoning_tokens']);
  const audioInputTokens = countOf(ofInput?.['audio_tokens']);
  const audioOutputTokens = countOf(ofOutput?.['audio_tokens']);
  const reportedUsd = usage === undefined ? undefined : reported(usage);
  return {
    inputTokens,
    outputTokens,
    ...(cacheReadTokens !== undefined && { cacheReadTokens }),
    ...(cacheWriteTokens !== undefined && { cacheWriteTokens }),
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    ...(audioInputTokens !== undefined && { audioInputTokens }),
    ...(audioOutputTokens !== undefined && { audioOutputTokens }),
    ...(reportedUsd !== undefined && { reportedUsd }),
  };
}
