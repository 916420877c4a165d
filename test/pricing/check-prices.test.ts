import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { createPriceBook, type UnknownPrice } from '../../src/pricing/price-book.js';
import type { PriceTable } from '../../src/types/price.js';

// What plain JavaScript, or a file of JSON, may hand over.
const make = (prices: unknown): unknown => createPriceBook({ prices: prices as PriceTable });
const rates = (more: object): unknown => make({ 'x/y': { input: 1, output: 2, ...more } });

describe('a wrong price', () => {
  it.each<[string, () => unknown, string]>([
    ['a rate below zero', () => rates({ input: -1 }), "prices['x/y'].input: wanted USD per million tokens, 0 or more, got -1"],
    ['a rate that is no number', () => rates({ output: '2' }), "prices['x/y'].output: wanted USD per million tokens, 0 or more, got string"],
    ['NaN', () => rates({ cacheRead: Number.NaN }), "prices['x/y'].cacheRead: wanted USD per million tokens, 0 or more, got NaN"],
    ['infinity', () => rates({ reasoning: Infinity }), "prices['x/y'].reasoning: wanted USD per million tokens, 0 or more, got Infinity"],
    ['no input rate', () => make({ 'x/y': { output: 1 } }), "prices['x/y'].input: wanted USD per million tokens, got undefined"],
    ['a misspelt rate', () => rates({ cachedRead: 1 }), "prices['x/y']: 'cachedRead' is none of input, output"],
    ['a fee below zero', () => rates({ perRequestUsd: -1 }), "prices['x/y'].perRequestUsd: wanted USD, 0 or more, got -1"],
    ['tiers that are no list', () => rates({ tiers: {} }), "prices['x/y'].tiers: wanted a list such as"],
    ['a tier without a threshold', () => rates({ tiers: [{ input: 1 }] }), "prices['x/y'].tiers[0].aboveInputTokens: wanted a whole number of tokens, got undefined"],
    ['a wrong rate in a tier', () => rates({ tiers: [{ aboveInputTokens: 1, output: -1 }] }), "prices['x/y'].tiers[0].output: wanted USD"],
    ['a wrong factor', () => rates({ serviceTiers: { batch: -0.5 } }), "prices['x/y'].serviceTiers['batch']: wanted a factor, 0 or more, got -0.5"],
    ['a wrong rate of a service tier', () => rates({ serviceTiers: { batch: { input: '1' } } }), "prices['x/y'].serviceTiers['batch'].input: wanted USD"],
    ['a name without a provider', () => make({ 'gpt-5': { input: 1, output: 1 } }), "prices['gpt-5']: wanted a name such as 'openai/gpt-5' or 'openai/*'"],
    ['a name that is __proto__', () => make(JSON.parse('{"__proto__": {"input": 1, "output": 1}}')), "prices['__proto__']: wanted a name such as"],
    ['a string that names no model', () => make({ 'x/y': 'gpt-5' }), "prices['x/y']: wanted a model of the catalogue to charge like, such as 'openai/gpt-5', got 'gpt-5'"],
    ['a model that should be charged like all models', () => make({ 'x/y': 'openai/*' }), "prices['x/y']: wanted a model of the catalogue"],
    ['null', () => make({ 'x/y': null }), "prices['x/y']: wanted rates such as { input: 1.25, output: 10 }, or the name of a model of the catalogue, got null"],
    ['a table that is a list', () => make([]), "prices: wanted a table such as { 'openai/gpt-5': { input: 1.25, output: 10 } }, got object"],
    ['a wrong assumption', () => createPriceBook({ unknownPrice: { assume: { input: 1, output: -1 } } }), 'unknownPrice.assume.output: wanted USD per million tokens, 0 or more, got -1'],
    ['an unknown policy', () => createPriceBook({ unknownPrice: 'ignore' as UnknownPrice }), "unknownPrice: wanted 'warn', 'reject' or { assume: { input, output } }, got string"],
  ])('is refused at once, by its name: %s', (_what, configure, message) => {
    expect(configure).toThrow(ConfigError);
    expect(configure).toThrow(message);
  });

  it('of one call is refused when it is first seen', () => {
    expect(() => createPriceBook().costOf({ inputTokens: 1, outputTokens: 1 }, { provider: 'x', model: 'y' }, { prices: { 'x/y': { input: -1, output: 1 } } })).toThrow("prices['x/y'].input");
  });
});

describe('a right price', () => {
  it('may say everything there is to say', () => {
    const prices: PriceTable = {
      'x/y': { input: 1, output: 2, cacheRead: 0, perRequestUsd: 0.01, tiers: [{ aboveInputTokens: 200_000, input: 2 }], serviceTiers: { batch: 0.5, gold: { output: 4 } } },
      'x/*': 'openai/*',
      'y/a/b': 'openai/gpt-5',
    };
    expect(() => createPriceBook({ prices, unknownPrice: 'reject' })).not.toThrow();
  });
});
