import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { GoogleGenerativeAI } from '@google/generative-ai';
import OpenAI from 'openai';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createGateway } from '../../src/gateway.js';
import { anthropic } from '../../src/providers/anthropic.js';
import { google } from '../../src/providers/google.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import { openai } from '../../src/providers/openai.js';
import { fakeServer } from '../../src/testing/fake-server.js';
import { chat, context, thrownBy } from './support.js';

const apiKey = 'sk-secret-0123456789';
const deep = { showHidden: true, depth: Infinity, showProxy: true, getters: true } as const;

describe('no inspection reaches a key', () => {
  test.each([
    ['openai', () => openai({ apiKey })],
    ['named keys', () => openai({ apiKeys: { first: apiKey, second: () => apiKey } })],
    ['secret headers', () => anthropic({ apiKey, headers: { 'x-proxy-key': apiKey } })],
    ['google', () => google({ apiKey })],
    ['compatible', () => openaiCompatible({ preset: 'azure', apiKey, resource: 'mine' })],
    ['an openai client', () => openai({ client: new OpenAI({ apiKey }) })],
    ['an anthropic client', () => anthropic({ client: new Anthropic({ apiKey }) })],
    ['a genai client', () => google({ client: new GoogleGenAI({ apiKey }) })],
    ['a generative-ai client', () => google({ client: new GoogleGenerativeAI(apiKey) })],
  ])('%s', (_name, make) => {
    const adapter = make();
    const gateway = createGateway({ providers: [adapter] });
    for (const value of [adapter, gateway]) {
      expect(inspect(value, deep)).not.toContain('sk-secret');
      expect(JSON.stringify(value) ?? '').not.toContain('sk-secret');
    }
  });
});

describe('no error holds a key', () => {
  test('not when the provider echoes it', async () => {
    await using server = await fakeServer();
    server.always({ error: 'authentication', message: `Incorrect API key provided: ${apiKey}` });
    for (const adapter of [openai({ apiKey, baseUrl: server.baseUrls.openai }), openai({ client: new OpenAI({ apiKey, baseURL: server.baseUrls.openai }) })]) {
      const error = await thrownBy(chat(adapter));
      expect(error).toMatchObject({ code: 'authentication' });
      expect(inspect(error, deep)).not.toContain('sk-secret');
      expect(JSON.stringify(error)).not.toContain('sk-secret');
      await adapter.close?.();
    }
  });

  test('not when a key function gives one that no header can carry', async () => {
    const adapter = openai({ apiKey: () => `${apiKey}\n`, baseUrl: 'http://127.0.0.1:9' });
    const error = await thrownBy(chat(adapter));
    expect(error).toMatchObject({ code: 'authentication', certainty: 'not_sent' });
    expect(inspect(error, deep)).not.toContain('sk-secret');
  });

  test('not when a key function fails with it', async () => {
    const adapter = openai({ apiKey: () => Promise.reject(new Error(`cannot renew ${apiKey}`)), baseUrl: 'http://127.0.0.1:9' });
    const error = await thrownBy(chat(adapter));
    expect(error).toMatchObject({ code: 'authentication', certainty: 'not_sent' });
    expect(inspect(error, deep)).not.toContain('sk-secret');
  });

  test('not when nobody listens at the base URL', async () => {
    const adapter = google({ apiKey, baseUrl: 'http://127.0.0.1:9/v1beta' });
    const error = await thrownBy(chat(adapter));
    expect(error).toMatchObject({ code: 'network', certainty: 'not_sent' });
    expect(inspect(error, deep)).not.toContain('sk-secret');
    await adapter.close?.();
  });
});

test('the Google key travels in a header and never in the URL', async () => {
  await using server = await fakeServer();
  server.always('Hello');
  for (const adapter of [google({ apiKey, baseUrl: server.baseUrls.google }), google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } }) })]) {
    await chat(adapter, context({ model: 'gemini-test' }));
    expect(server.calls.at(-1)?.path).toMatch(/^\/v1beta\/models\/gemini-test:generateContent$/);
    expect(server.calls.at(-1)?.headers['x-goog-api-key']).toBe(apiKey);
    await adapter.close?.();
  }
});
