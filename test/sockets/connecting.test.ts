import { createGateway, isGatewayError, type ProviderAdapter } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { once } from 'node:events';
import net from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeout } from '../../src/interceptors/timeout.js';
import { failure } from '../support/adapters.js';

const request = { model: 'x/m', messages: [{ role: 'user', content: 'hi' }] } as const;
/** Long before the adapter's own limit for a connection. */
const SHORT_MS = 150;

const vendors: readonly { readonly name: string; readonly connect: (origin: string) => ProviderAdapter }[] = [
  { name: 'openai', connect: (baseUrl) => openai({ name: 'x', apiKey: 'k', baseUrl }) },
  { name: 'anthropic', connect: (baseUrl) => anthropic({ name: 'x', apiKey: 'k', baseUrl }) },
  { name: 'google', connect: (baseUrl) => google({ name: 'x', apiKey: 'k', baseUrl }) },
];

describe('a call that ends while it is still connecting', () => {
  let hole: BlackHole | undefined;
  beforeAll(async () => {
    hole = await blackHole();
  });
  afterAll(() => hole?.close());

  /** The first call of an adapter: nothing is known of it but what it says of itself. */
  async function ended(connect: (origin: string) => ProviderAdapter, streamed: boolean, how: 'deadline' | 'abort' | 'timeout'): Promise<unknown> {
    if (hole === undefined) throw new Error('there is no place that takes no connection');
    const gateway = createGateway({ providers: [connect(hole.origin)], interceptors: how === 'timeout' ? [timeout({ firstContentMs: SHORT_MS, attemptMs: SHORT_MS })] : [] });
    const options = how === 'deadline' ? { timeoutMs: SHORT_MS } : how === 'abort' ? { signal: AbortSignal.timeout(SHORT_MS) } : {};
    try {
      return await failure(streamed ? gateway.stream(request, options).response() : gateway.chat(request, options));
    } finally {
      await gateway.close();
    }
  }

  it.for(
    vendors.flatMap(({ name, connect }) => [false, true].flatMap((streamed) => (['deadline', 'abort', 'timeout'] as const).map((how) => ({ name, connect, streamed, how, form: streamed ? 'stream' : 'chat' })))),
  )('was not sent, and used nothing: $name, $form, $how', async ({ connect, streamed, how }, { skip }) => {
    if (hole === undefined) skip('this machine takes every connection');
    const error = await ended(connect, streamed, how);
    if (!isGatewayError(error)) throw error;
    expect(error.code).toBe(how === 'deadline' ? 'deadline_exceeded' : how === 'abort' ? 'cancelled' : streamed ? 'first_content_timeout' : 'attempt_timeout');
    expect(error.report?.attempts).toMatchObject([{ certainty: 'not_sent', outcome: error.code }]);
    expect(error.report?.attempts[0]).not.toHaveProperty('usage');
  });

  it('may have been sent by an adapter that does not say whether it tells', async ({ skip }) => {
    if (hole === undefined) skip('this machine takes every connection');
    const silent = (origin: string): ProviderAdapter => ({ ...openai({ name: 'x', apiKey: 'k', baseUrl: origin }), tellsSent: false });
    expect(await ended(silent, false, 'deadline')).toMatchObject({ report: { attempts: [{ certainty: 'possibly_billed' }] } });
  });

  it('may have been sent through a fetch, which keeps to itself how far it has come', async ({ skip }) => {
    if (hole === undefined) skip('this machine takes every connection');
    const fetching = (baseUrl: string): ProviderAdapter => openai({ name: 'x', apiKey: 'k', baseUrl, fetch: globalThis.fetch });
    expect(await ended(fetching, false, 'deadline')).toMatchObject({ report: { attempts: [{ certainty: 'possibly_billed' }] } });
  });
});

interface BlackHole {
  readonly origin: string;
  close(): Promise<void>;
}

/** A port that takes no further connection: nobody accepts those in its queue, and the queue is full. Undefined where the system lets them in all the same. */
async function blackHole(): Promise<BlackHole | undefined> {
  const worker = new Worker(
    `const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      require('node:worker_threads').parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number]; // posted above
  const waiting: net.Socket[] = [];
  const close = async (): Promise<void> => {
    for (const socket of waiting) socket.destroy();
    await worker.terminate();
  };
  for (let tries = 0; tries < 16; tries++) {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    waiting.push(socket);
    const connected = await Promise.race([once(socket, 'connect').then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, 200, false))]);
    if (!connected) return { origin: `http://127.0.0.1:${port}`, close };
  }
  await close();
  return undefined;
}
