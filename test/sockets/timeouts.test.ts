import { createGateway, isGatewayError, type Gateway, type GatewayError, type ProviderAdapter } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { fakeServer, type FakeServer, type ServerReply } from 'headgate/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { timeout, type TimeoutOptions } from '../../src/interceptors/timeout.js';
import { failure } from '../support/adapters.js';
import { watchLeaks } from '../support/leaks.js';
import { rawServer } from '../transport/servers.js';

/** How soon after its limit an attempt must have ended, and its socket be closed, in milliseconds. Generous: other tests run at once. */
const SLACK_MS = 400;
const LIMITS = { firstContentMs: 200, reasoningFirstContentMs: 1000, idleMs: 200, attemptMs: 400, streamMs: 10_000 };

interface Vendor {
  readonly name: string;
  readonly connect: (server: FakeServer, options?: { readonly apiKey?: () => string | Promise<string>; readonly connectTimeoutMs?: number; readonly baseUrl?: string }) => ProviderAdapter;
  /** Server-sent events: the first word, and a good end. */
  readonly word: string;
  readonly end: string;
  /** A sign of life without content. */
  readonly pings: readonly string[];
}

const event = (data: object, name?: string): string => `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
const chunk = (choice: object): string => event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, ...choice }] });
const messages = (data: { readonly type: string }): string => event(data, data.type);
const COMMENT = ': still here\n\n';

const vendors: readonly Vendor[] = [
  {
    name: 'openai chat',
    connect: (server, options) => openai({ name: 'x', api: 'chat', apiKey: 'k', baseUrl: server.baseUrls.openai, ...options }),
    word: chunk({ delta: { role: 'assistant', content: 'one' }, finish_reason: null }),
    end: `${chunk({ delta: {}, finish_reason: 'stop' })}data: [DONE]\n\n`,
    pings: [COMMENT, ':\n'],
  },
  {
    name: 'anthropic',
    connect: (server, options) => anthropic({ name: 'x', apiKey: 'k', baseUrl: server.baseUrls.anthropic, ...options }),
    word: [
      { type: 'message_start', message: { id: 'm1', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage: { input_tokens: 3, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'one' } },
    ].map(messages).join(''),
    end: [
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ].map(messages).join(''),
    pings: [messages({ type: 'ping' }), COMMENT],
  },
  {
    name: 'google',
    connect: (server, options) => google({ name: 'x', apiKey: 'k', baseUrl: server.baseUrls.google, ...options }),
    word: event({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text: 'one' }] } }], modelVersion: 'm', responseId: 'r1' }),
    end: event({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP' }], modelVersion: 'm', responseId: 'r1' }),
    pings: [COMMENT, ':\n'],
  },
];

/** `before`, then so many pings of 64 bytes each, one every 25 ms, then `after`: every write is 64 bytes. */
function withPings(before: string, ping: string, count: number, after: string): ServerReply {
  // A comment of the right length before each part fills it up to whole writes.
  const filled = (text: string): string => {
    const missing = 64 - (text.length % 64);
    return `:${' '.repeat(missing < 2 ? missing + 62 : missing - 2)}\n${text}`;
  };
  return { body: filled(before) + filled(ping).repeat(count) + filled(after), write: { bytes: 64 }, chunkDelayMs: 25, ending: after === '' ? 'hang' : 'finish' };
}

interface Trial {
  readonly server: FakeServer;
  gatewayWith(options?: TimeoutOptions, adapter?: ProviderAdapter): Gateway;
  /** The error of this work, which must come at its limit and close the socket. */
  timedOut(work: Promise<unknown>, limitMs: number): Promise<GatewayError>;
}

const request = { model: 'x/m', messages: [{ role: 'user', content: 'hi' }] } as const;

/** A server of its own for each test: most of them only wait, so they wait together. */
function trial(connect: Vendor['connect'], run: (trial: Trial) => Promise<void>): () => Promise<void> {
  return async () => {
    const server = await fakeServer();
    const gateways: Gateway[] = [];

    function gatewayWith(options: TimeoutOptions = {}, adapter = connect(server)): Gateway {
      const gateway = createGateway({ providers: [adapter], interceptors: [timeout({ ...LIMITS, ...options })] });
      gateways.push(gateway);
      return gateway;
    }

    async function timedOut(work: Promise<unknown>, limitMs: number): Promise<GatewayError> {
      const began = performance.now();
      const error = await failure(work);
      const took = performance.now() - began;
      expect(isGatewayError(error)).toBe(true);
      expect(took).toBeGreaterThan(limitMs * 0.9);
      expect(took).toBeLessThan(limitMs + SLACK_MS);
      const endedAt = Date.now();
      const call = await server.nextCall();
      const closed = await Promise.race([call.closedByClient, new Promise<number>((resolve) => setTimeout(resolve, 1000, Infinity))]);
      expect(closed - endedAt).toBeLessThan(SLACK_MS);
      return error as GatewayError; // seen above
    }

    try {
      await run({ server, gatewayWith, timedOut });
    } finally {
      for (const gateway of gateways) await gateway.close();
      await server.close();
    }
  };
}

/** A `ProviderError` that says the same in the report. */
const tellsOnce = (code: string, certainty: string): object => ({ name: 'ProviderError', code, certainty, target: { provider: 'x', model: 'm' }, report: { attempts: [{ outcome: code, certainty }] } });

describe.each(vendors)('timeouts on the sockets of $name', ({ connect, word, end, pings }) => {
  // The first request loads the HTTP client, which may take longer than the limits here.
  beforeAll(trial(connect, async ({ server, gatewayWith }) => {
    server.always({ text: ['a', 'b'] });
    const gateway = gatewayWith({ firstContentMs: 10_000, attemptMs: 10_000 });
    await gateway.chat(request);
    await gateway.stream(request).response();
  }));

  describe('of a stream', () => {
    it.concurrent('end it when no head comes: it may have been billed', trial(connect, async ({ server, gatewayWith, timedOut }) => {
      server.reply({ text: 'never', delayMs: Infinity });
      expect(await timedOut(gatewayWith().stream(request).response(), 200)).toMatchObject(tellsOnce('first_content_timeout', 'possibly_billed'));
    }));

    it.concurrent('end it when nothing comes after the head', trial(connect, async ({ server, gatewayWith, timedOut }) => {
      server.fail('idle_timeout');
      expect(await timedOut(gatewayWith().stream(request).response(), 200)).toMatchObject(tellsOnce('first_content_timeout', 'started'));
    }));

    it.concurrent('end it when it stalls in the middle, with what had come', trial(connect, async ({ server, gatewayWith, timedOut }) => {
      server.reply({ text: ['one ', 'two '], ending: 'hang' });
      const error = await timedOut(gatewayWith({ firstContentMs: 5000 }).stream(request).response(), 200);
      expect(error).toMatchObject({ ...tellsOnce('idle_timeout', 'started'), partial: { text: 'one two ' } });
    }));

    for (const ping of pings) it.concurrent(`go on while it pings: ${JSON.stringify(ping)}`, trial(connect, async ({ server, gatewayWith }) => {
      server.reply(withPings(word, ping, 20, end));
      expect(await gatewayWith({ firstContentMs: 5000 }).stream(request).response()).toMatchObject({ text: 'one', finishReason: 'stop' });
    }));

    for (const ping of pings) it.concurrent(`end it when it does nothing but ping: ${JSON.stringify(ping)}`, trial(connect, async ({ server, gatewayWith, timedOut }) => {
      server.reply(withPings('', ping, 100, ''));
      expect(await timedOut(gatewayWith().stream(request).response(), 200)).toMatchObject(tellsOnce('first_content_timeout', 'started'));
      server.reply(withPings(word, ping, 100, ''));
      const error = await timedOut(gatewayWith({ firstContentMs: 5000, streamMs: 1000 }).stream(request).response(), 1000);
      expect(error).toMatchObject({ ...tellsOnce('attempt_timeout', 'started'), partial: { text: 'one' } });
    }));

    it.concurrent('go on when it trickles', trial(connect, async ({ server, gatewayWith }) => {
      server.reply({ text: ['one', ' two'], write: { bytes: 32 }, chunkDelayMs: 10 });
      expect(await gatewayWith({ firstContentMs: 5000 }).stream(request).response()).toMatchObject({ text: 'one two' });
    }));

    it.concurrent('go on when its reader is slow, though the socket has been told to wait', trial(connect, async ({ server, gatewayWith }) => {
      const words = Array.from({ length: 160 }, (_, at) => `${at} `.padEnd(32 * 1024, '.'));
      server.reply({ text: words });
      let all = '';
      let read = 0;
      for await (const delta of gatewayWith({ firstContentMs: 5000 }).stream(request)) {
        if (delta.type !== 'text-delta') continue;
        all += delta.text;
        if (read++ % 80 === 0) await new Promise((resolve) => setTimeout(resolve, 500));
      }
      expect(all).toBe(words.join(''));
    }));

    it.concurrent('end it when it stalls behind a slow reader', trial(connect, async ({ server, gatewayWith, timedOut }) => {
      server.reply({ text: ['one ', 'two '], ending: 'hang' });
      const stream = gatewayWith({ firstContentMs: 5000 }).stream(request);
      await stream.open();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await timedOut(stream.response(), 200)).toMatchObject({ code: 'idle_timeout', partial: { text: 'one two ' } });
    }));

    it.concurrent('let it reason slowly, where that was asked for', trial(connect, async ({ server, gatewayWith }) => {
      server.always({ reasoning: ['hm ', 'and ', 'so '], text: ['one ', 'two'], delayMs: 350, chunkDelayMs: 60 });
      const unasked = failure(gatewayWith().stream(request).response());
      expect(await gatewayWith().stream({ ...request, reasoning: { effort: 'low' } }).response()).toMatchObject({ text: 'one two' });
      expect(await unasked).toMatchObject({ code: 'first_content_timeout' });
    }));
  });

  describe('of an answer in one piece', () => {
    it.concurrent('end it when no head comes: it may have been billed', trial(connect, async ({ server, gatewayWith, timedOut }) => {
      server.reply({ text: 'never', delayMs: Infinity });
      expect(await timedOut(gatewayWith().chat(request), 400)).toMatchObject(tellsOnce('attempt_timeout', 'possibly_billed'));
    }));

    it.concurrent('end it when nothing comes after the head, or after half of it', trial(connect, async ({ server, gatewayWith, timedOut }) => {
      server.fail('idle_timeout');
      expect(await timedOut(gatewayWith().chat(request), 400)).toMatchObject(tellsOnce('attempt_timeout', 'started'));
      server.reply({ text: 'one two', ending: 'hang' });
      expect(await timedOut(gatewayWith().chat(request), 400)).toMatchObject(tellsOnce('attempt_timeout', 'started'));
    }));

    it.concurrent('go on though it is silent longer than a stream may be', trial(connect, async ({ server, gatewayWith }) => {
      server.reply({ text: 'thought over', delayMs: 300 });
      expect(await gatewayWith().chat(request)).toMatchObject({ text: 'thought over' });
    }));
  });

  it('judge nothing by a clock that ran while this process was busy', trial(connect, async ({ server, gatewayWith }) => {
    server.reply({ text: Array.from({ length: 10 }, (_, at) => `${at} `), chunkDelayMs: 30 });
    const response = gatewayWith({ firstContentMs: 5000 }).stream(request).response();
    setTimeout(() => {
      for (const until = performance.now() + 700; performance.now() < until; );
    }, 100);
    expect(await response).toMatchObject({ text: '0 1 2 3 4 5 6 7 8 9 ' });
  }));

  it('leave the connection its own: connect_timeout, with nothing sent', trial(connect, async ({ server, gatewayWith }) => {
    const silent = await rawServer((socket) => socket.resume());
    const adapter = connect(server, { connectTimeoutMs: 100, baseUrl: `${silent.origin.replace('http:', 'https:')}/v1` });
    const gateway = gatewayWith({ firstContentMs: 5000, attemptMs: 5000 }, adapter);
    const work = [gateway.chat(request), gateway.stream(request).response()];
    for (const error of await Promise.all(work.map(failure))) expect(error).toMatchObject(tellsOnce('connect_timeout', 'not_sent'));
  }));

  it('say that nothing was sent while a key has not come', trial(connect, async ({ server, gatewayWith }) => {
    const keys = ['k'];
    const gateway = gatewayWith({}, connect(server, { apiKey: () => keys.pop() ?? new Promise(() => {}) }));
    server.reply('one');
    await gateway.chat(request);
    expect(await failure(gateway.stream(request).response())).toMatchObject(tellsOnce('first_content_timeout', 'not_sent'));
    expect(await failure(gateway.chat(request))).toMatchObject(tellsOnce('attempt_timeout', 'not_sent'));
    expect(server.calls).toHaveLength(1);
  }));

  it('leave no timer and no socket behind', trial(connect, async ({ server, gatewayWith }) => {
    const watch = watchLeaks();
    try {
      const gateway = gatewayWith();
      server.reply('whole', { text: ['a ', 'b'] }, { text: 'a', delayMs: Infinity }, { text: ['a '], ending: 'hang' }, { text: 'a', delayMs: Infinity }, { text: 'a', ending: 'cut' });
      await gateway.chat(request);
      await gateway.stream(request).response();
      for (let more = 0; more < 2; more++) await failure(gateway.stream(request).response());
      await failure(gateway.chat(request));
      await failure(gateway.stream(request).response());
      server.assertDone();
      await gateway.close();
      await server.close();
      expect(await watch.left()).toEqual({});
    } finally {
      watch.stop();
    }
  }));
});
