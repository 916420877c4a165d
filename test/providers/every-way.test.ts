import { describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/errors.js';
import { fakeServer } from '../../src/testing/fake-server.js';
import type { AdapterEvent } from '../../src/types/adapter.js';
import { chat, collect, context, delay, stream, textIn, thrownBy, unhandledDuring, until } from './support.js';
import { WAYS } from './ways.js';

describe.each(WAYS)('$name', ({ make, parsed }) => {
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

});
