import { GoogleGenAI } from '@google/genai';
import { GoogleGenerativeAI } from '@google/generative-ai';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { anthropic } from '../../src/providers/anthropic.js';
import { google } from '../../src/providers/google.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import { openai } from '../../src/providers/openai.js';
import { fakeServer, type FakeServer } from '../../src/testing/fake-server.js';
import type { ProviderAdapter } from '../../src/types/adapter.js';
import { context, embed, thrownBy } from './support.js';

const apiKey = 'sk-test';
const inputs = (count: number): string[] => Array.from({ length: count }, (_, index) => `text ${index}`);

const WAYS: readonly (readonly [string, (server: FakeServer) => ProviderAdapter])[] = [
  ['openai, key', ({ baseUrls }) => openai({ apiKey, baseUrl: baseUrls.openai })],
  ['openai, client', ({ baseUrls }) => openai({ client: new OpenAI({ apiKey, baseURL: baseUrls.openai }) })],
  ['google, key', ({ baseUrls }) => google({ apiKey, baseUrl: baseUrls.google })],
  ['google, @google/genai', ({ url }) => google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } }) })],
  ['google, @google/generative-ai', ({ baseUrls }) => google({ client: new GoogleGenerativeAI(apiKey), baseUrl: baseUrls.google })],
  ['compatible', ({ baseUrls }) => openaiCompatible({ name: 'own', baseUrl: baseUrls.openai })],
];

describe.each(WAYS)('%s', (_name, make) => {
  test('gives one vector for each input, in their order', async () => {
    await using server = await fakeServer();
    server.reply({ embeddings: [[1, 0], [0, 1], [1, 1]], usage: { inputTokens: 9, outputTokens: 0 } });
    const adapter = make(server);
    const asked = context();
    const response = await embed(adapter, inputs(3), asked);
    expect(response.embeddings).toEqual([[1, 0], [0, 1], [1, 1]]);
    expect(asked.sentTimes).toBe(1);
    expect(asked.facts).toHaveLength(1);
    expect(server.calls[0]?.text).toContain('text 2');
    await adapter.close?.();
  });
});

describe('more inputs than one request may hold', () => {
  test.each([
    ['openai', ({ baseUrls }: FakeServer) => openai({ apiKey, baseUrl: baseUrls.openai }), 2048],
    ['google', ({ baseUrls }: FakeServer) => google({ apiKey, baseUrl: baseUrls.google }), 100],
    ['alibaba', ({ baseUrls }: FakeServer) => openaiCompatible({ preset: 'alibaba', apiKey, baseUrl: baseUrls.openai }), 10],
    ['a limit of one’s own', ({ baseUrls }: FakeServer) => openaiCompatible({ name: 'own', baseUrl: baseUrls.openai, maxEmbeddingInputs: 3 }), 3],
  ] as const)('%s: are split at its limit', async (name, make, limit) => {
    await using server = await fakeServer();
    const vectors = (count: number, base: number): number[][] => Array.from({ length: count }, (_, index) => [base + index, 1]);
    server.reply({ embeddings: vectors(limit, 0), usage: { inputTokens: 100, outputTokens: 0 } }, { embeddings: vectors(2, limit), usage: { inputTokens: 11, outputTokens: 0 } });
    const adapter = make(server);
    const asked = context();
    const response = await embed(adapter, inputs(limit + 2), asked);
    expect(response.embeddings.map(([first]) => first)).toEqual(Array.from({ length: limit + 2 }, (_, index) => index));
    if (name !== 'google') expect(response.usage).toEqual({ inputTokens: 111, outputTokens: 0 });
    expect(server.calls).toHaveLength(2);
    expect(asked.sentTimes).toBe(1);
    await adapter.close?.();
  });

  test('the first failure ends it, and tells that earlier requests were paid for', async () => {
    await using server = await fakeServer();
    server.reply({ embeddings: [[1], [2]] }, { error: 'provider_rate_limit', retryAfterMs: 2000 });
    const adapter = openaiCompatible({ name: 'own', baseUrl: server.baseUrls.openai, maxEmbeddingInputs: 2 });
    expect(await thrownBy(embed(adapter, inputs(6)))).toMatchObject({ code: 'provider_rate_limit', certainty: 'started', retryAfterMs: 2000, status: 429 });
    expect(server.calls).toHaveLength(2);
    await adapter.close?.();
  });
});

