import { createGateway, timeout, type Gateway, type TimeoutOptions } from 'headgate';
import { openai } from 'headgate/providers/openai';
import { fakeServer, type FakeServer, type ServerReply } from 'headgate/testing';
import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../support/adapters.js';

const request = { model: 'x/m', messages: [{ role: 'user', content: 'hi' }] } as const;
const MINUTE_MS = 60_000;

/** The clock of undici's long timeouts, which it moves by hand for its own tests. */
const clock = createRequire(import.meta.url)('undici/lib/util/timers.js') as { readonly tick: (ms: number) => void }; // it has no types

describe('the ten minutes of a connection', () => {
  let server: FakeServer;
  let gateway: Gateway;
  beforeEach(async () => void (server = await fakeServer()));
  afterEach(async () => {
    await gateway.close({ graceMs: 0 });
    await server.close();
  });

  /** How a call stands after these minutes of silence: before the head of its answer, or behind what it began with. */
  async function after(minutes: readonly number[], reply: ServerReply, options: TimeoutOptions | undefined): Promise<readonly unknown[]> {
    gateway = createGateway({ providers: [openai({ name: 'x', apiKey: 'k', api: 'chat', baseUrl: server.baseUrls.openai })], interceptors: options === undefined ? [] : [timeout(options)] });
    server.reply(reply);
    const streamed = reply === stalled;
    const stream = gateway.stream(request);
    if (streamed) await stream.open();
    const call = streamed ? stream.response() : gateway.chat(request);
    const ended = failure(call).then((error) => (error as { readonly code: string }).code); // only a GatewayError leaves
    await server.nextCall();
    const seen: unknown[] = [];
    let passed = 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.tick(0); // a timer begins with the first tick after it was set
    for (const minute of minutes) {
      clock.tick((minute - passed) * MINUTE_MS);
      passed = minute;
      seen.push(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100, 'waiting'))]));
    }
    return seen;
  }

  const noHead: ServerReply = { text: 'never', delayMs: Infinity };
  const stalled: ServerReply = { text: ['one ', 'two '], ending: 'hang' };

  it('end a call that nobody watches', async () => {
    expect(await after([9, 11], noHead, undefined)).toEqual(['waiting', 'first_content_timeout']);
  });

  it('end a stream that nobody watches', async () => {
    expect(await after([9, 11], stalled, undefined)).toEqual(['waiting', 'idle_timeout']);
  });

  it('hold where a timeout is no longer than they are', async () => {
    expect(await after([9, 11], noHead, {})).toEqual(['waiting', 'first_content_timeout']);
  });

  it('become as long as a longer timeout for an answer in one piece', async () => {
    expect(await after([11, 29, 31], noHead, { attemptMs: 30 * MINUTE_MS })).toEqual(['waiting', 'waiting', 'first_content_timeout']);
  });

  it('become as long as a longer timeout for a silent stream', async () => {
    expect(await after([11, 29, 31], stalled, { idleMs: 30 * MINUTE_MS })).toEqual(['waiting', 'waiting', 'idle_timeout']);
  });

  it('are no limit where every timeout is switched off', async () => {
    const never = { firstContentMs: Infinity, reasoningFirstContentMs: Infinity, idleMs: Infinity, attemptMs: Infinity, streamMs: Infinity };
    expect(await after([11, 10_000], noHead, never)).toEqual(['waiting', 'waiting']);
    await gateway.close({ graceMs: 0 });
    expect(await after([11, 10_000], stalled, never)).toEqual(['waiting', 'waiting']);
  });
});
