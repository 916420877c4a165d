import { CancelledError, RejectedError, type GatewayError } from '../errors.js';
import { isContent } from '../message/content.js';
import type { ChatResponse } from '../types/chat.js';
import type { CallReport } from '../types/report.js';
import type { ChatStream, StreamEvent } from '../types/stream.js';
import { createGrowingJson } from './growing-json.js';
import { layerOf, type ReplyLayer, type ReplyOf } from './reply.js';

/** What the gateway lends to the stream it hands out. */
export interface StreamSource {
  /** Sends the call. Called at most once, when the reader first asks. */
  start(): Promise<ReplyOf<'chat'>>;
  /** Ends the call before or while it opens. */
  abort(reason: CancelledError): void;
  report(): CallReport;
  /** The response as the caller gets it: validated, with its report. */
  finish(response: ChatResponse): ChatResponse | Promise<ChatResponse>;
  /** The error as the caller gets it. */
  explain(error: unknown): GatewayError;
}

type Result = IteratorResult<StreamEvent, undefined>;

/** The one reader's end of a call: lazy, and complete only with its end event. */
export function createChatStream(source: StreamSource): ChatStream {
  /** Read by `open()`, not yet by the reader. */
  const early: StreamEvent[] = [];
  let reply: Promise<ReplyLayer<'chat'>> | undefined;
  let opened: Promise<CallReport> | undefined;
  let whole: Promise<ChatResponse> | undefined;
  let response: ChatResponse | undefined;
  let failure: GatewayError | undefined;
  let taken = false;
  let opening = false;
  let current: ReplyLayer<'chat'> | undefined;

  function send(): Promise<ReplyLayer<'chat'>> {
    return (reply ??= source.start().then(layerOf));
  }

  function read(): Promise<Result> {
    if (failure !== undefined) return Promise.reject(failure);
    if (response !== undefined) return Promise.resolve(DONE);
    return current === undefined ? send().then(begin, broken) : current.next().then(pass, broken);
  }

  function begin(layer: ReplyLayer<'chat'>): Promise<Result> {
    current = layer;
    return read();
  }

  // Made once, so that a chunk allocates no closure.
  function pass(result: Result): Result | Promise<Result> {
    if (result.done !== true && result.value.type === 'end') return end(result.value.response);
    return result;
  }

  async function end(below: ChatResponse): Promise<Result> {
    try {
      response = await source.finish(below);
    } catch (error) {
      return broken(error);
    }
    return { value: { type: 'end', response }, done: false };
  }

  function broken(error: unknown): never {
    throw (failure ??= source.explain(error));
  }

  async function open(): Promise<CallReport> {
    if (taken) {
      await send(); // someone reads already: the reply is there with its first content
      return source.report();
    }
    opening = true;
    try {
      for (;;) {
        const { value, done } = await read();
        if (done === true) break;
        early.push(value);
        if (value.type === 'end' || isContent(value)) break;
      }
    } finally {
      opening = false;
    }
    return source.report();
  }

  async function leave(): Promise<Result> {
    early.length = 0;
    if (failure === undefined && response === undefined) await cancel('the reader left before the end');
    return DONE;
  }

  async function cancel(why: string): Promise<void> {
    if (failure !== undefined || response !== undefined) return;
    const reason = new CancelledError('cancelled', why);
    source.abort(reason);
    failure = source.explain(reason);
    if (current !== undefined) await current.cancel(reason);
    // Not opened yet: the abort ends that, and a reply that comes all the same goes unread.
    else reply?.then((layer) => layer.cancel(reason)).catch(() => {}); // its error is the one just given
  }

  const iterator: AsyncIterator<StreamEvent, undefined> = {
    next() {
      if (opening) return (opened as Promise<CallReport>).then(iterator.next, iterator.next); // `opening` says that it is there
      const event = early.shift();
      if (event !== undefined) return Promise.resolve({ value: event, done: false });
      const ready = failure === undefined ? current?.ready() : undefined;
      return ready === undefined ? read() : Promise.resolve({ value: ready, done: false });
    },
    return: leave,
  };

  function take(): AsyncIterator<StreamEvent, undefined> {
    if (taken) throw new RejectedError('invalid_request', 'a stream has one reader, and this one has been taken; call gateway.stream() again');
    taken = true;
    return iterator;
  }

  async function drain(): Promise<ChatResponse> {
    taken = true;
    for (;;) {
      const { done } = await iterator.next();
      if (done === true) break;
    }
    if (response === undefined) throw failure ?? new RejectedError('interceptor_failed', 'a reply ended without its end event');
    return response;
  }

  return {
    [Symbol.asyncIterator]: take,
    open: () => (opened ??= open()),
    response: () => (whole ??= drain()),
    async *text() {
      for await (const event of { [Symbol.asyncIterator]: take }) if (event.type === 'text-delta' && event.text !== '') yield event.text;
    },
    async *objects() {
      const growing = createGrowingJson();
      for await (const event of { [Symbol.asyncIterator]: take }) {
        if (event.type !== 'text-delta' || !growing.push(event.text)) continue;
        const value = growing.value();
        if (value !== undefined) yield value;
      }
    },
    cancel: () => cancel('the caller cancelled the stream'),
  };
}

const DONE = { value: undefined, done: true } as const;
