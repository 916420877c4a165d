import { GoogleGenAI } from '@google/genai';
import { GoogleGenerativeAI } from '@google/generative-ai';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { anthropic } from '../../src/providers/anthropic.js';
import { google } from '../../src/providers/google.js';
import { openai } from '../../src/providers/openai.js';
import { fakeServer } from '../../src/testing/fake-server.js';
import { chat, collect, context, delay, embed, stream, thrownBy, unhandledDuring } from './support.js';

const apiKey = 'sk-test';

describe('what a client throws before it sends', () => {
  test('a token that cannot be had: nothing was sent, and its words are not repeated', async () => {
    const client = new OpenAI({ apiKey: () => Promise.reject(new Error('no token for sk-secret')) });
    const error = await thrownBy(chat(openai({ client })));
    expect(error).toMatchObject({ name: 'ProviderError', code: 'authentication', certainty: 'not_sent', retryable: false });
    expect(JSON.stringify(error)).not.toContain('sk-secret');
  });

  test('nobody listens: a network error, nothing sent', async () => {
    const server = await fakeServer();
    await server.close();
    for (const adapter of [
      openai({ client: new OpenAI({ apiKey, baseURL: server.url }) }),
      anthropic({ client: new Anthropic({ apiKey, baseURL: server.url }) }),
      google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } }) }),
    ]) {
      expect(await thrownBy(chat(adapter)), adapter.name).toMatchObject({ code: 'network', certainty: 'not_sent' });
    }
  });
});

test("a client's own timeout is first_content_timeout", async () => {
  await using server = await fakeServer();
  server.always({ text: 'late', delayMs: 5000 });
  for (const adapter of [
    openai({ client: new OpenAI({ apiKey, baseURL: server.baseUrls.openai, timeout: 40 }) }),
    anthropic({ client: new Anthropic({ apiKey, baseURL: server.url, timeout: 40 }) }),
  ]) {
    expect(await thrownBy(chat(adapter)), adapter.name).toMatchObject({ code: 'first_content_timeout', certainty: 'possibly_billed' });
  }
  expect(server.calls).toHaveLength(2);
});

test('leaving the loop aborts the request, even where a client stands between us and the socket', async () => {
  let signal: AbortSignal | undefined;
  const event = `data: ${JSON.stringify({ id: '1', choices: [{ index: 0, delta: { content: 'Hi' } }] })}\n\n`;
  const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new TextEncoder().encode(event)) });
  const client = {
    post(_path: string, options: { readonly signal: AbortSignal }) {
      signal = options.signal;
      return { asResponse: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }) };
    },
  };
  for await (const { type } of stream(openai({ client, api: 'chat' }))) if (type === 'text-delta') break;
  expect(signal?.aborted).toBe(true);
});

describe('an error answer keeps what the dialect decides on', () => {
  const body = { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', param: null, code: 'insufficient_quota' } };

  test('openai unwraps the body, and it is wrapped again', async () => {
    await using server = await fakeServer();
    server.always({ status: 429, body });
    const error = await thrownBy(chat(openai({ client: new OpenAI({ apiKey, baseURL: server.baseUrls.openai }) })));
    expect(error).toMatchObject({ code: 'quota_exhausted', retryable: false, providerMessage: 'You exceeded your current quota' });
  });

  test('anthropic keeps it', async () => {
    await using server = await fakeServer();
    server.always({ status: 529, body: { type: 'error', error: { type: 'overloaded_error', message: 'busy' }, request_id: 'r' } });
    expect(await thrownBy(chat(anthropic({ client: new Anthropic({ apiKey, baseURL: server.url }) })))).toMatchObject({ code: 'overloaded', status: 529, providerMessage: 'busy' });
  });

  test('@google/generative-ai loses all but status, message and details, which are enough for a daily quota', async () => {
    await using server = await fakeServer();
    const details = [{ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: 'GenerateRequestsPerDayPerProject' }] }];
    server.always({ status: 429, body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'used up', details } } });
    const error = await thrownBy(chat(google({ client: new GoogleGenerativeAI(apiKey), baseUrl: server.baseUrls.google })));
    expect(error).toMatchObject({ code: 'quota_exhausted', status: 429 });
    expect((error as { readonly providerMessage?: string }).providerMessage).not.toContain('127.0.0.1');
  });
});

