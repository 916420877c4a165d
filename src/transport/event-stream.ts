import { isGatewayError } from '../errors.js';
import { eventScanner, type EventScanner, type ScannedEvent } from './event-scanner.js';
import { unreadableError } from './failures.js';
import type { BodyLimits, ByteSink, WireAnswer } from './transport.js';

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
export function readEvents<E>(answer: WireAnswer, decoder: EventDecoder<E>, options: EventStreamOptions): AsyncIterableIterator<E> {
  return new EventStream(answer, decoder, options);
}

interface Waiting<E> {
  resolve(result: IteratorResult<E>): void;
  reject(reason: unknown): void;
}

class EventStream<E> implements AsyncIterableIterator<E>, ByteSink {
  readonly #answer: WireAnswer;
  readonly #decoder: EventDecoder<E>;
  readonly #options: EventStreamOptions;
  readonly #scanner: EventScanner;
  #queue: E[] = [];
  #taken = 0;
  #unreadBytes = 0;
  #paused = false;
  #started = false;
  /** What comes when the queue is empty. */
  #rest: 'more' | 'end' | { readonly error: unknown } = 'more';
  #waiting: Waiting<E> | undefined;
  #turn: Promise<IteratorResult<E>> | undefined;

  constructor(answer: WireAnswer, decoder: EventDecoder<E>, options: EventStreamOptions) {
    this.#answer = answer;
    this.#decoder = decoder;
    this.#options = options;
    this.#scanner = eventScanner(options.provider, options.limits, (event) => this.#keep(decoder.push(event)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<E>> {
    const { signal } = this.#options;
    // The reader asked to stop: what it has not taken it does not want.
    if (signal.aborted && (this.#rest !== 'end' || this.#hasMore())) this.#stop({ error: signal.reason });
    if (this.#hasMore()) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#rest === 'more') return this.#wait();
    return typeof this.#rest === 'object' ? Promise.reject(this.#tell(this.#rest.error)) : Promise.resolve(DONE);
  }

  ready(): E | undefined {
    return this.#hasMore() && !this.#options.signal.aborted ? this.#take() : undefined;
  }

  async return(): Promise<IteratorResult<E>> {
    this.#stop('end');
    this.#settle();
    return DONE;
  }

  chunk(bytes: Uint8Array): void {
    if (this.#rest !== 'more') return;
    this.#options.alive?.();
    try {
      this.#scanner.push(bytes);
    } catch (error) {
      this.#break(error);
    }
    if (this.#waiting !== undefined) this.#settle();
    if (!this.#hasMore()) return;
    this.#unreadBytes += bytes.length;
    if (this.#unreadBytes > MAX_UNREAD_BYTES && !this.#paused) {
      this.#paused = true;
      this.#answer.pause();
    }
  }

  end(): void {
    if (this.#rest !== 'more') return;
    try {
      // A torn last event says that the body was cut: then what came before it is not asked whether it was all.
      if (this.#lastEventIsWhole()) this.#keep(this.#decoder.end());
      this.#rest = 'end';
    } catch (error) {
      this.#break(error);
    }
    this.#settle();
  }

  fail(error: unknown): void {
    this.#break(error);
    this.#settle();
  }

  #keep(items: readonly E[]): void {
    for (const item of items) this.#queue.push(item);
  }

  #hasMore(): boolean {
    return this.#taken < this.#queue.length;
  }

  #break(error: unknown): void {
    if (this.#rest !== 'more') return;
    this.#rest = { error: isGatewayError(error) || this.#options.signal.aborted ? error : unreadableError(this.#options.provider, error) };
    this.#answer.cancel();
  }

  #lastEventIsWhole(): boolean {
    try {
      this.#scanner.end();
      return true;
    } catch (error) {
      if (!isGatewayError(error, 'invalid_response')) throw error;
      return false;
    }
  }

  /** Gives the reader what it waits for, once it is there. */
  #settle(): void {
    if (this.#waiting === undefined || (!this.#hasMore() && this.#rest === 'more')) return;
    const { resolve, reject } = this.#waiting;
    this.#waiting = undefined;
    if (this.#hasMore()) resolve({ done: false, value: this.#take() });
    else if (typeof this.#rest === 'object') reject(this.#tell(this.#rest.error));
    else resolve(DONE);
  }

  #take(): E {
    const item = this.#queue[this.#taken++] as E; // every caller has seen that it is there
    if (!this.#hasMore()) {
      this.#drop();
      if (this.#paused) {
        this.#paused = false;
        this.#answer.resume();
      }
    }
    return item;
  }

  #drop(): void {
    this.#queue = [];
    this.#taken = 0;
    this.#unreadBytes = 0;
  }

  /** An error is told once. */
  #tell(error: unknown): unknown {
    this.#rest = 'end';
    return error;
  }

  #stop(how: 'end' | { readonly error: unknown }): void {
    this.#drop();
    this.#rest = how;
    this.#answer.cancel();
  }

  #wait(): Promise<IteratorResult<E>> {
    if (this.#waiting !== undefined && this.#turn !== undefined) {
      // Two calls at once take turns.
      const next = (): Promise<IteratorResult<E>> => this.next();
      return (this.#turn = this.#turn.then(next, next));
    }
    const promise = new Promise<IteratorResult<E>>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    this.#turn = promise;
    if (!this.#started) {
      this.#started = true;
      this.#answer.read(this);
    }
    return promise;
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };
