import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimateTokens } from '../../src/tokens/estimate-tokens.js';
import { createTokenCounter, type TokenCounter } from '../../src/tokens/tiktoken.js';
import { exchangeRows, haveFixtures, loadExchange } from '../support/fixtures.js';
import { HOSTILE } from './hostile.js';
import { LANGUAGE_TEXTS, seeded, TEXTS } from './texts.js';

const MODELS = { o200k_base: 'openai/gpt-5', cl100k_base: 'openai/gpt-4' } as const;

let o200k: TokenCounter;
let cl100k: TokenCounter;
beforeAll(async () => {
  [o200k, cl100k] = await Promise.all([createTokenCounter({ encoding: 'o200k_base' }), createTokenCounter({ encoding: 'cl100k_base' })]);
});

/** Of estimate over count, in order. `expected`: of all texts together. */
function compare(texts: Iterable<string>, counter: TokenCounter): { readonly cautious: readonly number[]; readonly expected: number } {
  const cautious: number[] = [];
  let [counted, guessed] = [0, 0];
  for (const text of texts) {
    const tokens = counter.count(text);
    const estimate = estimateTokens(text, MODELS[counter.encoding]);
    cautious.push(estimate.cautious / tokens);
    counted += tokens;
    guessed += estimate.expected;
  }
  return { cautious: cautious.toSorted((one, other) => one - other), expected: guessed / counted };
}

const middle = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? Number.NaN;
const under = (sorted: readonly number[]): number => sorted.filter((ratio) => ratio < 1).length / sorted.length;

function* manyTexts(number: number): Generator<string> {
  const random = seeded(20_261_120);
  const kinds = [...Object.values(TEXTS), ...Object.values(LANGUAGE_TEXTS)];
  for (let at = 0; at < number; at++) yield (kinds[at % kinds.length] ?? (() => ''))(random, 100 * 20 ** random());
}

describe('an estimate of a text', () => {
  it('is not below the count for 995 of 1,000 of 10,000 texts in all scripts, and the median is at most 20 % above', { timeout: 60_000 }, () => {
    const { cautious } = compare(manyTexts(10_000), o200k);
    expect(under(cautious)).toBeLessThan(0.005);
    expect(middle(cautious)).toBeLessThan(1.2);
  });

  it('is not below the count of the older vocabulary either, for 9 of 10', { timeout: 60_000 }, () => {
    const { cautious } = compare(manyTexts(4000), cl100k);
    expect(under(cautious)).toBeLessThan(0.1);
    expect(middle(cautious)).toBeLessThan(1.3);
  });

  it.each(Object.keys(TEXTS))('is in the sum within 20 %% of the count, as expected, for this kind of text: %s', (kind) => {
    const random = seeded(5);
    const make = TEXTS[kind] ?? (() => '');
    const { expected } = compare(Array.from({ length: 60 }, () => make(random, 1000)), o200k);
    expect(expected).toBeGreaterThan(0.8);
    expect(expected).toBeLessThan(1.2);
  });

  it.skipIf(!haveFixtures)('is rarely below the count of what models have written, which nothing here was fitted to alone', () => {
    const texts = exchangeRows()
      .filter(({ status }) => status === 200)
      .map((row) => loadExchange(row).expected)
      .flatMap(({ text, reasoning }) => [text, reasoning])
      .filter((text) => text !== undefined && text.length >= 40);
    const { cautious, expected } = compare(new Set(texts as string[]), o200k);
    expect(cautious.length).toBeGreaterThan(300);
    expect(under(cautious)).toBeLessThan(0.03);
    expect(middle(cautious)).toBeLessThan(1.3);
    expect(Math.abs(expected - 1)).toBeLessThan(0.15);
  });

  it('is 0 for no text, and at least 1 for any', () => {
    expect(estimateTokens('')).toEqual({ expected: 0, cautious: 0 });
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const { expected, cautious } = estimateTokens(text);
      return Number.isInteger(expected) && expected >= 1 && Number.isInteger(cautious) && cautious >= expected;
    }));
  });

  it('does not depend on what was estimated before', () => {
    const first = estimateTokens('Ordinary words, 123 and 汉字 한국어.');
    for (const make of Object.values(HOSTILE)) estimateTokens(make(1000));
    expect(estimateTokens('Ordinary words, 123 and 汉字 한국어.')).toEqual(first);
  });

  it('knows that gpt-4 needs more tokens than gpt-5 for most languages', () => {
    const greek = LANGUAGE_TEXTS['Greek']?.(seeded(1), 500) ?? '';
    expect(estimateTokens(greek, 'openai/gpt-4').expected).toBeGreaterThan(1.5 * estimateTokens(greek, 'openai/gpt-5').expected);
  });

  it.each(Object.keys(HOSTILE))('takes no time to speak of for a megabyte of %s', (shape) => {
    const text = HOSTILE[shape]?.(1_000_000) ?? '';
    const before = performance.now();
    estimateTokens(text);
    expect(performance.now() - before).toBeLessThan(1000); // 2 to 15 ms where nothing else runs; see bench
  });
});
