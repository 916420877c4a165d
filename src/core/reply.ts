import { CancelledError, copyError, RejectedError, type GatewayError } from '../errors.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { ChatResponse } from '../types/chat.js';
import type { EndEvent } from '../types/stream.js';
import { onAbort } from './abort.js';
import type { Call, CallOf } from './call.js';
import type { EventOf, OperationName, ResponseOf } from './operation.js';
import { toGatewayError } from './wrap-error.js';

/** Zero or more deltas, then exactly one `end` carrying the whole response. Single reader. */
export interface ReplyOf<O extends OperationName> extends AsyncIterable<EventOf<O>> {
  readonly operation: O;
  /** What the provider's answer said beside its body. Undefined when no provider answered (a cache hit). */
  readonly facts: AnswerFacts | undefined;
  /** True: the whole answer is there, read or not, and nothing of it is under way at the provider. False says only that this is not known. */
  readonly whole: boolean;
  /** What has passed this point so far. */
  snapshot(): ResponseOf<O> | undefined;
  /** For a reply nobody will read (a hedge that lost, an abort after success). Closes the socket and settles every observer below. */
  cancel(reason: CancelledError): Promise<void>;
}

/** Distributes, so that `operation` narrows events and response. */
export type Reply = { [O in OperationName]: ReplyOf<O> }[OperationName];
export type ReplyEvent = EventOf<OperationName>;

/** How a reply ended. `cancelled`: the caller, a reader that left, a hedge that lost, the deadline. */
export type Outcome = {
  readonly durationMs: number;
  readonly timeToFirstContentMs?: number;
  readonly facts?: AnswerFacts;
} & (
  | { readonly status: 'ok'; readonly response: ResponseOf<OperationName> }
  | { readonly status: 'error'; readonly error: GatewayError; readonly partial?: ResponseOf<OperationName> }
  | { readonly status: 'cancelled'; readonly error: CancelledError; readonly partial?: ResponseOf<OperationName> }
);

/** The ending as a layer passes it up: an Outcome without the clock of whoever watches it. */
export type Ending =
  | { readonly status: 'ok'; readonly response: ResponseOf<OperationName> }
  | { readonly status: 'error' | 'cancelled'; readonly error: GatewayError; readonly partial: ResponseOf<OperationName> | undefined };

type Watcher = (ending: Ending) => void | Promise<void>;

/**
 * One layer of a reply. Everything that must hold for every reply is here, once: a single reader, an ending that is
 * told exactly once and innermost first, an abort that ends it with nobody reading, and nothing left behind.
 * A subclass says how to get the next event, and how to let go of what is below.
 */
export abstract class ReplyLayer<O extends OperationName> implements ReplyOf<O>, AsyncIterator<EventOf<O>, undefined> {
  readonly operation: O;
  readonly whole: boolean = false;
  readonly call: CallOf<O>;
  readonly #watchers: Watcher[] = [];
  #tap: ((event: EventOf<O>) => void) | undefined;
  #undoAbort: () => void;
  /** The call was over before this layer was made: told when someone reads. */
  readonly #tooLate: boolean;
  #ending: Ending | undefined;
  /** The reader has had everything there was to have. */
  #over = false;
  #unread: GatewayError | undefined;
  #resolve: ((result: IteratorResult<EventOf<O>, undefined>) => void) | undefined;
  #reject: ((error: unknown) => void) | undefined;

  constructor(call: CallOf<O>) {
    this.operation = call.operation;
    this.call = call;
    this.#tooLate = call.signal.aborted;
    this.#undoAbort = this.#tooLate ? () => {} : onAbort(call.signal, () => this.fail(toGatewayError(call.signal.reason)));
  }

  /** The next event if it is there already, and is not the end: spares the promises. Only for a reader that waits for nothing else. */
  ready(): EventOf<O> | undefined {
    return undefined;
  }

  abstract readonly facts: AnswerFacts | undefined;
  abstract snapshot(): ResponseOf<O> | undefined;
  /** Leads, now or later, to one call of `deliver`, `finish` or `fail`. */
  protected abstract advance(): void;
  /** Lets go of what is below. Must not throw. */
  protected abstract release(error: GatewayError): void;

