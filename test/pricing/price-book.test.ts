import { beforeAll, describe, expect, it } from 'vitest';
import { createPriceBook, type PriceFacts } from '../../src/pricing/price-book.js';
import { PRESETS } from '../../src/providers/presets.js';
import { LOCAL_PRESETS } from '../../src/providers/local-presets.js';
import type { PriceTable } from '../../src/types/price.js';
import type { Usage } from '../../src/types/usage.js';

const MILLION = 1_000_000;
const usage: Usage = { inputTokens: MILLION, outputTokens: 0 };
const book = createPriceBook();
beforeAll(() => book.load());

/** USD for a million tokens of input, or for the usage given. */
function usdOf(name: string, about: PriceFacts = {}, counts: Usage = usage, of = book): number | undefined {
  const slash = name.indexOf('/');
  return of.costOf(counts, { provider: name.slice(0, slash), model: name.slice(slash + 1) }, about).usd;
}

function statusOf(name: string, about: PriceFacts = {}, of = book): string {
  const slash = name.indexOf('/');
  return of.priceOf({ provider: name.slice(0, slash), model: name.slice(slash + 1) }, about).status;
}

describe('a price book', () => {
  describe('looks', () => {
    const prices: PriceTable = { 'openai/gpt-5': { input: 7, output: 7 }, 'openai/*': { input: 8, output: 8 } };
    const own = createPriceBook({ prices, unknownPrice: { assume: { input: 9, output: 9 } } });

    it('in the prices of the call first', () => {
      expect(usdOf('openai/gpt-5', { prices: { 'openai/*': { input: 6, output: 6 } } }, usage, own)).toBe(6);
    });

    it('before the catalogue at what the usage says was charged, but not when the end of the answer is missing', () => {
      expect(usdOf('openai/gpt-5', {}, { ...usage, reportedUsd: 0.25 })).toBe(0.25);
      expect(usdOf('openai/gpt-5', {}, { ...usage, reportedUsd: 0.25, estimated: true })).toBe(usdOf('openai/gpt-5'));
      expect(usdOf('openai/gpt-5', {}, { ...usage, reportedUsd: 0.25 }, own)).toBe(7);
    });

    it('then in its own, a model before its whole provider', () => {
      expect([usdOf('openai/gpt-5', {}, usage, own), usdOf('openai/gpt-4o', {}, usage, own)]).toEqual([7, 8]);
    });

    it('then in the catalogue', () => {
      expect([usdOf('anthropic/claude-opus-4-5', {}, usage, own), statusOf('anthropic/claude-opus-4-5', {}, own)]).toEqual([5, 'exact']);
    });

    it('then at what to assume', () => {
      expect([usdOf('ollama/llama3', {}, usage, own), statusOf('ollama/llama3', {}, own)]).toEqual([9, 'assumed']);
    });

    it('at what the provider says it charged before the catalogue, and after own prices', () => {
      expect(book.costOf(usage, { provider: 'openai', model: 'gpt-5' }, { reportedUsd: 0.5 })).toEqual({ usd: 0.5, nanoUsd: 500_000_000, parts: { reported: 500_000_000 }, status: 'reported' });
      expect(usdOf('openai/gpt-5', { reportedUsd: 0.5 }, usage, own)).toBe(7);
    });

    it.each([Number.NaN, -1, Infinity, 1e12])('past a reported cost of %s, which is none', (reportedUsd) => {
      expect(usdOf('openai/gpt-5', { reportedUsd })).toBe(1.25);
    });
  });

  describe('charges like a model of the catalogue', () => {
    const own = createPriceBook({ prices: { 'mine/fast': 'openai/gpt-5-mini', 'eu/*': 'openai/*', 'mine/typo': 'openai/no-such-model' } });

    it('where a string names one', () => {
      expect([usdOf('mine/fast', {}, usage, own), statusOf('mine/fast', {}, own)]).toEqual([0.25, 'override']);
    });

    it('of the same name where the string ends in /*', () => {
      expect([usdOf('eu/gpt-5', {}, usage, own), usdOf('eu/gpt-4o', {}, usage, own)]).toEqual([1.25, 2.5]);
    });

    it('and has no price where the string names none', () => {
      expect([usdOf('mine/typo', {}, usage, own), statusOf('mine/typo', {}, own)]).toEqual([undefined, 'unknown']);
    });
  });

  describe('takes of two names', () => {
    it('the one that answered, which is the more precise', () => {
      expect([usdOf('openai/gpt-4o'), usdOf('openai/gpt-4o', { model: 'gpt-4o-2024-05-13' })]).toEqual([2.5, 5]);
    });

    it('the one asked for where it says more', () => {
      expect(usdOf('openrouter/deepseek/deepseek-r1:free', { model: 'deepseek/deepseek-r1' })).toBe(usdOf('openrouter/deepseek/deepseek-r1:free'));
    });

    it('the other where the first is unknown', () => {
      expect(usdOf('azure/my-deployment', { model: 'gpt-4o-2024-11-20' })).toBe(2.5);
      expect(usdOf('openai/gpt-4o', { model: 'who-is-this' })).toBe(2.5);
    });
  });

  describe('knows of providers', () => {
    it('those of this package by the names they have here', () => {
      const known = ['openai/gpt-5', 'anthropic/claude-opus-4-5', 'google/gemini-2.5-flash', 'xai/grok-4', 'moonshot/kimi-k2-0905-preview', 'mistral/mistral-large-latest', 'bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0', 'vertex/gemini-2.5-flash'];
      expect(known.filter((name) => usdOf(name) === undefined)).toEqual([]);
    });

    it('a model by its path, as Google names it', () => {
      expect(usdOf('google/models/gemini-2.5-flash')).toBe(0.3);
    });

    it('none by the look of its name', () => {
      expect(['my-openai/gpt-5', 'openai-eu/gpt-5', 'OpenAI/gpt-5', 'anthropic2/claude-opus-4-5', 'constructor/gpt-5', '__proto__/gpt-5'].map((name) => usdOf(name))).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
    });

    it('no server of one\'s own', () => {
      expect(Object.keys(LOCAL_PRESETS).map((name) => usdOf(`${name}/gpt-5`))).toEqual(Object.keys(LOCAL_PRESETS).map(() => undefined));
    });

    it('which presets it has no prices for', () => {
      const models = ['gpt-5', 'gpt-oss-120b', 'openai/gpt-oss-120b', 'qwen3-32b', 'deepseek-chat', 'mistral-large-latest', 'kimi-k2.5', 'sonar', 'grok-4', 'glm-5.2', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', 'accounts/fireworks/models/gpt-oss-120b', 'deepseek-ai/DeepSeek-R1:together'];
      const hosted = Object.keys(PRESETS).filter((name) => !(name in LOCAL_PRESETS));
      expect(hosted.filter((name) => models.every((model) => usdOf(`${name}/${model}`) === undefined))).toEqual(['alibaba', 'deepinfra', 'nvidia']);
    });

    it('a router of which it cannot know whom it asked, unless the name says so', () => {
      expect([usdOf('huggingface/deepseek-ai/DeepSeek-R1'), usdOf('huggingface/deepseek-ai/DeepSeek-R1:together')]).toEqual([undefined, 3]);
    });
  });

  describe('prices what OpenRouter passes on', () => {
    const cached = { inputTokens: MILLION, outputTokens: 0, cacheReadTokens: MILLION };

    it('like the vendor, where both charge the same: cached tokens and long prompts too', () => {
      expect(usdOf('openrouter/google/gemini-2.5-flash', {}, cached)).toBe(usdOf('google/gemini-2.5-flash', {}, cached));
      expect(usdOf('openrouter/google/gemini-2.5-pro', {}, usage)).toBe(2.5);
    });

    it('like the vendor where its own list has it no longer', () => {
      expect([usdOf('openrouter/x-ai/grok-4'), statusOf('openrouter/x-ai/grok-4')]).toEqual([usdOf('xai/grok-4'), 'alias']);
    });

    it('at the vendor\'s price of the time, for a time before its own list', () => {
      const counts = { inputTokens: 1000, outputTokens: 0 };
      expect(usdOf('openrouter/openai/gpt-5.6-sol', { at: Date.parse('2026-07-15') }, counts)).toBe(0.005);
    });

    it('by its own list where that differs: free variants, faster ones, other hosts', () => {
      expect(usdOf('openrouter/deepseek/deepseek-r1')).toBe(0.45);
      expect(usdOf('openrouter/anthropic/claude-opus-4.6-fast')).toBe(30);
      expect(['gemini-2.5-pro-new', 'gemini-2.5-pro-new:free', 'gemini-2.5-pro-fast'].map((model) => statusOf(`openrouter/google/${model}`))).toEqual(['alias', 'unknown', 'unknown']);
    });
  });

  describe('with the facts of an answer', () => {
    it('charges by the date', () => {
      const o3 = (at: string): number | undefined => usdOf('openai/o3', { at: Date.parse(at) });
      expect([o3('2025-06-09T23:59:59Z'), o3('2025-06-10T00:00:00Z')]).toEqual([10, 2]);
    });

    it('charges by the hour of the day', () => {
      const deepseek = (at: string): number | undefined => usdOf('deepseek/deepseek-reasoner', { at: Date.parse(at) });
      expect([deepseek('2026-01-01T00:29:59Z'), deepseek('2026-01-01T00:30:00Z'), deepseek('1969-12-31T16:29:59Z'), deepseek('2026-01-01T16:30:00Z')]).toEqual([0.135, 0.55, 0.55, 0.135]);
    });

    it('charges now where the time is none', () => {
      expect(usdOf('openai/o3', { at: Number.NaN })).toBe(2);
    });

    it.each([
      ['openai/gpt-5', 'flex', 0.625],
      ['openai/gpt-5', 'batch', 0.625],
      ['openai/gpt-5', 'priority', 2.5],
      ['openai/gpt-4o', 'fast', 4.25],
      ['openai/gpt-4o-mini', 'priority', 0.25],
      ['openai/gpt-5', 'default', 1.25],
      ['openai/gpt-5-nano', 'priority', 0.05],
      ['azure/gpt-5', 'priority', 1.25],
      ['anthropic/claude-opus-4-5', 'batch', 2.5],
      ['anthropic/claude-opus-4-5', 'priority', 5],
      ['google/gemini-2.5-flash', 'SERVICE_TIER_PRIORITY', 0.54],
      ['google/gemini-2.5-flash', 'flex', 0.15],
      ['groq/llama-3.3-70b-versatile', 'flex', 0.59],
      ['openai/gpt-5', 'constructor', 1.25],
      ['openai/gpt-5', '__proto__', 1.25],
    ])('charges %s for the service tier %s what is documented', (name, serviceTier, usd) => {
      expect(usdOf(name, { serviceTier })).toBe(usd);
    });

    it('charges an hour in the cache twice the input where the catalogue has no rate for it', () => {
      const hour = { inputTokens: MILLION, outputTokens: 0, cacheWriteTokens: MILLION, cacheWriteLongTokens: MILLION };
      expect([usdOf('anthropic/claude-3-opus-latest', {}, hour), usdOf('bedrock/anthropic.claude-3-7-sonnet-20250219-v1:0', {}, hour)]).toEqual([30, 6]);
    });

    it('adds the fee for the request', () => {
      expect(book.costOf({ inputTokens: 0, outputTokens: 0 }, { provider: 'perplexity', model: 'sonar' }).parts).toEqual({ request: 12_000_000 });
    });
  });

  it('has no price for what is not charged by the token', () => {
    expect(statusOf('xai/grok-voice-latest')).toBe('unknown');
  });

  it('keeps what it found of two targets apart, whatever their names', () => {
    const own = createPriceBook({ prices: { 'a/b': { input: 1, output: 1 }, 'a/bc': { input: 2, output: 2 } } });
    expect([usdOf('a/bc', {}, usage, own), usdOf('a/b', { model: 'c' }, usage, own), usdOf('a/bc', {}, usage, own)]).toEqual([2, 1, 2]);
  });

  it('does not read a name of a megabyte', () => {
    const startedAt = performance.now();
    for (let at = 0; at < 20; at++) expect(usdOf(`openai/${'gpt-5-'.repeat(200_000)}${at}`)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
