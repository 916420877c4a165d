import { malformed } from '../dialects/failure.js';
import { toProviderError } from '../transport/failures.js';
import type { ByteSink, WireAnswer } from '../transport/transport.js';

/*
 * Answers put together again from what a vendor's client has already parsed, so that they are read, capped and judged
 * like those from the wire.
 */

type Headers = Readonly<Record<string, string>>;

/** A whole answer. Text goes as it is, anything else as JSON. */
export function wholeAnswer(status: number, headers: Headers, body: unknown): WireAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body) ?? '';
  let cancelled = false;
  return {
    status,
    headers: typeof body === 'string' ? headers : { ...headers, 'content-type': 'application/json' },
    read(sink) {
      if (cancelled) return;
      sink.chunk(new TextEncoder().encode(text));
      sink.end();
    },
    pause() {},
    resume() {},
    cancel() {
      cancelled = true;
    },
  };
}

/** What a made stream needs to know of its request. */
export interface MadeStream {
  readonly provider: string;
  readonly headers: Headers;
  /** The caller's: once it has fired, the stream fails with its reason. */
  readonly signal: AbortSignal;
  /** Closes the socket below. Called once, unless the chunks ended by themselves. */
  readonly close: () => void;
}

/** A stream of parsed chunks as server-sent events. */
export function streamedAnswer(chunks: AsyncIterator<unknown>, { provider, headers, signal, close }: MadeStream): WireAnswer {
  const encoder = new TextEncoder();
  let sink: ByteSink | undefined;
  let paused = false;
  let pulling = false;
  let over = false;

  /** False when it was over already. */
  function finish(): boolean {
    if (over) return false;
    over = true;
    signal.removeEventListener('abort', abort);
    return true;
  }

  function fail(error: unknown): void {
    if (!finish()) return;
    close();
    sink?.fail(error);
  }

  // Not left to the chunks: an abort after the last byte has arrived can leave them waiting for ever.
  function abort(): void {
    fail(signal.reason);
  }

  function pull(): void {
    if (pulling || paused || over || sink === undefined) return;
    pulling = true;
    chunks.next().then(({ done, value }) => {
      pulling = false;
      if (over) return;
      if (done === true) {
        if (finish()) sink?.end();
        return;
      }
      sink?.chunk(encoder.encode(`data: ${JSON.stringify(value)}\n\n`));
      pull();
    }).catch((error: unknown) => {
      if (signal.aborted) fail(signal.reason);
      else if (error instanceof SyntaxError) fail(malformed(provider, 'a stream event that is not JSON'));
      else fail(toProviderError(error, { provider, phase: 'body', sent: true }));
    });
  }

  signal.addEventListener('abort', abort);

  return {
    status: 200,
    headers: { ...headers, 'content-type': 'text/event-stream' },
    read(into) {
      sink = into;
      if (over && signal.aborted) into.fail(signal.reason);
      pull();
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      pull();
    },
    cancel() {
      if (finish()) close();
    },
  };
}