describe('@google/genai', () => {
  test('goes through the fetch the client was made with', async () => {
    await using server = await fakeServer();
    server.always('Hello');
    const urls: string[] = [];
    const own: typeof globalThis.fetch = (input, init) => {
      urls.push(String(input));
      return globalThis.fetch(input, init);
    };
    const adapter = google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url, fetch: own } }) });
    await chat(adapter);
    await collect(stream(adapter));
    expect(urls).toHaveLength(2);
  });

  test('sends one request even where the client is set to retry', async () => {
    await using server = await fakeServer();
    server.always({ error: 'overloaded' });
    const adapter = google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url, retryOptions: { attempts: 5, initialDelay: 0.01 } } }) });
    expect(await thrownBy(chat(adapter))).toMatchObject({ code: 'overloaded' });
    expect(await thrownBy(collect(stream(adapter)))).toMatchObject({ code: 'overloaded' });
    expect(server.calls).toHaveLength(2);
  });

  test('the body on the wire is ours alone', async () => {
    await using server = await fakeServer();
    server.always('Hello');
    const withClient = google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.url } }) });
    const withKey = google({ apiKey, baseUrl: server.baseUrls.google });
    const request = { model: 'any', messages: [{ role: 'user' as const, content: 'Hi' }], providerOptions: { google: { futureField: { deep: [1] } } }, maxTokens: 5 };
    await chat(withClient, context(), request);
    await chat(withKey, context(), request);
    expect(server.calls[0]?.body).toEqual(server.calls[1]?.body);
    await withKey.close?.();
  });

  test('gives the facts of its answers', async () => {
    const fetch = async (): Promise<Response> => Response.json({ candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] }, { headers: { 'x-goog-request-id': 'req-1' } });
    const asked = context();
    await chat(google({ client: new GoogleGenAI({ apiKey, httpOptions: { fetch } }) }), asked);
    expect(asked.facts).toMatchObject([{ status: 200, requestId: 'req-1' }]);
  });
});

test('@google/generative-ai leaves no rejected promise behind, however its stream fails', async () => {
  await using server = await fakeServer();
  const adapter = google({ client: new GoogleGenerativeAI(apiKey), baseUrl: server.baseUrls.google });
  const unhandled = await unhandledDuring(async () => {
    for (const ending of ['reset', 'close', 'malformed', 'hang'] as const) {
      server.reply({ text: ['one', 'two'], ending });
      const controller = new AbortController();
      if (ending === 'hang') setTimeout(() => controller.abort(new Error('enough')), 50);
      await thrownBy(collect(stream(adapter, context({ signal: controller.signal }))));
    }
    server.reply({ error: 'overloaded' });
    await thrownBy(embed(adapter, ['a']));
    await delay(50);
  });
  expect(unhandled).toEqual([]);
});

test('an abort just when the last byte has come settles', async () => {
  await using server = await fakeServer();
  server.always({ text: ['one', 'two'], write: 'whole' });
  const client = new GoogleGenerativeAI(apiKey);
  const adapters = [google({ client, baseUrl: server.baseUrls.google }), openai({ client: new OpenAI({ apiKey, baseURL: server.baseUrls.openai }) })];
  for (const adapter of adapters) {
    for (let round = 0; round < 20; round++) {
      const controller = new AbortController();
      const reading = collect(stream(adapter, context({ signal: controller.signal }))).catch((error: unknown) => error);
      await server.nextCall();
      setTimeout(() => controller.abort(new Error('enough')), round % 5);
      await reading;
    }
  }
});
