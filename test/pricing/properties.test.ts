import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPriceBook } from '../../src/pricing/price-book.js';
import { MAX_TOKENS, splitUsage, TOKEN_PARTS } from '../../src/pricing/token-parts.js';
import type { Rates, TokenRates } from '../../src/types/price.js';
import type { Usage } from '../../src/types/usage.js';

const COUNTS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'cacheWriteLongTokens', 'reasoningTokens', 'audioInputTokens', 'audioOutputTokens', 'imageInputTokens', 'imageOutputTokens'] as const satisfies readonly (keyof Usage)[];

const tokens = fc.oneof(fc.nat(300), fc.nat(2_000_000), fc.nat());
const hostile = fc.oneof(tokens, fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, -1, 0.5, 2 ** 53, 1e300), fc.constant(undefined));
const usageOf = (count: fc.Arbitrary<number | undefined>): fc.Arbitrary<Usage> =>
  fc.record(Object.fromEntries(COUNTS.map((name) => [name, count])) as Record<(typeof COUNTS)[number], fc.Arbitrary<number>>); // a hostile usage breaks its own type

const rate = fc.oneof(fc.constantFrom(0, 0.15, 0.6, 1.25, 0.0375, 1 / 3), fc.double({ min: 0, max: 1000, noNaN: true }), fc.double({ min: 0, max: 1e9, noNaN: true }));
const tokenRates: fc.Arbitrary<TokenRates> = fc.record(
  { input: rate, output: rate, cacheRead: rate, cacheWrite: rate, cacheWriteLong: rate, reasoning: rate, audioInput: rate, audioOutput: rate, imageInput: rate, imageOutput: rate },
  { requiredKeys: ['input', 'output'] },
);
const anyRates: fc.Arbitrary<Rates> = fc.tuple(tokenRates, fc.option(fc.double({ min: 0, max: 10, noNaN: true })), fc.option(fc.tuple(fc.nat(2_000_000), tokenRates))).map(([base, fee, tier]) => ({
  ...base,
  ...(fee !== null && { perRequestUsd: fee }),
  ...(tier !== null && { tiers: [{ aboveInputTokens: tier[0], ...tier[1] }] }),
}));

const target = { provider: 'own', model: 'model' };
const catalogue = createPriceBook();
beforeAll(() => catalogue.load());

function nanoUsdOf(rates: Rates, usage: Usage): number {
  return createPriceBook({ prices: { 'own/*': rates } }).costOf(usage, target).nanoUsd ?? Number.NaN;
}