  /** Tells `watcher` the ending, after those told of it before; at once when that is past. */
  watch(watcher: Watcher): void {
    if (this.#ending === undefined) {
      this.#watchers.push(watcher);
      return;
    }
    const waiting = watcher(this.#ending);
    if (waiting !== undefined) this.call.background(waiting); // nobody is left to wait for it
  }

  /** Shows `tap` every event as the reader gets it. It must not throw. */
  tap(tap: (event: EventOf<O>) => void): void {
    const inner = this.#tap;
    this.#tap = inner === undefined ? tap : (event) => (inner(event), tap(event));
  }

  get ended(): boolean {
    return this.#ending !== undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<EventOf<O>, undefined> {
    return this;
  }

  next(): Promise<IteratorResult<EventOf<O>, undefined>> {
    if (this.#tooLate && this.#ending === undefined) void this.fail(toGatewayError(this.call.signal.reason));
    if (this.#over) return Promise.resolve(DONE);
    if (this.#unread !== undefined) {
      const error = this.#unread;
      this.#unread = undefined;
      this.#over = true;
      return Promise.reject(error);
    }
    if (this.#resolve !== undefined) return Promise.reject(new RejectedError('invalid_request', 'a stream has one reader: wait for one event before asking for the next'));
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      if (this.#ending === undefined) this.advance();
    });
  }

  return(): Promise<IteratorResult<EventOf<O>, undefined>> {
    if (this.#ending === undefined) void this.fail(new CancelledError('cancelled', 'the reader left before the end'));
    this.#unread = undefined;
    this.#over = true;
    return Promise.resolve(DONE);
  }

  async cancel(reason: CancelledError): Promise<void> {
    await this.fail(reason);
  }

  protected shown<E extends EventOf<O>>(event: E): E {
    this.#tap?.(event);
    return event;
  }

  protected deliver(event: EventOf<O>): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.({ value: this.shown(event), done: false });
  }

  /** The end, once everyone who must see it first has. */
  protected finish(event: EndEvent<ResponseOf<O>>): void {
    if (this.#ending !== undefined) return;
    this.#ending = { status: 'ok', response: event.response };
    const told = this.#tell(this.#ending, 0);
    if (told === undefined) {
      this.#undoAbort();
      this.#end(event);
      return;
    }
    // Still watched: whoever holds the end back (a slow ledger) must not hold the reader past a deadline.
    this.#undoAbort();
    this.#undoAbort = onAbort(this.call.signal, () => this.#throw(toGatewayError(this.call.signal.reason)));
    void told.then((error) => {
      this.#undoAbort();
      if (error === undefined) this.#end(event);
      else this.#throw(error);
    });
  }

  /** The end, badly. Resolves when everyone has been told. */
  fail(error: GatewayError): void | Promise<void> {
    if (this.#ending !== undefined) return;
    const partial = this.snapshot();
    const shown = partial === undefined || this.operation !== 'chat' ? error : copyError(error, { partial: partial as ChatResponse }); // `operation` says so
    const cancelled = shown instanceof CancelledError;
    this.#ending = { status: cancelled ? 'cancelled' : 'error', error: shown, partial };
    this.#undoAbort();
    this.release(error);
    const told = this.#tell(this.#ending, 0);
    if (told === undefined) return this.#throw(shown);
    if (cancelled) {
      // After a cancellation nobody waits.
      this.call.background(told);
      return this.#throw(shown);
    }
    return told.then((replacement) => this.#throw(replacement ?? shown));
  }

  #end(event: EndEvent<ResponseOf<O>>): void {
    this.#over = true;
    this.deliver(event as EventOf<O>); // O's end is one of O's events
  }

  #throw(error: GatewayError): void {
    const reject = this.#reject;
    if (this.#resolve === undefined || reject === undefined) {
      if (!this.#over) this.#unread = error;
      return;
    }
    this.#resolve = undefined;
    this.#over = true;
    reject(error);
  }

  /** Watchers in order, waiting only for those that return a promise. Gives the error that replaces the ending, if one of them failed. */
  #tell(ending: Ending, from: number): undefined | Promise<GatewayError | undefined> {
    for (let at = from; at < this.#watchers.length; at++) {
      const watcher = this.#watchers[at] as Watcher; // `at` is in range
      let waiting: void | Promise<void>;
      try {
        waiting = watcher(ending);
      } catch (error) {
        return this.#replaced(error, at + 1);
      }
      if (waiting !== undefined) {
        return waiting.then(
          () => this.#tell(ending, at + 1),
          (error: unknown) => this.#replaced(error, at + 1),
        );
      }
    }
    return undefined;
  }

  async #replaced(cause: unknown, from: number): Promise<GatewayError> {
    const error = toGatewayError(cause);
    return (await this.#tell({ status: 'error', error, partial: this.snapshot() }, from)) ?? error;
  }
}

/** Every reply that passes between interceptors is a ReplyLayer; the type they see hides what only the core may call. */
export function layerOf<O extends OperationName>(reply: ReplyOf<O>): ReplyLayer<O> {
  if (reply instanceof ReplyLayer) return reply;
  throw new RejectedError('interceptor_failed', 'an interceptor returned a reply of its own making; make replies with complete(), transform(), share() or resume()');
}

export function layerOfAny(reply: Reply): ReplyLayer<OperationName> {
  return layerOf(reply as ReplyOf<OperationName>); // the union is one of its members
}

/** The whole response, leaving the deltas unread. */
export async function settle<O extends OperationName>(reply: ReplyOf<O>): Promise<ResponseOf<O>> {
  for await (const event of reply) if (event.type === 'end') return (event as EndEvent<ResponseOf<O>>).response;
  throw new RejectedError('interceptor_failed', 'a reply ended without its end event');
}

/** True for a call of this operation, in the types too. */
export function isOperation<O extends OperationName>(call: Call, operation: O): call is Extract<Call, { readonly operation: O }> {
  return call.operation === operation;
}

const DONE = { value: undefined, done: true } as const;
