import { describe, expect, it } from 'vitest';
import { createPriceBook } from '../../src/pricing/price-book.js';
import type { Cost, Rates } from '../../src/types/price.js';
import type { Usage } from '../../src/types/usage.js';

function charged(rates: Rates, usage: Usage, serviceTier?: string): Cost {
  return createPriceBook({ prices: { 'own/model': rates } }).costOf(usage, { provider: 'own', model: 'model' }, { serviceTier });
}

describe('own rates', () => {
  it('charge every kind of token once', () => {
    const rates = { input: 1000, cacheRead: 2000, cacheWrite: 3000, cacheWriteLong: 4000, audioInput: 5000, imageInput: 6000, output: 7000, reasoning: 8000, audioOutput: 9000, imageOutput: 10_000, perRequestUsd: 1 };
    const usage = {
      inputTokens: 63, cacheReadTokens: 2, cacheWriteTokens: 12, cacheWriteLongTokens: 8, audioInputTokens: 16, imageInputTokens: 32,
      outputTokens: 15, reasoningTokens: 2, audioOutputTokens: 4, imageOutputTokens: 8,
    };
    const inNano = { input: 1e6, cacheRead: 4e6, cacheWrite: 12e6, cacheWriteLong: 32e6, audioInput: 80e6, imageInput: 192e6, output: 7e6, reasoning: 16e6, audioOutput: 36e6, imageOutput: 80e6, request: 1e9 };
    expect(charged(rates, usage).parts).toEqual(inNano);
  });

  it('charge a kind without a rate like the kind it is a part of', () => {
    const usage = { inputTokens: 10, cacheReadTokens: 1, cacheWriteTokens: 4, cacheWriteLongTokens: 2, audioInputTokens: 2, outputTokens: 10, reasoningTokens: 4, audioOutputTokens: 2 };
    expect(charged({ input: 1000, output: 3000 }, usage).nanoUsd).toBe(40e6);
    expect(charged({ input: 1000, output: 3000, cacheWrite: 2000 }, usage).parts).toMatchObject({ cacheWrite: 4e6, cacheWriteLong: 4e6 });
  });

  it('leave out the parts that were not used, and keep those that cost nothing', () => {
    expect(charged({ input: 0, output: 1 }, { inputTokens: 5, outputTokens: 0 }).parts).toEqual({ input: 0 });
  });

  it('hold above a threshold for all tokens of the request, each tier on top of those below it', () => {
    const rates: Rates = { input: 1, output: 2, cacheRead: 0.5, tiers: [{ aboveInputTokens: 2000, output: 20 }, { aboveInputTokens: 1000, input: 10 }] };
    const at = (inputTokens: number): number | undefined => charged(rates, { inputTokens, outputTokens: 1000, cacheReadTokens: 1000 }).nanoUsd;
    expect(at(1000)).toBe(500_000 + 2_000_000);
    expect(at(1001)).toBe(500_000 + 10_000 + 2_000_000);
    expect(at(2001)).toBe(500_000 + 10_010_000 + 20_000_000);
  });

  it('follow the service tier: a factor on every token, or rates that hold however long the prompt', () => {
    const rates: Rates = { input: 2, output: 4, perRequestUsd: 0.001, tiers: [{ aboveInputTokens: 10_000, input: 3 }], serviceTiers: { batch: 0.5, gold: { output: 40 } } };
    expect(charged(rates, { inputTokens: 1000, outputTokens: 1000 }, 'batch').parts).toEqual({ input: 1e6, output: 2e6, request: 1e6 });
    expect(charged(rates, { inputTokens: 20_000, outputTokens: 1000 }, 'gold').parts).toEqual({ input: 60e6, output: 40e6, request: 1e6 });
    expect(charged(rates, { inputTokens: 20_000, outputTokens: 1000 }, 'silver').parts).toEqual({ input: 60e6, output: 4e6, request: 1e6 });
  });

  it('are summed exactly and rounded once', () => {
    // 0.15 and 0.6 per million have no exact binary form, and 0.0375 gives half a nano-USD per token.
    expect(charged({ input: 0.15, output: 0.6 }, { inputTokens: 999_999_999, outputTokens: 333_333_333 }).nanoUsd).toBe(999_999_999 * 150 + 333_333_333 * 600);
    const halves = charged({ input: 0.0375, output: 0.0375, cacheRead: 0.0375 }, { inputTokens: 2, cacheReadTokens: 1, outputTokens: 1 });
    expect(halves).toMatchObject({ nanoUsd: 113, parts: { input: 38, cacheRead: 38, output: 37 } });
  });

  it('give what rounding leaves over to the parts that lost most by it', () => {
    expect(charged({ input: 0.0002, cacheRead: 0.0006, output: 0.0007 }, { inputTokens: 2, cacheReadTokens: 1, outputTokens: 1 })).toMatchObject({ nanoUsd: 2, parts: { input: 0, cacheRead: 1, output: 1 } });
  });

  it('believe the totals where a provider counts more of a part than of the whole', () => {
    expect(charged({ input: 1000, output: 1000, cacheRead: 100 }, { inputTokens: 10, cacheReadTokens: 30, cacheWriteTokens: 5, outputTokens: 4, reasoningTokens: 9 }).parts).toEqual({ cacheRead: 1e6, reasoning: 4e6 });
  });
});
