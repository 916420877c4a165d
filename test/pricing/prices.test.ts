import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, costOf, loadPrices, priceCatalogueDate, priceOf } from '../../src/index.js';
import { CATALOGUE_VERSION } from '../../src/pricing/loaded.js';

const target = { provider: 'openai', model: 'gpt-5' };
const usage = { inputTokens: 1000, outputTokens: 200 };

describe('prices without a gateway', () => {
  // These two run before anything is loaded: the catalogue is one for the whole process.
  it('say what to do while the catalogue is not loaded', () => {
    expect(() => costOf(usage, target)).toThrow(ConfigError);
    expect(() => priceOf(target)).toThrow('priceOf: the price catalogue is not loaded yet; await loadPrices() once before');
  });

  it('need no catalogue where own prices answer', () => {
    expect(costOf(usage, target, { prices: { 'openai/gpt-5': { input: 1, output: 2 } } })).toMatchObject({ usd: 0.0014, status: 'override' });
  });

  describe('once loaded', () => {
    beforeAll(loadPrices);

    it('say what a usage costs, in whole nano-USD', () => {
      expect(costOf(usage, target)).toEqual({ usd: 0.00325, nanoUsd: 3_250_000, parts: { input: 1_250_000, output: 2_000_000 }, status: 'exact' });
    });

    it('say where a price comes from', () => {
      expect(priceOf({ provider: 'openai', model: 'gpt-5-2025-08-07' })).toMatchObject({ status: 'alias', source: 'catalogue: openai/gpt-5', rates: { input: 1.25, output: 10 } });
    });

    it('are undefined where none is known, never zero', () => {
      expect(costOf(usage, { provider: 'openai', model: 'no-such-model' })).toEqual({ usd: undefined, nanoUsd: undefined, parts: {}, status: 'unknown' });
      expect(priceOf({ provider: 'ollama', model: 'llama3' })).toEqual({ status: 'unknown', rates: undefined, source: undefined });
    });

    it('are of the day on which the installed catalogue was released', () => {
      const installed = JSON.parse(readFileSync('node_modules/@pydantic/genai-prices/package.json', 'utf8')) as { readonly version: string };
      expect(CATALOGUE_VERSION).toBe(installed.version);
      expect(priceCatalogueDate()).toEqual({ date: '2026-09-23', source: 'package' });
    });
  });
});
