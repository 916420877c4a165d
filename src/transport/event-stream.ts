import { isGatewayError } from '../errors.js';
import { eventScanner, type ScannedEvent } from './event-scanner.js';
import { unreadableError } from './failures.js';
import type { BodyLimits, WireAnswer } from './transport.js';

/** What one protocol makes of its events: synchronous; throws a GatewayError for an error that the stream carries. */
export interface EventDecoder<E> {
  push(event: ScannedEvent): readonly E[];
  /** The body has ended. */
  end(): readonly E[];
}

export interface EventStreamOptions {
  /** The adapter's name, for messages. */
  readonly provider: string;
  readonly limits: BodyLimits;
  /** The one the answer was sent with: the answer listens to it. Once it has fired, only its reason comes. */
  readonly signal: AbortSignal;
  /** Called for every chunk that arrives: comments and pings are signs of life too, though no event comes of them. */
  readonly alive?: (() => void) | undefined;
}

/** Bytes whose events nobody has read yet. Above it the socket waits, until the reader has taken all of them. */
const MAX_UNREAD_BYTES = 256 * 1024;

/**
 * The body as server-sent events, through a decoder. The flow begins with the first `next()`.
 *
 * A chunk is decoded when it arrives, without a timer, listener or promise of its own. An error comes after the events
 * before it, and has closed the socket by then; `return()` closes it at once. An event that the end of the body leaves
 * without its blank line still counts, unless it cannot be read: then the body was cut there, and the decoder is not asked
 * whether it was complete.
 */
export function readEvents<E>(answer: WireAnswer, decoder: EventDecoder<E>, { provider, limits, signal, alive }: EventStreamOptions): AsyncIterableIterator<E> {
  let queue: E[] = [];
  let taken = 0;
  let unreadBytes = 0;
  let paused = false;
  let started = false;
  /** What comes when the queue is empty. */
  let rest: 'more' | 'end' | { readonly error: unknown } = 'more';
  let waiting: { resolve(result: IteratorResult<E>): void; reject(reason: unknown): void } | undefined;
  let turn: Promise<IteratorResult<E>> | undefined;

  const scanner = eventScanner(provider, limits, (event) => {
    for (const item of decoder.push(event)) queue.push(item);
  });

  function fail(error: unknown): void {
    if (rest !== 'more') return;
    rest = { error: isGatewayError(error) || signal.aborted ? error : unreadableError(provider, error) };
    answer.cancel();
  }

  function chunk(bytes: Uint8Array): void {
    if (rest !== 'more') return;
    alive?.();
    try {
      scanner.push(bytes);
    } catch (error) {
      fail(error);
    }
    if (waiting !== undefined) settle();
    if (taken === queue.length) return;
    unreadBytes += bytes.length;
    if (unreadBytes > MAX_UNREAD_BYTES && !paused) {
      paused = true;
      answer.pause();
    }
  }

  function end(): void {
    if (rest !== 'more') return;
    try {
      // A torn last event says that the body was cut: then what came before it is not asked whether it was all.
      if (lastEventIsWhole()) for (const item of decoder.end()) queue.push(item);
      rest = 'end';
    } catch (error) {
      fail(error);
    }
    settle();
  }

  function lastEventIsWhole(): boolean {
    try {
      scanner.end();
      return true;
    } catch (error) {
      if (!isGatewayError(error, 'invalid_response')) throw error;
      return false;
    }
  }

  /** Gives the reader what it waits for, once it is there. */
  function settle(): void {
    if (waiting === undefined || (taken === queue.length && rest === 'more')) return;
    const { resolve, reject } = waiting;
    waiting = undefined;
    if (taken < queue.length) resolve({ done: false, value: take() });
    else if (typeof rest === 'object') reject(tell(rest.error));
    else resolve(DONE);
  }

  function take(): E {
    const item = queue[taken++] as E; // every caller has seen that it is there
    if (taken === queue.length) {
      drop();
      if (paused) {
        paused = false;
        answer.resume();
      }
    }
    return item;
  }

  function drop(): void {
    queue = [];
    taken = 0;
    unreadBytes = 0;
  }

  /** An error is told once. */
  function tell(error: unknown): unknown {
    rest = 'end';
    return error;
  }

  function stop(how: typeof rest): void {
    drop();
    rest = how;
    answer.cancel();
  }

  function wait(): Promise<IteratorResult<E>> {
    if (waiting !== undefined && turn !== undefined) return (turn = turn.then(next, next)); // two calls at once take turns
    const promise = new Promise<IteratorResult<E>>((resolve, reject) => {
      waiting = { resolve, reject };
    });
    turn = promise;
    if (!started) {
      started = true;
      answer.read({
        chunk,
        end,
        fail(error) {
          fail(error);
          settle();
        },
      });
    }
    return promise;
  }

  function next(): Promise<IteratorResult<E>> {
    // The reader asked to stop: what it has not taken it does not want.
    if (signal.aborted && (rest !== 'end' || taken < queue.length)) stop({ error: signal.reason });
    if (taken < queue.length) return Promise.resolve({ done: false, value: take() });
    if (rest === 'more') return wait();
    return typeof rest === 'object' ? Promise.reject(tell(rest.error)) : Promise.resolve(DONE);
  }

  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next,
    async return() {
      stop('end');
      settle();
      return DONE;
    },
  };
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
