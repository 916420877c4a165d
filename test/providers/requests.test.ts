import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import { anthropic } from '../../src/providers/anthropic.js';
import { google } from '../../src/providers/google.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import { openai } from '../../src/providers/openai.js';
import { fakeServer, type FakeServer } from '../../src/testing/fake-server.js';
import type { ProviderAdapter } from '../../src/types/adapter.js';
import { chat, collect, context, embed, stream, thrownBy } from './support.js';

const apiKey = 'sk-test';

/** What reached the server when the adapter was asked once. */
async function requestOf(make: (server: FakeServer) => ProviderAdapter, asked = context(), streaming = false): Promise<FakeServer['calls'][number]> {
  await using server = await fakeServer();
  server.always('Hello');
  const adapter = make(server);
  await (streaming ? collect(stream(adapter, asked)) : chat(adapter, asked));
  await adapter.close?.();
  const [call] = server.calls;
  if (call === undefined) throw new Error('nothing reached the server');
  return call;
}

describe('the key goes where the vendor wants it', () => {
  test('openai: a bearer token, with organization and project', async () => {
    const { path, headers } = await requestOf(({ baseUrls }) => openai({ apiKey, baseUrl: baseUrls.openai, organization: 'org', project: 'proj' }));
    expect(path).toBe('/v1/responses');
    expect(headers).toMatchObject({ authorization: 'Bearer sk-test', 'openai-organization': 'org', 'openai-project': 'proj', 'content-type': 'application/json', accept: 'application/json' });
  });

  test('anthropic: x-api-key, with the version of the wire', async () => {
    const { path, headers } = await requestOf(({ baseUrls }) => anthropic({ apiKey, baseUrl: baseUrls.anthropic }));
    expect(path).toBe('/v1/messages');
    expect(headers).toMatchObject({ 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01' });
    expect(headers['authorization']).toBeUndefined();
  });

  test('google: x-goog-api-key', async () => {
    const { path, headers } = await requestOf(({ baseUrls }) => google({ apiKey, baseUrl: baseUrls.google }), context({ model: 'gemini-x' }), true);
    expect(path).toBe('/v1beta/models/gemini-x:streamGenerateContent?alt=sse');
    expect(headers).toMatchObject({ 'x-goog-api-key': 'sk-test', accept: 'text/event-stream' });
  });

  test('a server that asks for none gets none', async () => {
    const { headers } = await requestOf(({ baseUrls }) => openaiCompatible({ name: 'own', baseUrl: baseUrls.openai }));
    expect(headers['authorization']).toBeUndefined();
  });
});

describe('azure', () => {
  const azure = (options: { readonly apiVersion?: string }, path: string) => ({ url }: FakeServer): ProviderAdapter => openaiCompatible({ preset: 'azure', apiKey, baseUrl: `${url}${path}`, ...options });

  test('the v1 API names the model in the body and needs no version', async () => {
    const { path, headers } = await requestOf(azure({}, '/openai/v1'));
    expect(path).toBe('/openai/v1/chat/completions');
    expect(headers['api-key']).toBe('sk-test');
    expect(headers['authorization']).toBeUndefined();
  });

  test('a version chooses the paths with a deployment in them', async () => {
    expect((await requestOf(azure({ apiVersion: '2024-10-21' }, '/openai'), context({ model: 'my-gpt' }))).path).toBe('/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21');
    expect((await requestOf(azure({ apiVersion: '2024-10-21' }, '/openai/deployments/fixed'))).path).toBe('/openai/deployments/fixed/chat/completions?api-version=2024-10-21');
    expect((await requestOf(azure({ apiVersion: 'preview' }, '/openai/v1'))).path).toBe('/openai/v1/chat/completions?api-version=preview');
  });

  test('its client writes deployment and version itself', async () => {
    const { path, headers } = await requestOf(({ url }) => openai({ client: new AzureOpenAI({ apiKey, endpoint: url, apiVersion: '2024-10-21' }), api: 'chat' }), context({ model: 'my-gpt' }));
    expect(path).toBe('/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21');
    expect(headers['api-key']).toBe('sk-test');
  });
});

describe('credentials', () => {
  test('are the names of the keys, and a call chooses one', async () => {
    await using server = await fakeServer();
    server.always('Hello');
    const adapter = openai({ apiKeys: { first: 'sk-1', second: async () => 'sk-2' }, baseUrl: server.baseUrls.openai });
    expect(adapter.credentials).toEqual(['first', 'second']);
    await chat(adapter);
    await chat(adapter, context({ credential: 'second' }));
    expect(server.calls.map((call) => call.headers['authorization'])).toEqual(['Bearer sk-1', 'Bearer sk-2']);
    expect(await thrownBy(chat(adapter, context({ credential: 'third' })))).toMatchObject({ code: 'invalid_request', message: 'credential: openai has no key named "third"; it has first, second' });
    expect(server.calls).toHaveLength(2);
    await adapter.close?.();
  });

  test('are not there with one key', () => {
    expect('credentials' in openai({ apiKey })).toBe(false);
  });

  test('a key function is asked for every request', async () => {
    await using server = await fakeServer();
    server.always('Hello');
    let turn = 0;
    const adapter = openai({ apiKey: () => `sk-${++turn}`, baseUrl: server.baseUrls.openai });
    await chat(adapter);
    await collect(stream(adapter));
    expect(server.calls.map((call) => call.headers['authorization'])).toEqual(['Bearer sk-1', 'Bearer sk-2']);
    await adapter.close?.();
  });
});

test('headers of the options go with every request, those of the call over them, the key over both', async () => {
  const { headers } = await requestOf(
    ({ baseUrls }) => openai({ apiKey, baseUrl: baseUrls.openai, headers: { 'X-Team': 'blue', 'X-App': 'shop' } }),
    context({ headers: { 'x-team': 'red', authorization: 'Bearer other' } }),
  );
  expect(headers).toMatchObject({ 'x-team': 'red', 'x-app': 'shop', authorization: 'Bearer sk-test', 'user-agent': 'headgate' });
});

test('a client keeps its own headers, host and key', async () => {
  const { headers, path } = await requestOf(({ url }) => anthropic({ client: new Anthropic({ apiKey, baseURL: `${url}/proxy`, defaultHeaders: { 'x-team': 'blue' } }) }));
  expect(path).toBe('/proxy/v1/messages');
  expect(headers).toMatchObject({ authorization: 'Bearer sk-test', 'x-team': 'blue' });
});

test("a compatible server is reached through the openai package's client too", async () => {
  const { path, body } = await requestOf(({ url }) => openaiCompatible({ preset: 'mistral', client: new OpenAI({ apiKey, baseURL: `${url}/v1` }) }));
  expect(path).toBe('/v1/chat/completions');
  expect(body).toMatchObject({ model: 'test-model' });
});

test('a model name cannot climb out of the base URL', async () => {
  await using server = await fakeServer();
  const adapter = google({ apiKey, baseUrl: server.baseUrls.google });
  for (const model of ['../../admin', 'tunedModels/../x', '..']) {
    expect(await thrownBy(chat(adapter, context({ model }))), model).toMatchObject({ code: 'invalid_request' });
  }
  expect(server.calls).toHaveLength(0);
  await adapter.close?.();
});

test('a request that JSON cannot hold is refused before anything is sent', async () => {
  await using server = await fakeServer();
  const adapter = openai({ apiKey, baseUrl: server.baseUrls.openai });
  const request = { model: 'any', messages: [{ role: 'user' as const, content: 'Hi' }], providerOptions: { openai: { metadata: { id: 5n as never } } } };
  expect(await thrownBy(chat(adapter, context(), request))).toMatchObject({ code: 'invalid_request' });
  expect(server.calls).toHaveLength(0);
  await adapter.close?.();
});

test('a closed adapter sends nothing more', async () => {
  await using server = await fakeServer();
  server.always('Hello');
  const adapter = openai({ apiKey, baseUrl: server.baseUrls.openai });
  await chat(adapter);
  await adapter.close?.();
  await adapter.close?.();
  expect(await thrownBy(chat(adapter))).toMatchObject({ code: 'closed' });
  expect(await thrownBy(embed(adapter, ['a']))).toMatchObject({ code: 'closed' });
  expect(server.calls).toHaveLength(1);
});
