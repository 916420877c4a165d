import type { Dispatcher } from 'undici';
import { BACKSTOP_MS, type Connection } from './connections.js';
import { redirectError, toProviderError } from './failures.js';
import { HeldBody } from './held-body.js';
import type { ByteSink, WireAnswer, WireRequest } from './transport.js';

/** What may arrive unread before the socket is told to wait: one read of it. Small answers are there whole with their head. */
const MAX_HELD_BYTES = 64 * 1024;

/** As undici reads them: a list where a header came more than once. */
type HeadersByName = Readonly<Record<string, string | string[] | undefined>>;

/** One request and its answer over a connection of its own, which is given back or closed in every case. */
export function exchange(request: WireRequest, connection: Connection, path: string): Promise<WireAnswer> {
  const { method, headers, body, patienceMs = 0 } = request;
  return new Promise((resolve, reject) => {
    const handler = new Exchange(request, connection, resolve, reject);
    const asked = { path, method, body: body ?? null, headers: { 'accept-encoding': 'identity', ...headers } };
    connection.client.dispatch(patienceMs > BACKSTOP_MS ? { ...asked, ...backstop(patienceMs) } : asked, handler);
  });
}

/** A little later than whoever is so patient: they say more. To undici 0 is for ever. */
function backstop(patienceMs: number): Pick<Dispatcher.DispatchOptions, 'headersTimeout' | 'bodyTimeout'> {
  const silenceMs = patienceMs === Infinity ? 0 : patienceMs + LATER_MS;
  return { headersTimeout: silenceMs, bodyTimeout: silenceMs };
}

/** undici's clock ticks twice a second. */
const LATER_MS = 1000;

/** What undici talks to, and the answer it makes. Does not hold on to the request: its body is the whole prompt, and a stream may last for minutes. */
class Exchange implements Dispatcher.DispatchHandler, WireAnswer {
  status = 0;
  headers: WireAnswer['headers'] = {};
  readonly #provider: string;
  readonly #signal: AbortSignal;
  readonly #tellSent: () => void;
  readonly #connection: Connection;
  readonly #resolve: (answer: WireAnswer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #body = new HeldBody();
  readonly #abort = (): void => this.#fail(this.#signal.reason);
  #phase: 'connect' | 'waiting' | 'body' | 'over' = 'connect';
  #sent = false;
  #reading = false;
  #controller: Dispatcher.DispatchController | undefined;

  constructor({ provider, signal, sent }: WireRequest, connection: Connection, resolve: (answer: WireAnswer) => void, reject: (error: unknown) => void) {
    this.#provider = provider;
    this.#signal = signal;
    this.#tellSent = sent;
    this.#connection = connection;
    this.#resolve = resolve;
    this.#reject = reject;
    signal.addEventListener('abort', this.#abort);
  }

  read(sink: ByteSink): void {
    this.#reading = true;
    this.resume(); // in case the socket was told to wait; what comes of it is held behind the rest
    this.#body.flowInto(sink);
  }

  pause(): void {
    if (this.#phase === 'body') this.#controller?.pause();
  }

  resume(): void {
    if (this.#phase === 'body') this.#controller?.resume();
  }

  cancel(): void {
    this.#body.drop();
    if (this.#finish()) this.#connection.destroy();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#phase = 'waiting';
  }

  onRequestSent(): void {
    this.#sent = true;
    this.#tellSent();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: HeadersByName): void {
    if (status < 200 || this.#phase !== 'waiting') return; // 103 and the like announce an answer, and are none
    if (status < 400 && status >= 300) {
      this.#fail(redirectError(this.#provider, status));
      return;
    }
    this.#phase = 'body';
    controller.rawHeaders = null; // for others to read; a waiting stream would keep the head's bytes for them
    this.status = status;
    this.headers = joined(headers);
    this.#resolve(this);
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Uint8Array): void {
    if (this.#phase !== 'body') return;
    this.#body.chunk(bytes);
    if (!this.#reading && this.#body.heldBytes > MAX_HELD_BYTES) this.pause();
  }

  onResponseEnd(): void {
    if (!this.#finish()) return;
    this.#connection.release();
    this.#body.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const phase = this.#phase;
    if (phase !== 'over') this.#fail(toProviderError(error, { provider: this.#provider, phase, sent: this.#sent }));
  }

  /** False when it was over already. */
  #finish(): boolean {
    if (this.#phase === 'over') return false;
    this.#phase = 'over';
    this.#signal.removeEventListener('abort', this.#abort);
    return true;
  }

  #fail(error: unknown): void {
    const answered = this.#phase === 'body';
    if (!this.#finish()) return;
    this.#connection.destroy();
    if (answered) this.#body.fail(error);
    else this.#reject(error);
  }
}

function joined(headers: HeadersByName): WireAnswer['headers'] {
  const single: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) single[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return single;
}
