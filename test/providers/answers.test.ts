import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { anthropic } from '../../src/providers/anthropic.js';
import { google } from '../../src/providers/google.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import { openai } from '../../src/providers/openai.js';
import { fakeServer } from '../../src/testing/fake-server.js';
import { chat, collect, context, stream, textIn, thrownBy } from './support.js';

const apiKey = 'sk-test';

const COMPLETION = {
  id: 'chatcmpl-1', object: 'chat.completion', model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello', tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at":"sky"}' } }] }, finish_reason: 'tool_calls' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

/** An adapter whose provider answers with exactly this. */
function answering(body: string | null, headers: Record<string, string>, status = 200): ReturnType<typeof openai> {
  return openaiCompatible({ name: 'own', baseUrl: 'https://host/v1', fetch: async () => new Response(body, { status, headers }) });
}

describe('a server that was asked to stream and answers whole', () => {
  test('is read as the deltas that would have streamed it', async () => {
    const events = await collect(stream(answering(JSON.stringify(COMPLETION), { 'content-type': 'application/json' })));
    expect(textIn(events)).toBe('Hello');
    expect(events.map((event) => event.type)).toEqual(['start', 'text-delta', 'tool-call-start', 'tool-call-delta', 'tool-call-end', 'finish']);
    expect(events.at(-1)).toMatchObject({ finishReason: 'tool-calls', usage: { inputTokens: 3, outputTokens: 2 } });
  });

  test('is an error when that is what it says', async () => {
    const body = JSON.stringify({ error: { message: 'no', type: 'server_error', code: 'server_error' } });
    expect(await thrownBy(collect(stream(answering(body, { 'content-type': 'application/json' }))))).toMatchObject({ name: 'ProviderError', certainty: 'started' });
  });

  test('may wrap its events in an array, as Gemini does without alt=sse', async () => {
    const piece = (text: string, finishReason?: string): unknown => ({ candidates: [{ content: { role: 'model', parts: [{ text }] }, ...(finishReason && { finishReason }) }], modelVersion: 'g', responseId: 'r' });
    const fetch = async (): Promise<Response> => Response.json([piece('Hel'), piece('lo', 'STOP')]);
    const events = await collect(stream(google({ apiKey, fetch })));
    expect(textIn(events)).toBe('Hello');
    expect(events.at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop' });
  });

  test('an error in an array is that error', async () => {
    const fetch = async (): Promise<Response> => Response.json([{ error: { code: 503, status: 'UNAVAILABLE', message: 'busy' } }]);
    expect(await thrownBy(collect(stream(google({ apiKey, fetch }))))).toMatchObject({ code: 'overloaded' });
  });
});

describe('an answer of a kind that was not asked for', () => {
  test.each(['text/html; charset=utf-8', 'image/png', 'application/octet-stream', 'text/plain', '!!'])('%s in place of a stream', async (type) => {
    const error = await thrownBy(collect(stream(answering('<html>', { 'content-type': type }))));
    expect(error).toMatchObject({ code: 'invalid_response', certainty: 'started', status: 200 });
  });

  test.each(['text/html', 'text/event-stream', 'image/png'])('%s in place of JSON', async (type) => {
    expect(await thrownBy(chat(answering('<html>', { 'content-type': type })))).toMatchObject({ code: 'invalid_response' });
  });

  test.each(['', '{"id":', '[]', 'null', '5', '"text"', '{}'])('the body %j in place of an answer', async (body) => {
    expect(await thrownBy(chat(answering(body, { 'content-type': 'application/json' })))).toMatchObject({ name: 'ProviderError', code: 'invalid_response' });
    expect(await thrownBy(chat(anthropic({ apiKey, fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }) })))).toMatchObject({ name: 'ProviderError', code: 'invalid_response' });
    expect(await thrownBy(chat(openai({ apiKey, fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }) })))).toMatchObject({ name: 'ProviderError', code: 'invalid_response' });
    expect(await thrownBy(chat(google({ apiKey, fetch: async () => new Response(body, { headers: { 'content-type': 'application/json' } }) })))).toMatchObject({ name: 'ProviderError', code: 'invalid_response' });
  });

  test('JSON under the name of text is read', async () => {
    expect(await chat(answering(JSON.stringify(COMPLETION), { 'content-type': 'text/plain' }))).toMatchObject({ finishReason: 'tool-calls' });
  });
});

