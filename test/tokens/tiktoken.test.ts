import fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import cl100kRanks from 'js-tiktoken/ranks/cl100k_base';
import o200kRanks from 'js-tiktoken/ranks/o200k_base';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConfigError } from '../../src/errors.js';
import { endOfCl100kPiece, endOfO200kPiece } from '../../src/tokens/pieces.js';
import { createTokenCounter, type Encoding, type TokenCounter } from '../../src/tokens/tiktoken.js';
import { HOSTILE } from './hostile.js';
import { LANGUAGE_TEXTS, seeded, TEXTS } from './texts.js';

/** Of which texts are made where rules meet. */
const PIECES = ['a', 'B', 'é', 'É', 'ǅ', 'ʰ', 'ª', '中', 'か', '\u0301', '\u0e34', "'s", "'LL", "'x", '’', '1', '٣', '½', ' ', '  ', '\t', '\n', '\r\n', '\u00a0', '\u2003', '\ufeff', '.', '/', '_', '😀', '\u200d', '\ud83d', '\udc00', '<|endoftext|>'];
const RANKS = { o200k_base: o200kRanks, cl100k_base: cl100kRanks } as const;

describe.each(['o200k_base', 'cl100k_base'] as const)('a counter for %s', (encoding) => {
  let counter: TokenCounter;
  let reference: Tiktoken;
  const same = (text: string): boolean => JSON.stringify(counter.encode(text)) === JSON.stringify(reference.encode(text, [], [])) && counter.count(text) === counter.encode(text).length;
  beforeAll(async () => {
    counter = await createTokenCounter({ encoding });
    reference = new Tiktoken(RANKS[encoding]);
  }, 60_000);

  it('gives the tokens that js-tiktoken gives, for thousands of texts of every kind and language', { timeout: 60_000 }, () => {
    const random = seeded(3);
    const kinds = { ...TEXTS, ...LANGUAGE_TEXTS };
    for (const [kind, make] of Object.entries(kinds)) {
      for (let at = 0; at < 60; at++) {
        const text = make(random, 5 + random() * 200);
        if (!same(text)) expect.fail(`${kind}: ${JSON.stringify(text)}`);
      }
    }
  });

  it('gives the same tokens where the rules of the pattern meet: case, marks, digits, endings, white space', { timeout: 60_000 }, () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (parts) => same(parts.join(''))), { numRuns: 5000 });
  });

  it('splits text where the pattern of the vocabulary does', () => {
    const end = encoding === 'o200k_base' ? endOfO200kPiece : endOfCl100kPiece;
    const pattern = new RegExp(RANKS[encoding].pat_str, 'ug');
    fc.assert(fc.property(fc.oneof(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join('')), fc.string({ unit: 'binary' })), (text) => {
      const found: string[] = [];
      for (let at = 0; at < text.length; ) {
        const until = end(text, at);
        found.push(text.slice(at, until));
        at = until;
      }
      return JSON.stringify(found) === JSON.stringify(text.match(pattern) ?? []);
    }), { numRuns: 5000 });
  });

  it('gives the same tokens for long words of few letters, where many merges are of one rank', { timeout: 60_000 }, () => {
    const random = seeded(11);
    for (let round = 0; round < 400; round++) {
      const letters = Array.from({ length: 2 + Math.floor(random() * 3) }, () => 'aeionrstlhABé中ंक'.charAt(Math.floor(random() * 16)));
      const text = Array.from({ length: 25 + Math.floor(random() * 60) }, () => letters[Math.floor(random() * letters.length)]).join('');
      if (!same(text)) expect.fail(JSON.stringify(text));
    }
  });

  it('gives the same tokens for a run of one character', () => {
    for (const character of ['a', ' ', '^', '中', '\n', '/', '\u0301']) expect(same(character.repeat(300))).toBe(true);
  });

  it('counts a run of more than 8 KiB without a break in parts, with at most two tokens more for each', () => {
    for (const character of ['a', ' ', '^', '中']) {
      const [part, whole] = [counter.count(character.repeat(2000)), counter.count(character.repeat(200_000))];
      const parts = (200_000 * Buffer.byteLength(character)) / 8188;
      expect(Math.abs(whole - part * 100)).toBeLessThanOrEqual(2 * parts + 100); // a last token of each run of 2,000 may be cut short too
    }
  });

  it.each(Object.keys(HOSTILE))('takes no time to speak of for a megabyte of %s', (shape) => {
    const text = HOSTILE[shape]?.(1_000_000) ?? '';
    const before = performance.now();
    expect(counter.count(text)).toBeGreaterThan(1000);
    expect(performance.now() - before).toBeLessThan(3000); // 15 to 130 ms where nothing else runs; see bench
  });

  it('takes special tokens and half characters for plain text', () => {
    expect(counter.count('<|endoftext|>')).toBeGreaterThan(5);
    expect(counter.encode('\ud800')).toEqual(counter.encode('\ufffd'));
  });
});

