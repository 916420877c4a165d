import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ConfigError } from '../errors.js';
import { scriptBook, UnexpectedCallError, withScript, type Script } from './script.js';
import { play } from './server-play.js';
import { planFor, refusal, type Plan } from './server-plan.js';
import type { ServerReply } from './server-reply.js';
import { connectionOf, runningRequest, type Connection, type FakeRequest, type RunningRequest } from './server-request.js';

export interface FakeServerOptions {
  /** @default 0, any free port */
  readonly port?: number;
  /** Off for benchmarks: no request is kept, and a reply given to `always` is turned into bytes once. @default true */
  readonly record?: boolean;
  /** How long an idle socket stays open, in milliseconds. @default 60000 */
  readonly keepAliveMs?: number;
}

/** A server on the loopback interface that answers what it was told to, in the protocol it is asked in. */
export interface FakeServer extends Script<FakeRequest, ServerReply>, AsyncDisposable {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** What each vendor's adapter takes as its base URL. Any other prefix works too: only the end of the path counts. */
  readonly baseUrls: { readonly openai: string; readonly anthropic: string; readonly google: string };
  /** Sockets that are open now. */
  readonly openSockets: number;
  /** Sockets that were ever opened. */
  readonly connections: number;
  /** The first request that this method has not given yet, as soon as it has come. */
  nextCall(): Promise<FakeRequest>;
  /** Closes sockets without saying so: all, or those on which nothing is being answered. */
  dropSockets(which: 'all' | 'idle'): void;
  /** Closes the server and every socket. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * A server for tests that need real sockets: aborts, timeouts, cut streams, broken proxies. It speaks OpenAI chat and responses,
 * Anthropic messages, Google generateContent and the embeddings of OpenAI and Google; whole or streamed, as the request asks.
 * Strict: a request that nothing answers gets a 400 that says what was expected, and `assertDone()` throws it.
 *
 * @example
 * await using server = await fakeServer();
 * server.reply({ text: ['Hel', 'lo'], ending: 'reset' });
 * const gateway = createGateway({ providers: [openai({ apiKey: 'test', baseUrl: server.baseUrls.openai })] });
 */
export async function fakeServer(options: FakeServerOptions = {}): Promise<FakeServer> {
  const { port: wantedPort = 0, record = true, keepAliveMs = 60_000 } = options;
  // Loaded here, so that the test kit's other half runs where there is no node:http.
  const { createServer } = await import('node:http');
  const book = scriptBook<FakeRequest, ServerReply>('fakeServer');
  const sockets = new Map<object, Connection>();
  const answering = new Set<object>();
  const prepared = new WeakMap<object, Map<string, Plan>>();
  const waiting: ((request: FakeRequest) => void)[] = [];
  let unseen: FakeRequest[] = [];
  let connections = 0;
  let replies = 0;
  let toolCalls = 0;
  const next = (kind: 'reply' | 'call'): string => (kind === 'reply' ? `reply_${++replies}` : `call_${++toolCalls}`);

  const server: Server = createServer({ keepAliveTimeout: keepAliveMs }, (incoming, response) => void answer(incoming, response));
  server.on('connection', (socket) => {
    sockets.set(socket, connectionOf(socket, ++connections));
    socket.once('close', () => sockets.delete(socket));
  });

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const connection = sockets.get(incoming.socket);
    if (connection === undefined) return; // closed before its request was read
    answering.add(connection.socket);
    const left = new AbortController();
    response.once('close', () => {
      answering.delete(connection.socket);
      if (!response.writableFinished) left.abort(new Error('the client left'));
    });
    let running: RunningRequest | undefined;
    try {
      running = runningRequest(incoming, await bodyOf(incoming), connection);
      if (record) remember(running.request);
      const plan = await planOf(running);
      await play(plan, response, plan.ignoreAbort ? undefined : left.signal, running.wrote);
      running.end(left.signal.aborted);
    } catch {
      running?.end(true); // the client left: its socket is gone, and `aborted` says so
    }
  }

  function remember(request: FakeRequest): void {
    book.record(request);
    const waiter = waiting.shift();
    if (waiter === undefined) unseen.push(request);
    else waiter(request);
  }

  async function planOf(running: RunningRequest): Promise<Plan> {
    const { request, routed, body } = running;
    try {
      if (routed === undefined) throw book.miss(`no protocol has ${request.method} ${request.path}`);
      const reply = await book.take(request);
      if (record || typeof reply === 'string') return planFor(reply, routed, body, next);
      const key = `${routed.dialect} ${routed.model} ${routed.streaming} ${routed.events} ${JSON.stringify(body['stream_options'] ?? body['encoding_format'])}`;
      const plans = prepared.get(reply) ?? new Map<string, Plan>();
      prepared.set(reply, plans);
      const plan = plans.get(key) ?? planFor(reply, routed, body, next);
      plans.set(key, plan);
      return plan;
    } catch (error) {
      const missed = error instanceof UnexpectedCallError ? error : book.miss(error instanceof Error ? error.message : String(error));
      return refusal(missed.message, routed?.dialect);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new ConfigError(`fakeServer: cannot listen on port ${wantedPort} (${'code' in error ? String(error.code) : error.name}); leave port out for any free one`)));
    server.listen(wantedPort, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : wantedPort;
  const url = `http://127.0.0.1:${port}`;

  function dropSockets(which: 'all' | 'idle'): void {
    for (const { socket } of sockets.values()) if (which === 'all' || !answering.has(socket)) socket.destroy();
  }

  async function close(): Promise<void> {
    dropSockets('all');
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  return withScript(book.script, {
    url,
    port,
    baseUrls: { openai: `${url}/v1`, anthropic: `${url}/v1`, google: `${url}/v1beta` },
    get openSockets() {
      return sockets.size;
    },
    get connections() {
      return connections;
    },
    nextCall() {
      const call = unseen.shift();
      return call === undefined ? new Promise<FakeRequest>((resolve) => waiting.push(resolve)) : Promise.resolve(call);
    },
    reset() {
      book.script.reset();
      unseen = [];
    },
    dropSockets,
    close,
    [Symbol.asyncDispose]: close,
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  incoming.setEncoding('utf8');
  let text = '';
  for await (const chunk of incoming) text += chunk;
  return text;
}