test('dimensions and provider options reach the wire', async () => {
  await using server = await fakeServer();
  server.always({ embeddings: [[1]] });
  const first = google({ apiKey, baseUrl: server.baseUrls.google });
  const second = openai({ apiKey, baseUrl: server.baseUrls.openai });
  const request = { model: 'any', input: ['a'], dimensions: 64, providerOptions: { google: { taskType: 'RETRIEVAL_QUERY' }, openai: { user: 'u' } } };
  await first.embed?.(request, context());
  await second.embed?.(request, context());
  expect(server.calls.map((call) => call.body)).toEqual([
    { requests: [{ model: 'models/test-model', content: { parts: [{ text: 'a' }] }, outputDimensionality: 64, taskType: 'RETRIEVAL_QUERY' }] },
    { model: 'test-model', input: ['a'], dimensions: 64, user: 'u' },
  ]);
  await first.close?.();
  await second.close?.();
});

describe('an answer that does not fit the inputs is an invalid response', () => {
  const item = (index: unknown, embedding: unknown): unknown => ({ object: 'embedding', index, embedding });
  test.each([
    ['none', {}],
    ['no list', { data: 'x' }],
    ['too few', { data: [item(0, [1])] }],
    ['too many', { data: [item(0, [1]), item(1, [1]), item(2, [1])] }],
    ['two of one', { data: [item(0, [1]), item(0, [1])] }],
    ['an index beyond', { data: [item(0, [1]), item(7, [1])] }],
    ['an index below', { data: [item(-1, [1]), item(0, [1])] }],
    ['a broken index', { data: [item(0.5, [1]), item(1, [1])] }],
    ['a null', { data: [null, item(1, [1])] }],
    ['no numbers', { data: [item(0, ['a']), item(1, [1])] }],
    ['an empty vector', { data: [item(0, []), item(1, [1])] }],
    ['text that is not base64', { data: [item(0, '***'), item(1, [1])] }],
  ])('%s', async (_what, wire) => {
    const adapter = openai({ apiKey, fetch: async () => Response.json(wire) });
    expect(await thrownBy(embed(adapter, ['a', 'b']))).toMatchObject({ code: 'invalid_response', name: 'ProviderError' });
  });

  test.each([{}, { embeddings: [] }, { embeddings: [{ values: [1] }] }, { embeddings: [{ values: [1] }, {}] }, null, []])('%j from Google', async (wire) => {
    const adapter = google({ apiKey, fetch: async () => Response.json(wire) });
    expect(await thrownBy(embed(adapter, ['a', 'b']))).toMatchObject({ code: 'invalid_response', name: 'ProviderError' });
  });
});

test('vectors out of order, and in base64, come back in the order of the inputs', async () => {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(new Float32Array([0.5, -2]).buffer)));
  const adapter = openai({ apiKey, fetch: async () => Response.json({ data: [{ index: 1, embedding: [3, 4] }, { index: 0, embedding: base64 }], model: 'e' }) });
  expect(await embed(adapter, ['a', 'b'])).toEqual({ model: 'e', embeddings: [[0.5, -2], [3, 4]] });
});

test('a provider without embeddings has no embed', () => {
  expect('embed' in anthropic({ apiKey })).toBe(false);
  expect('embed' in openaiCompatible({ preset: 'groq', apiKey })).toBe(false);
});

test('embedding through a Vertex AI client is refused with nothing sent', async () => {
  let asked = 0;
  const count = async (): Promise<never> => { asked++; throw new Error('asked'); };
  const client = { vertexai: true, models: { generateContent: count, generateContentStream: count, embedContent: count } };
  expect(await thrownBy(embed(google({ client }), ['a']))).toMatchObject({ code: 'unsupported', certainty: 'not_sent' });
  expect(asked).toBe(0);
});
