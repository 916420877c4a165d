import type { Dispatcher } from 'undici';
import type { Connection } from './connections.js';
import { redirectError, toProviderError } from './failures.js';
import { heldBody } from './held-body.js';
import type { WireAnswer, WireRequest } from './transport.js';

/** What may arrive unread before the socket is told to wait: one read of it. Small answers are there whole with their head. */
const MAX_HELD_BYTES = 64 * 1024;

/** One request and its answer over a connection of its own, which is given back or closed in every case. */
export function exchange(request: WireRequest, connection: Connection, path: string): Promise<WireAnswer> {
  const { method, headers, body } = request;
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
  const handler = answerHandler(request, connection, resolve, reject);
  connection.client.dispatch({ path, method, body: body ?? null, headers: { 'accept-encoding': 'identity', ...headers } }, handler);
  return promise;
}

/** Does not hold on to the request: its body is the whole prompt, and a stream may last for minutes. */
function answerHandler({ provider, signal, sent: tellSent }: WireRequest, connection: Connection, resolve: (answer: WireAnswer) => void, reject: (error: unknown) => void): Dispatcher.DispatchHandler {
  let phase: 'connect' | 'waiting' | 'body' | 'over' = 'connect';
  let sent = false;
  let controller: Dispatcher.DispatchController | undefined;
  let reading = false;
  const body = heldBody();

  /** False when it was over already. */
  function finish(): boolean {
    if (phase === 'over') return false;
    phase = 'over';
    signal.removeEventListener('abort', abort);
    return true;
  }

  function fail(error: unknown): void {
    const answered = phase === 'body';
    if (!finish()) return;
    connection.destroy();
    if (answered) body.fail(error);
    else reject(error);
  }

  function abort(): void {
    fail(signal.reason);
  }

  const answerOf = (status: number, headers: WireAnswer['headers']): WireAnswer => ({
    status,
    headers,
    read(sink) {
      reading = true;
      if (phase === 'body') controller?.resume(); // in case the socket was told to wait; what comes of it is held behind the rest
      body.flowInto(sink);
    },
    pause() {
      if (phase === 'body') controller?.pause();
    },
    resume() {
      if (phase === 'body') controller?.resume();
    },
    cancel() {
      body.drop();
      if (finish()) connection.destroy();
    },
  });

  signal.addEventListener('abort', abort);
  return {
    onRequestStart(started) {
      controller = started;
      phase = 'waiting';
    },
    onRequestSent() {
      sent = true;
      tellSent();
    },
    onResponseStart(started, status, headers) {
      if (status < 200 || phase !== 'waiting') return; // 103 and the like announce an answer, and are none
      if (status < 400 && status >= 300) {
        fail(redirectError(provider, status));
        return;
      }
      phase = 'body';
      started.rawHeaders = null; // for others to read; a waiting stream would keep the head's bytes for them
      resolve(answerOf(status, joined(headers)));
    },
    onResponseData(_controller, bytes) {
      if (phase !== 'body') return;
      body.chunk(bytes);
      if (!reading && body.heldBytes() > MAX_HELD_BYTES) controller?.pause();
    },
    onResponseEnd() {
      if (!finish()) return;
      connection.release();
      body.end();
    },
    onResponseError(_controller, error) {
      if (phase !== 'over') fail(toProviderError(error, { provider, phase, sent }));
    },
  };
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): WireAnswer['headers'] {
  const single: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) single[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return single;
}