test('the facts of an answer hold headers of the allow-list only', async () => {
  const asked = context();
  await chat(answering(JSON.stringify(COMPLETION), { 'content-type': 'application/json', 'set-cookie': 'session=1', 'x-ratelimit-remaining-requests': '7', 'x-request-id': 'req-1' }), asked);
  expect(asked.facts).toEqual([{ status: 200, headers: { 'x-ratelimit-remaining-requests': '7', 'x-request-id': 'req-1' }, requestId: 'req-1' }]);
});

test('a redirect is not followed, with a key or with a client', async () => {
  await using server = await fakeServer();
  server.always({ status: 307, headers: { location: 'http://127.0.0.1:9/elsewhere' }, body: '' });
  const { WAYS } = await import('./ways.js');
  for (const way of WAYS.filter(({ parsed }) => parsed !== true)) {
    const before = server.calls.length;
    const adapter = way.make(server);
    expect(await thrownBy(chat(adapter)), way.name).toMatchObject({ code: 'invalid_response', retryable: false });
    expect(server.calls.length - before, way.name).toBe(1);
    await adapter.close?.();
  }
});

test('of an endless error page only the first 64 KiB are read, and its socket is closed', async () => {
  let written = 0;
  let closed = false;
  const server = createServer((_request, response) => {
    response.writeHead(500, { 'content-type': 'text/html' });
    pour(response);
    response.on('close', () => { closed = true; });
  });
  function pour(response: ServerResponse): void {
    while (!response.destroyed && response.write('x'.repeat(16_384))) written += 16_384;
    response.once('drain', () => pour(response));
  }
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const adapter = openai({ apiKey, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  expect(await thrownBy(chat(adapter))).toMatchObject({ code: 'server_error', status: 500 });
  await expect.poll(() => closed).toBe(true);
  expect(written).toBeLessThan(64 * 1024 * 1024);
  await adapter.close?.();
  server.close();
});

test('caps are options: a whole answer and an event over them are invalid responses', async () => {
  await using server = await fakeServer();
  server.reply('x'.repeat(5000), { text: ['a'], ending: { giantEvent: 5000 } });
  const adapter = openai({ apiKey, baseUrl: server.baseUrls.openai, api: 'chat', limits: { maxBodyBytes: 4000, maxEventBytes: 3000 } });
  expect(await thrownBy(chat(adapter))).toMatchObject({ code: 'invalid_response' });
  expect(await thrownBy(collect(stream(adapter)))).toMatchObject({ code: 'invalid_response' });
  await adapter.close?.();
});

test('what a provider cannot take is a warning, and what `warn` throws is let through with nothing sent', async () => {
  await using server = await fakeServer();
  server.always('Hello');
  const adapter = openaiCompatible({ preset: 'cerebras', apiKey, baseUrl: server.baseUrls.openai });
  const request = { model: 'any', messages: [{ role: 'user' as const, content: 'Hi' }], presencePenalty: 1 };
  const asked = context();
  await chat(adapter, asked, request);
  expect(asked.warnings).toMatchObject([{ kind: 'dropped', setting: 'presencePenalty' }]);
  const strict = new Error('strict');
  const { ProviderError } = await import('../../src/errors.js');
  const refusing = context({ warn: () => { throw new ProviderError('unsupported', 'strict', { certainty: 'not_sent', cause: strict }); } });
  expect(await thrownBy(chat(adapter, refusing, request))).toMatchObject({ code: 'unsupported' });
  expect(server.calls).toHaveLength(1);
  await adapter.close?.();
});