describe('a cost', () => {
  it('is a whole number of nano-USD, of parts that add up to it, for any usage and any rates', () => {
    fc.assert(
      fc.property(anyRates, usageOf(hostile), (rates, usage) => {
        const { nanoUsd, usd, parts } = createPriceBook({ prices: { 'own/*': rates } }).costOf(usage, target);
        const values = Object.values(parts);
        expect(values.every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true);
        expect(nanoUsd).toBe(values.reduce((sum, part) => sum + part, 0));
        expect(Number.isSafeInteger(nanoUsd)).toBe(true);
        expect(usd).toBe((nanoUsd ?? Number.NaN) / 1e9);
      }),
    );
  });

  it('is within a nano-USD of the exact sum', () => {
    fc.assert(
      fc.property(tokenRates, usageOf(fc.nat(2_000_000)), (rates, usage) => {
        const every = [rates.input, rates.cacheRead ?? rates.input, rates.cacheWrite ?? rates.input, rates.cacheWriteLong ?? rates.cacheWrite ?? rates.input, rates.audioInput ?? rates.input, rates.imageInput ?? rates.input, rates.output, rates.reasoning ?? rates.output, rates.audioOutput ?? rates.output, rates.imageOutput ?? rates.output];
        fc.pre(every.every((one) => one <= 1000));
        const exact = splitUsage(usage).reduce((sum, count, at) => sum + BigInt(count) * BigInt(Math.round((every[at] ?? 0) * 1e9)), 0n);
        const wanted = Number((exact + 500_000n) / 1_000_000n);
        expect(nanoUsdOf(rates, usage)).toBe(wanted);
      }),
    );
  });

  it('of disjoint kinds that add up to the totals, whatever the parts claim', () => {
    fc.assert(
      fc.property(usageOf(hostile), (usage) => {
        const parts = splitUsage(usage);
        const output = TOKEN_PARTS.indexOf('output');
        const total = (value: number): number => (value > 0 ? Math.round(Math.min(value, MAX_TOKENS)) : 0);
        const sum = (counts: readonly number[]): number => counts.reduce((one, other) => one + other, 0);
        expect(parts.every((part) => Number.isSafeInteger(part) && part >= 0)).toBe(true);
        expect(sum(parts.slice(0, output))).toBe(total(usage.inputTokens));
        expect(sum(parts.slice(output))).toBe(total(usage.outputTokens));
      }),
    );
  });

  it('never falls by more tokens of any kind, while a longer prompt is not cheaper per token', () => {
    fc.assert(
      fc.property(tokenRates, fc.option(fc.tuple(fc.nat(2_000_000), fc.double({ min: 1, max: 4, noNaN: true }))), usageOf(tokens), fc.constantFrom(...COUNTS), fc.nat(1_000_000), (base, tier, usage, kind, more) => {
        const dearer = tier && (Object.fromEntries(Object.entries(base).map(([name, value]) => [name, value * tier[1]])) as unknown as TokenRates); // the same names
        const rates: Rates = { ...base, ...(tier && dearer && { tiers: [{ aboveInputTokens: tier[0], ...dearer }] }) };
        // More of a part is more of its whole: a token that only moves from one kind to another may well get cheaper.
        const whole = kind === 'inputTokens' || kind.startsWith('cache') || kind.endsWith('InputTokens') ? 'inputTokens' : 'outputTokens';
        const counted = { ...usage, [whole]: usage[whole] + more };
        expect(nanoUsdOf(rates, counted)).toBeGreaterThanOrEqual(nanoUsdOf(rates, usage));
      }),
    );
  });

  it('of one more token of a kind, and of its total, is what that kind charges', () => {
    const rates = { input: 1000, cacheRead: 100, cacheWrite: 1250, cacheWriteLong: 2000, audioInput: 3000, imageInput: 4000, output: 5000, reasoning: 6000, audioOutput: 7000, imageOutput: 8000 };
    const base = { inputTokens: 10_000, outputTokens: 10_000 };
    const added = COUNTS.map((kind) => {
      const parts = kind === 'cacheWriteLongTokens' ? { cacheWriteTokens: 1, cacheWriteLongTokens: 1 } : kind === 'inputTokens' || kind === 'outputTokens' ? {} : { [kind]: 1 };
      const isOutput = ['outputTokens', 'reasoningTokens', 'audioOutputTokens', 'imageOutputTokens'].includes(kind);
      return nanoUsdOf(rates, { ...base, ...parts, ...(isOutput ? { outputTokens: 10_001 } : { inputTokens: 10_001 }) }) - nanoUsdOf(rates, base);
    });
    expect(Object.fromEntries(COUNTS.map((kind, at) => [kind, (added[at] ?? 0) / 1000]))).toEqual({
      inputTokens: 1000, outputTokens: 5000, cacheReadTokens: 100, cacheWriteTokens: 1250, cacheWriteLongTokens: 2000,
      reasoningTokens: 6000, audioInputTokens: 3000, audioOutputTokens: 7000, imageInputTokens: 4000, imageOutputTokens: 8000,
    });
  });

  it('is looked up without an error for any target, tier, date and usage', () => {
    const name = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('openai', 'azure', 'openrouter', 'huggingface', 'google', 'gpt-5', '__proto__', 'constructor', 'a/b:c', '\uD800'));
    fc.assert(
      fc.property(name, name, fc.option(name, { nil: undefined }), fc.option(name, { nil: undefined }), fc.option(fc.double(), { nil: undefined }), usageOf(hostile), (provider, model, answered, serviceTier, at, usage) => {
        const { usd, status } = catalogue.costOf(usage, { provider, model }, { model: answered, serviceTier, at });
        expect(usd === undefined).toBe(status === 'unknown');
      }),
    );
  });
});
