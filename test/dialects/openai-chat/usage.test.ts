import { expect, it } from 'vitest';
import { toUsage } from '../../../src/dialects/openai-chat/usage.js';

const base = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

it('counts cached tokens as part of the input, whatever the server calls them', () => {
  for (const cached of [
    { prompt_tokens_details: { cached_tokens: 4 } },
    { prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 6 },
    { num_cached_tokens: 4 },
    { cached_tokens: 4 },
    { prompt_token_details: { cached_tokens: 4 } },
  ]) {
    expect(toUsage({ ...base, ...cached })).toEqual({ inputTokens: 10, outputTokens: 5, cacheReadTokens: 4 });
  }
});

it('adds cached tokens to an input that was counted without them', () => {
  expect(toUsage({ ...base, prompt_tokens_details: { cached_tokens: 90 } })).toEqual({ inputTokens: 100, outputTokens: 5, cacheReadTokens: 90 });
});

it('counts reasoning as part of the output, and adds it where the server left it out', () => {
  const reasoning = { completion_tokens_details: { reasoning_tokens: 3 } };
  expect(toUsage({ ...base, ...reasoning })).toEqual({ inputTokens: 10, outputTokens: 5, reasoningTokens: 3 });
  expect(toUsage({ ...base, total_tokens: 18, ...reasoning })).toEqual({ inputTokens: 10, outputTokens: 8, reasoningTokens: 3 });
  expect(toUsage({ prompt_tokens: 10, completion_tokens: 1, completion_tokens_details: { reasoning_tokens: 3 } })).toEqual({ inputTokens: 10, outputTokens: 4, reasoningTokens: 3 });
});

it('reads cache writes and audio', () => {
  expect(
    toUsage({ ...base, prompt_tokens_details: { cache_write_tokens: 2, audio_tokens: 1 }, completion_tokens_details: { audio_tokens: 3 } }),
  ).toEqual({ inputTokens: 10, outputTokens: 5, cacheWriteTokens: 2, audioInputTokens: 1, audioOutputTokens: 3 });
});

it('keeps a zero that was sent, and leaves out what was not', () => {
  const zero = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, prompt_tokens_details: { cached_tokens: 0 } };
  expect(toUsage(zero)).toEqual({ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 });
  for (const absent of [undefined, null, {}, [], 'x', { prompt_tokens: 3 }, { prompt_tokens: null, completion_tokens: null }, { prompt_tokens: -1, completion_tokens: 1 }, { prompt_tokens: 'ten', completion_tokens: 1e300 }]) {
    expect(toUsage(absent)).toBeUndefined();
  }
});

it('works the one total out from the other and the sum', () => {
  expect(toUsage({ prompt_tokens: 10, total_tokens: 15 })).toEqual({ inputTokens: 10, outputTokens: 5 });
});

it('reads what OpenRouter and xAI say they charged, and takes no other cost for dollars', () => {
  expect(toUsage({ ...base, cost: 0.00004, is_byok: false, cost_details: { upstream_inference_cost: 0.00004 } })?.reportedUsd).toBe(0.00004);
  expect(toUsage({ ...base, cost: 0.001, is_byok: true, cost_details: { upstream_inference_cost: 0.02 } })?.reportedUsd).toBe(0.021);
  expect(toUsage({ ...base, cost: 0.001, is_byok: true, cost_details: { upstream_inference_cost: null } })?.reportedUsd).toBeUndefined();
  expect(toUsage({ ...base, cost_in_usd_ticks: 37_000_000 })?.reportedUsd).toBe(0.0037);
  for (const cost of [0.5, -1, Number.NaN, '0.1', { total_cost: 0.1 }]) expect(toUsage({ ...base, cost })?.reportedUsd).toBeUndefined();
});

it('counts pictures as part of both sides', () => {
  expect(toUsage({ ...base, prompt_tokens_details: { image_tokens: 7 }, completion_tokens_details: { image_tokens: 3 } })).toMatchObject({ imageInputTokens: 7, imageOutputTokens: 3 });
});
