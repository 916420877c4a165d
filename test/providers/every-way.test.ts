import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.js';
import { fakeServer } from '../../src/testing/fake-server.js';
import type { AdapterEvent } from '../../src/types/adapter.js';
import { chat, collect, context, delay, stream, textIn, thrownBy, unhandledDuring, until } from './support.js';
import { WAYS } from './ways.js';

describe.each(WAYS)('$name', ({ make, parsed }) => {
  test('answers whole, with its usage and the facts of its head', async () => {
    await using server = await fakeServer();
    server.reply({ text: 'Hello there', usage: { inputTokens: 7, outputTokens: 3 } });
    const adapter = make(server);
    const asked = context();
    const response = await chat(adapter, asked);
    expect(response.content).toMatchObject([{ type: 'text', text: 'Hello there' }]);
    expect(response.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
    expect(asked.sentTimes).toBe(1);
    expect(asked.facts).toHaveLength(1);
    expect(asked.facts[0]?.status).toBe(200);
    await adapter.close?.();
  });

  test('streams what it would have answered whole, and ends with finish', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['Hel', 'lo ', 'you'], toolCalls: [{ name: 'look', input: { at: 'sky' } }] });
    const adapter = make(server);
    const asked = context();
    const events = await collect(stream(adapter, asked));
    expect(textIn(events)).toBe('Hello you');
    expect(events.some((event) => event.type === 'tool-call-start' && event.name === 'look')).toBe(true);
    expect(events.at(-1)).toMatchObject({ type: 'finish', finishReason: 'tool-calls' });
    expect(asked.sentTimes).toBe(1);
    expect(asked.facts[0]?.status).toBe(200);
    await adapter.close?.();
  });

  test('sends one request per attempt, without waiting for retry-after', async () => {
    await using server = await fakeServer();
    server.always({ error: 'provider_rate_limit', retryAfterMs: 3_600_000, message: 'slow down' });
    const adapter = make(server);
    const asked = context();
    const started = Date.now();
    const error = await thrownBy(chat(adapter, asked));
    const streamed = await thrownBy(collect(stream(adapter)));
    expect(Date.now() - started).toBeLessThan(1000);
    for (const found of [error, streamed]) {
      expect(found).toBeInstanceOf(ProviderError);
      expect(found).toMatchObject({ code: 'provider_rate_limit', certainty: 'refused', status: 429 });
    }
    if (parsed !== true) expect(error).toMatchObject({ retryAfterMs: 3_600_000 });
    expect(server.calls).toHaveLength(2);
    for (const call of server.calls) expect(call.headers['x-stainless-retry-count'] ?? '0').toBe('0');
    expect(asked.facts[0]?.status).toBe(429);
    await adapter.close?.();
  });

  test('sends nothing once the signal has fired, and throws its reason', async () => {
    await using server = await fakeServer();
    const adapter = make(server);
    const reason = new Error('too late');
    const asked = context({ signal: AbortSignal.abort(reason) });
    expect(await thrownBy(chat(adapter, asked))).toBe(reason);
    expect(await thrownBy(collect(stream(adapter, asked)))).toBe(reason);
    await delay(20);
    expect(server.calls).toHaveLength(0);
    expect(asked.sentTimes).toBe(0);
    await adapter.close?.();
  });

  test('an abort while the answer is awaited throws its reason and closes the socket', async () => {
    await using server = await fakeServer();
    server.reply({ text: 'late', delayMs: 10_000 });
    const adapter = make(server);
    const controller = new AbortController();
    const reason = new Error('enough');
    const asking = thrownBy(chat(adapter, context({ signal: controller.signal })));
    const call = await server.nextCall();
    controller.abort(reason);
    expect(await asking).toBe(reason);
    await until(() => call.aborted);
    await adapter.close?.();
  });

  test('an abort in the middle of a stream is its reason, not an end, and closes the socket', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['one', 'two'], ending: 'hang' });
    const adapter = make(server);
    const controller = new AbortController();
    const reason = new Error('enough');
    const unhandled = await unhandledDuring(async () => {
      const events: AdapterEvent[] = [];
      const error = await thrownBy(async () => {
        for await (const event of stream(adapter, context({ signal: controller.signal }))) {
          events.push(event);
          if (textIn(events) === 'onetwo') controller.abort(reason);
        }
      });
      expect(error).toBe(reason);
      const call = await server.nextCall();
      await until(() => call.aborted);
    });
    expect(unhandled).toEqual([]);
    await adapter.close?.();
  });

  test('leaving the loop closes the socket', async () => {
    await using server = await fakeServer();
    server.reply({ text: ['one', 'two'], ending: 'hang' });
    const adapter = make(server);
    const unhandled = await unhandledDuring(async () => {
      for await (const event of stream(adapter)) if (event.type === 'text-delta') break;
      const call = await server.nextCall();
      const left = Date.now();
      expect(await call.closedByClient - left).toBeLessThan(250);
    });
    expect(unhandled).toEqual([]);
    await adapter.close?.();
  });

  test('a stream that nobody reads sends nothing', async () => {
    await using server = await fakeServer();
    const adapter = make(server);
    const events = stream(adapter);
    await events[Symbol.asyncIterator]().return?.();
    stream(adapter)[Symbol.asyncIterator]();
    await delay(20);
    expect(server.calls).toHaveLength(0);
    expect(server.openSockets).toBe(0);
    await adapter.close?.();
  });

  test('leaves no listener on a signal that outlives the call', async () => {
    await using server = await fakeServer();
    server.always('Hello');
    const adapter = make(server);
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners.add(parameters[1]);
      add(...parameters);
    };
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners.delete(parameters[1]);
      remove(...parameters);
    };
    for (let round = 0; round < 3; round++) {
      await chat(adapter, context({ signal }));
      await collect(stream(adapter, context({ signal })));
    }
    expect(listeners.size).toBe(0);
    await adapter.close?.();
  });

  test('a cut stream ends without finish or as an error, never with one', async () => {
    await using server = await fakeServer();
    const adapter = make(server);
    for (const ending of ['cut', 'close', 'reset', 'malformed'] as const) {
      server.reply({ text: ['one', 'two'], ending });
      const events: AdapterEvent[] = [];
      let error: unknown;
      const unhandled = await unhandledDuring(async () => {
        try {
          for await (const event of stream(adapter)) events.push(event);
        } catch (thrown) {
          error = thrown;
        }
      });
      expect(unhandled).toEqual([]);
      if (error !== undefined) expect(error).toBeInstanceOf(ProviderError);
      expect(events.some((event) => event.type === 'finish'), ending).toBe(false);
      if (ending !== 'cut') expect(error, ending).toBeInstanceOf(ProviderError);
    }
    await adapter.close?.();
  });

  test('an error inside the stream is that error', async () => {
    await using server = await fakeServer();
    const adapter = make(server);
    server.reply({ text: ['one'], ending: { error: 'overloaded', message: 'busy' } });
    expect(await thrownBy(collect(stream(adapter)))).toMatchObject({ code: 'overloaded', certainty: 'started' });
    await adapter.close?.();
  });

  test('a page of HTML after a 200 is an invalid response, whole and streamed', async () => {
    await using server = await fakeServer();
    server.always({ error: 'invalid_response' });
    const adapter = make(server);
    expect(await thrownBy(chat(adapter))).toMatchObject({ code: 'invalid_response' });
    const unhandled = await unhandledDuring(async () => {
      const error = await thrownBy(collect(stream(adapter)));
      expect(error).toBeInstanceOf(ProviderError);
      if (parsed !== true) expect(error).toMatchObject({ code: 'invalid_response' });
    });
    expect(unhandled).toEqual([]);
    await adapter.close?.();
  });

  test('an error page keeps its status and never prints its text', async () => {
    await using server = await fakeServer();
    server.always({ status: 503, body: '<html>secret page</html>' });
    const adapter = make(server);
    const error = await thrownBy(chat(adapter));
    expect(error).toMatchObject({ code: 'overloaded', status: 503 });
    expect(String(error)).not.toContain('secret page');
    await adapter.close?.();
  });

  test('a connection that breaks before the answer is a network error that may have been billed', async () => {
    await using server = await fakeServer();
    server.always({ error: 'network' });
    const adapter = make(server);
    expect(await thrownBy(chat(adapter))).toMatchObject({ code: 'network', certainty: 'possibly_billed' });
    await adapter.close?.();
  });

  test('adds the headers of the call', async () => {
    await using server = await fakeServer();
    server.reply('Hello');
    const adapter = make(server);
    await chat(adapter, context({ headers: { 'x-team': 'blue' } }));
    expect(server.calls[0]?.headers['x-team']).toBe('blue');
    await adapter.close?.();
  });
});
