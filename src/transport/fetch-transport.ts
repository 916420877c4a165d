import { isGatewayError, ProviderError, RejectedError } from '../errors.js';
import { redirectError, toProviderError } from './failures.js';
import type { ByteSink, Transport, WireAnswer, WireRequest } from './transport.js';

/**
 * Over a `fetch` of your own: edge runtimes, proxies, tests. Needs nothing of Node.
 *
 * Follows no redirect. `fetch` hides whether a request has left, so a failure counts as `possibly_billed` unless its
 * code proves otherwise. Nothing here waits for a `fetch` or a body that ignores its signal.
 */
export function fetchTransport(fetch: typeof globalThis.fetch): Transport {
  let closed = false;

  return {
    async send(request) {
      const { provider, signal } = request;
      if (closed) throw new RejectedError('closed', `${provider}: this transport is closed`);
      signal.throwIfAborted();
      // A signal of our own: some implementations leave their listener on the one they are given.
      const stopping = new AbortController();
      const close = (): void => stopping.abort();
      const aborted = rejectOnAbort(signal, close);
      try {
        const pending = fetch(request.url, {
          method: request.method,
          headers: request.headers,
          ...(request.body !== undefined && { body: request.body }),
          redirect: 'manual',
          signal: stopping.signal,
        });
        // What comes too late for the race is closed, and its failure is nobody's any more.
        pending.then((late) => void (signal.aborted && discard(late)), noop);
        request.sent();
        const response = await Promise.race([pending, aborted.promise]);
        // `opaqueredirect` is what browsers and some edge runtimes make of a redirect: no status, no headers.
        if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
          close();
          throw redirectError(provider, response.status);
        }
        return wireAnswer(response, request, close);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        throw isGatewayError(error) ? error : toProviderError(error, { provider, phase: 'connect', sent: true });
      } finally {
        aborted.forget();
      }
    },
    async close() {
      closed = true;
    },
  };
}

/**
 * The answer behind a `Response`, for those that a vendor's own client brings too. Without a signal only `cancel` stops
 * it; without a provider its errors speak of "the provider".
 */
export function answerOf(response: Response, owner: Partial<Pick<WireRequest, 'provider' | 'signal'>> = {}): WireAnswer {
  return wireAnswer(response, owner, noop);
}

/**
 * Every read is raced against the signal: on Node 22 an abort after the last byte has arrived leaves `reader.read()`
 * waiting for ever. `close` is called when the answer is given up, not when it ends by itself.
 */
function wireAnswer(response: Response, owner: Partial<Pick<WireRequest, 'provider' | 'signal'>>, close: () => void): WireAnswer {
  const { provider = 'the provider', signal } = owner;
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let sink: ByteSink | undefined;
  let ending: ((to: ByteSink) => void) | undefined;
  let paused = false;
  let reading = false;
  let over = false;

  function finish(tell: ((to: ByteSink) => void) | undefined): void {
    if (over) return;
    over = true;
    signal?.removeEventListener('abort', abort);
    if (sink === undefined) ending = tell;
    else tell?.(sink);
  }

  function giveUp(tell?: (to: ByteSink) => void): void {
    if (over) return;
    if (reader === undefined) discard(response);
    else reader.cancel().catch(noop);
    close();
    finish(tell);
  }

  function abort(): void {
    giveUp((to) => to.fail(signal?.reason));
  }

  function fail(error: unknown): void {
    giveUp((to) => to.fail(toProviderError(error, { provider, phase: 'body', sent: true })));
  }

  /** One read at a time, the next one when the last is dealt with and nobody has paused. */
  function pull(): void {
    if (reading || paused || over || reader === undefined) return;
    reading = true;
    reader.read().then(({ done, value }) => {
      reading = false;
      if (over) return;
      if (done) finish((to) => to.end());
      else if (!ArrayBuffer.isView(value)) fail(unusable(provider, 'a body that is not bytes')); // a stand-in for fetch
      else sink?.chunk(value);
      pull();
    }, fail);
  }

  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();

  return {
    status: response.status,
    headers: headersOf(response),
    read(into) {
      sink = into;
      if (over) {
        ending?.(into);
      } else if (response.body === null) {
        finish((to) => to.end());
      } else {
        if (response.body.locked) fail(unusable(provider, 'a body that something else is reading'));
        else reader = response.body.getReader();
        pull();
      }
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      pull();
    },
    cancel: () => giveUp(),
  };
}

function unusable(provider: string, what: string): ProviderError {
  return new ProviderError('invalid_response', `${provider}: its answer came with ${what}; check the fetch or the client in use`, { certainty: 'started', retryable: false });
}

function headersOf(response: Response): WireAnswer['headers'] {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  });
  return headers;
}

function rejectOnAbort(signal: AbortSignal, close: () => void): { readonly promise: Promise<never>; forget(): void } {
  let abort = noop;
  const promise = new Promise<never>((_resolve, reject) => {
    abort = () => {
      close();
      reject(signal.reason);
    };
  });
  promise.catch(noop); // the abort may come with nobody in the race
  signal.addEventListener('abort', abort);
  return { promise, forget: () => signal.removeEventListener('abort', abort) };
}

function discard(response: Response): void {
  response.body?.cancel().catch(noop); // locked or broken: there is nothing left to close
}

function noop(): void {
  // already told, or nobody's concern
}
