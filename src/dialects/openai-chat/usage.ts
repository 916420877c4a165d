import type { Usage } from '../../types/usage.js';
import { reported } from '../reported-cost.js';
import { isObject, objectOf } from './wire.js';

/**
 * Converts the `usage` of an answer to the library's rule (totals that include their parts). Undefined when the counts are
 * absent; a zero that was sent stays a zero.
 */
export function toUsage(wire: unknown): Usage | undefined {
  if (!isObject(wire)) return undefined;
  const total = count(wire['total_tokens']);
  const prompt = count(wire['prompt_tokens']) ?? count(wire['input_tokens']);
  const completion = count(wire['completion_tokens']) ?? count(wire['output_tokens']);
  const input = prompt ?? difference(total, completion);
  const output = completion ?? difference(total, prompt);
  if (input === undefined || output === undefined) return undefined;

  // Writer drops an "s"; Snowflake and others leave the objects out.
  const ofInput = objectOf(wire['prompt_tokens_details'] ?? wire['prompt_token_details'] ?? wire['input_tokens_details']);
  const ofOutput = objectOf(wire['completion_tokens_details'] ?? wire['completion_token_details'] ?? wire['output_tokens_details']);
  const cacheRead =
    count(ofInput['cached_tokens']) ??
    count(wire['prompt_cache_hit_tokens']) ?? // DeepSeek
    count(wire['num_cached_tokens']) ?? // Mistral
    count(wire['cached_tokens']) ?? // Hugging Face, Moonshot
    count(wire['cache_read_input_tokens']);
  const cacheWrite = count(ofInput['cache_write_tokens']) ?? count(ofInput['cache_creation_input_tokens']) ?? count(wire['cache_creation_input_tokens']);
  const reasoning = count(ofOutput['reasoning_tokens']) ?? count(wire['reasoning_tokens']);
  const audioInput = count(ofInput['audio_tokens']);
  const audioOutput = count(ofOutput['audio_tokens']);
  const imageInput = count(ofInput['image_tokens']);
  const imageOutput = count(ofOutput['image_tokens']);
  const reportedUsd = reported(wire);

  return {
    inputTokens: withCached(input, cacheRead ?? 0),
    outputTokens: withReasoning(input, output, reasoning ?? 0, total),
    ...(cacheRead !== undefined && { cacheReadTokens: cacheRead }),
    ...(cacheWrite !== undefined && { cacheWriteTokens: cacheWrite }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    ...(audioInput !== undefined && { audioInputTokens: audioInput }),
    ...(audioOutput !== undefined && { audioOutputTokens: audioOutput }),
    ...(imageInput !== undefined && { imageInputTokens: imageInput }),
    ...(imageOutput !== undefined && { imageOutputTokens: imageOutput }),
    ...(reportedUsd !== undefined && { reportedUsd }),
  };
}

/** A prompt smaller than what was read from the cache was counted without it (gateways in front of Anthropic). Writes say nothing: Gemini's may be reads as well. */
function withCached(input: number, cached: number): number {
  return cached > input ? input + cached : input;
}

/** xAI leaves reasoning out of `completion_tokens`. The sum tells: only with the reasoning added does it come to `total_tokens`. */
function withReasoning(input: number, output: number, reasoning: number, total: number | undefined): number {
  const excluded = total === undefined ? reasoning > output : reasoning > 0 && input + output + reasoning === total;
  return excluded ? output + reasoning : output;
}

function difference(total: number | undefined, part: number | undefined): number | undefined {
  return total !== undefined && part !== undefined && total >= part ? total - part : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
