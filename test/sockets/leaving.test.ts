import { createGateway, isGatewayError, type Gateway, type ProviderAdapter } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import { fakeServer, type FakeServer, type ServerReply } from 'headgate/testing';
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../support/adapters.js';
import { watchLeaks } from '../support/leaks.js';

/** How soon the server must see the socket close, in milliseconds. */
const AT_ONCE_MS = 250;

const messages = [{ role: 'user', content: 'hi' }] as const;
const long: ServerReply = { text: Array.from({ length: 200 }, (_, at) => `word${at} `), chunkDelayMs: 10 };
const stalled: ServerReply = { text: ['one ', 'two '], ending: 'hang' };
const headless: ServerReply = { text: 'never', delayMs: Number.POSITIVE_INFINITY };

const vendors: readonly [string, (server: FakeServer, fetch?: typeof globalThis.fetch) => ProviderAdapter][] = [
  ['openai responses', (server, fetch) => openai({ name: 'x', apiKey: 'k', baseUrl: server.baseUrls.openai, fetch })],
  ['openai chat', (server, fetch) => openai({ name: 'x', api: 'chat', apiKey: 'k', baseUrl: server.baseUrls.openai, fetch })],
  ['anthropic', (server, fetch) => anthropic({ name: 'x', apiKey: 'k', baseUrl: server.baseUrls.anthropic, fetch })],
  ['google', (server, fetch) => google({ name: 'x', apiKey: 'k', baseUrl: server.baseUrls.google, fetch })],
  ['compatible', (server, fetch) => openaiCompatible({ name: 'x', apiKey: 'k', baseUrl: server.baseUrls.openai, fetch })],
];

describe.each(vendors)('on the sockets of %s', (_vendor, connect) => {
  describe.each([
    ['its own connections', undefined],
    ['an injected fetch', globalThis.fetch],
  ])('with %s', (_way, fetch) => {
    let server: FakeServer;
    let gateway: Gateway;
    beforeEach(async () => {
      server = await fakeServer();
      gateway = createGateway({ providers: [connect(server, fetch)] });
    });
    afterEach(async () => {
      await gateway.close();
      await server.close();
    });

    const request = { model: 'x/m', messages };

    async function closedWithin(since: number): Promise<number> {
      const call = await server.nextCall();
      const closed = await Promise.race([call.closedByClient, new Promise<number>((resolve) => setTimeout(resolve, 2000, Number.NaN))]);
      return closed - since;
    }

    it('closes the socket when the reader breaks', async () => {
      server.reply(long);
      for await (const event of gateway.stream(request)) if (event.type === 'text-delta') break;
      expect(await closedWithin(Date.now())).toBeLessThan(AT_ONCE_MS);
    });

    it('closes it at an abort in the middle, with what had come', async () => {
      server.reply(stalled);
      const controller = new AbortController();
      const stream = gateway.stream(request, { signal: controller.signal });
      const reading = failure(stream.response());
      await stream.open();
      await new Promise((resolve) => setTimeout(resolve, 30));
      const since = Date.now();
      controller.abort();
      expect(await reading).toMatchObject({ code: 'cancelled', partial: { text: 'one two ' }, report: { attempts: [{ outcome: 'cancelled', certainty: 'started' }] } });
      expect(await closedWithin(since)).toBeLessThan(AT_ONCE_MS);
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    });

    it.each([true, false])('closes it at the deadline while nothing comes at all (streaming: %s)', async (streaming) => {
      server.reply(headless);
      const since = Date.now() + 50;
      const error = await failure(streaming ? gateway.stream(request, { timeoutMs: 50 }).open() : gateway.chat(request, { timeoutMs: 50 }));
      expect(error).toMatchObject({ code: 'deadline_exceeded', report: { attempts: [{ certainty: 'possibly_billed' }] } });
      expect(await closedWithin(since)).toBeLessThan(AT_ONCE_MS);
    });

    it('closes it at cancel, though nobody ever read', async () => {
      server.reply(stalled);
      const stream = gateway.stream(request);
      await stream.open();
      const since = Date.now();
      await stream.cancel();
      expect(await closedWithin(since)).toBeLessThan(AT_ONCE_MS);
    });

    it('closes it at an abort with nobody reading', async () => {
      server.reply(stalled);
      const controller = new AbortController();
      await gateway.stream(request, { signal: controller.signal }).open();
      const since = Date.now();
      controller.abort();
      expect(await closedWithin(since)).toBeLessThan(AT_ONCE_MS);
    });

    it.each(['cut', 'close', 'reset'] as const)('never takes a stream that ends by %s for complete', async (ending) => {
      server.reply({ text: ['one ', 'two '], ending });
      const error = await failure(gateway.stream(request).response());
      expect(error).toMatchObject({ code: 'stream_interrupted', certainty: 'started', partial: { text: 'one two ' } });
    });

    it('settles when the abort lands after the last byte has arrived', async () => {
      // On Node 22 a fetch body that was aborted in this moment is never heard of again.
      server.always({ text: ['one', ' two', ' three'], write: 'whole' });
      for (let round = 0; round < 30; round++) {
        const controller = new AbortController();
        const stream = gateway.stream(request, { signal: controller.signal });
        await stream.open();
        await new Promise((resolve) => (round % 3 === 0 ? setImmediate(resolve) : setTimeout(resolve, round % 3)));
        controller.abort();
        const settled = await Promise.race([stream.response().then(() => 'ok', (error: unknown) => isGatewayError(error) && error.code), new Promise((resolve) => setTimeout(resolve, 1000, 'hung'))]);
        expect(['ok', 'cancelled']).toContain(settled);
      }
    });
  });

  it('leaves no timer and no socket behind, however calls end', async () => {
    const server = await fakeServer();
    const watch = watchLeaks();
    try {
      const gateway = createGateway({ providers: [connect(server)], timeoutMs: 5000 });
      server.reply('whole', long, stalled, headless, { text: 'a', ending: 'cut' }, { text: 'a', ending: 'reset' }, { error: 'overloaded' });
      const request = { model: 'x/m', messages };
      await gateway.chat(request);
      for await (const event of gateway.stream(request)) if (event.type === 'text-delta') break;
      const cancelled = gateway.stream(request);
      await cancelled.open();
      await cancelled.cancel();
      await failure(gateway.chat(request, { timeoutMs: 20 }));
      for (let more = 0; more < 3; more++) await failure(gateway.stream(request).response());
      server.assertDone();
      await gateway.close();
      await server.close();
      expect(await watch.left()).toEqual({});
      expect(server.openSockets).toBe(0);
    } finally {
      watch.stop();
      await server.close();
    }
  });
});