describe('createTokenCounter', () => {
  it.each<[string, Encoding]>([
    ['gpt-4o', 'o200k_base'], ['gpt-4.1-mini-2025-04-14', 'o200k_base'], ['openai/gpt-5', 'o200k_base'], ['gpt-5.2-codex', 'o200k_base'], ['o3-pro', 'o200k_base'], ['openai/gpt-oss-20b', 'o200k_base'], ['ft:gpt-4o-mini:acme', 'o200k_base'],
    ['gpt-4', 'cl100k_base'], ['gpt-4-turbo', 'cl100k_base'], ['gpt-35-turbo', 'cl100k_base'], ['gpt-3.5-turbo-0125', 'cl100k_base'], ['text-embedding-3-small', 'cl100k_base'],
  ])('knows the encoding of %s', async (model, encoding) => {
    expect((await createTokenCounter({ model })).encoding).toBe(encoding);
  });

  it.each(['claude-sonnet-4-5', 'google/gemini-2.5-pro', 'text-davinci-003', 'gpt-42', '', 'my-deployment'])("throws a ConfigError for a model whose vocabulary it does not know: '%s'", async (model) => {
    await expect(createTokenCounter({ model })).rejects.toThrow(expect.objectContaining({ code: 'config' } satisfies Partial<ConfigError>));
  });

  it('throws a ConfigError for an encoding that is none', async () => {
    await expect(createTokenCounter({ encoding: 'p50k_base' as Encoding })).rejects.toThrow('encoding: wanted o200k_base or cl100k_base, got p50k_base'); // from a program without types
  });
});

describe('a counted request', () => {
  const ask = (content: string) => [{ role: 'user', content }] as const;

  it('has what OpenAI bills around each message and before the answer', async () => {
    const { countRequest, countMessage, count } = await createTokenCounter({ model: 'gpt-4o' });
    expect(countRequest({ messages: ask('Hi') })).toBe(8); // 3 and the role, the word, 3 for the answer
    expect(countMessage({ role: 'user', content: 'Hi' })).toBe(5);
    expect(countRequest({ messages: [{ role: 'system', content: 'Be brief.' }, ...ask('Why?')] })).toBe(3 + 4 + count('Be brief.') + 4 + count('Why?'));
  });

  it('has its tools, in the rendering that OpenAI documents', async () => {
    const { countRequest, count } = await createTokenCounter({ model: 'gpt-4o' });
    const tool = { name: 'weather', description: 'The weather in a city.', parameters: { type: 'object', properties: { city: { type: 'string', description: 'Its name.' }, unit: { type: 'string', enum: ['c', 'f'] } } } };
    const words = count('weather:The weather in a city') + count('city:string:Its name') + count('unit:string:') + count('c') + count('f');
    expect(countRequest({ messages: ask('Hi'), tools: [tool] })).toBe(8 + 12 + 7 + 3 + 3 + 3 - 3 + 3 + 3 + words);
  });

  it('may hold anything: schemas without end, and values that are no JSON', async () => {
    const { countRequest } = await createTokenCounter({ model: 'gpt-4o' });
    const circle: Record<string, unknown> = { type: 'object', properties: {} };
    (circle['properties'] as Record<string, unknown>)['self'] = circle;
    const content = [{ type: 'tool-call', id: '1', name: 'f', input: circle }, { type: 'opaque', provider: 'x', kind: 'y', data: circle }];
    const request = { messages: [{ role: 'assistant', content }], tools: [{ name: 'f', parameters: circle }], output: { type: 'json', schema: circle } };
    expect(countRequest(request as unknown as Parameters<typeof countRequest>[0])).toBeGreaterThan(0); // not a request that types allow
  });
});
