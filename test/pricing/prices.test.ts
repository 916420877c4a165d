import { beforeAll, describe, expect, it } from 'vitest';
import { costOf, loadPrices, priceOf } from '../../src/pricing/prices.js';

const target = { provider: 'openai', model: 'gpt-5' };

describe('prices without a gateway', () => {
  describe('once loaded', () => {
    beforeAll(loadPrices);

    it('say what a usage costs, in whole nano-USD', () => {
      expect(costOf({ inputTokens: 1000, outputTokens: 200 }, target)).toEqual({ usd: 0.00325, nanoUsd: 3_250_000, parts: { input: 1_250_000, output: 2_000_000 }, status: 'exact' });
    });

    it('say where a price comes from', () => {
      expect(priceOf({ provider: 'openai', model: 'gpt-5-2025-08-07' })).toMatchObject({ status: 'alias', source: 'catalogue: openai/gpt-5', rates: { input: 1.25, output: 10 } });
    });
  });
});
