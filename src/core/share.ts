import { CancelledError, ProviderError } from '../errors.js';
import { textOf, toolCallsOf } from '../message/content.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { EndEvent } from '../types/stream.js';
import { createOwnSignal, race } from './abort.js';
import type { Call, CallOf } from './call.js';
import { complete } from './complete.js';
import { Fold } from './fold.js';
import type { Next } from './interceptor.js';
import type { EventOf, OperationName, ResponseOf } from './operation.js';
import { layerOfAny, ReplyLayer, type Reply } from './reply.js';
import { createScope, SCOPE, scopeOf } from './scope.js';
import { toGatewayError } from './wrap-error.js';

/** What a shared stream may keep for readers that come late, in characters: the transport's cap on a whole body. */
const MAX_KEPT = 64 * 1024 * 1024;

type Event = EventOf<OperationName>;

/**
 * One call below for many above. Runs `next` once, on a copy of `call` that neither the caller's signal nor its deadline
 * ends, only the exit of the last reader (a reader that comes after that starts anew). Each reader gets every event from
 * the first, at its own pace; its own signal ends only its own reading. Unary and streaming readers may share: each gets
 * the form it asked for.
 */
export function share(call: Call, next: Next): (reader: Call) => Promise<Reply> {
  let hub: Hub | undefined;
  return async (reader) => {
    if (reader.signal.aborted) throw reader.signal.reason;
    if (hub === undefined || hub.abandoned()) hub = openHub(call, next);
    const joined = hub;
    joined.join();
    let reply: ReplyLayer<OperationName>;
    try {
      reply = await race(joined.reply, reader.signal);
    } catch (error) {
      joined.leave();
      throw error;
    }
    const shared = new SharedReply(reader as CallOf<OperationName>, reply, joined); // reader and shared call have one operation
    return reader.streaming && !call.streaming ? asDeltas(reader, shared) : (shared as unknown as Reply);
  };
}

interface Hub {
  readonly reply: Promise<ReplyLayer<OperationName>>;
  readonly events: readonly Event[];
  /** Brings one more event, for all who wait. */
  more(reply: ReplyLayer<OperationName>): Promise<void>;
  join(): void;
  leave(): void;
  abandoned(): boolean;
}

function openHub(call: Call, next: Next): Hub {
  const own = createOwnSignal();
  // Numbered with the caller's attempts, but not undone with its call: others may still be reading.
  const scope = createScope(scopeOf(call));
  const events: Event[] = [];
  let pulling: Promise<void> | undefined;
  let readers = 0;
  let kept = 0;
  let over = false;
  let left = false;

  async function open(): Promise<ReplyLayer<OperationName>> {
    try {
      const reply = layerOfAny(await next({ ...call, signal: own.signal, deadline: undefined, [SCOPE]: scope }));
      reply.watch(() => {
        over = true;
        scope.end();
      });
      return reply;
    } catch (error) {
      scope.end();
      throw toGatewayError(error);
    }
  }

  async function pull(reply: ReplyLayer<OperationName>): Promise<void> {
    try {
      const { value } = await reply.next();
      if (value === undefined) throw new ProviderError('stream_interrupted', 'a shared answer ended without its end event', { certainty: 'started' });
      events.push(value);
      kept += sizeOf(value);
      if (kept > MAX_KEPT) throw new ProviderError('invalid_response', `a shared answer passed ${MAX_KEPT} characters`, { certainty: 'started' });
    } finally {
      pulling = undefined;
    }
  }

  return {
    reply: open(),
    events,
    more: (reply) => (pulling ??= pull(reply)),
    join: () => void readers++,
    leave() {
      readers--;
      if (readers > 0) return;
      left = true;
      // Opened or not: the signal ends the wait for the first content as well as what comes after it.
      if (!over) own.abort(new CancelledError('cancelled', 'the last reader of a shared answer left'));
    },
    abandoned: () => left,
  };
}

/** A streaming reader of a unary answer: it is there as soon as it is open. */
async function asDeltas(reader: Call, shared: SharedReply): Promise<Reply> {
  for await (const event of shared) if (event.type === 'end') return complete(reader, event.response as ResponseOf<OperationName>, shared.facts) as Reply;
  throw new ProviderError('stream_interrupted', 'a shared answer ended without its end event', { certainty: 'started' });
}

class SharedReply extends ReplyLayer<OperationName> {
  readonly #reply: ReplyLayer<OperationName>;
  readonly #hub: Hub;
  #at = 0;

  constructor(call: CallOf<OperationName>, reply: ReplyLayer<OperationName>, hub: Hub) {
    super(call);
    this.#reply = reply;
    this.#hub = hub;
    this.watch(() => hub.leave()); // told exactly once, however it ends
  }

  get facts(): AnswerFacts | undefined {
    return this.#reply.facts;
  }

  /** What this reader has been given, which may be less than has come. */
  snapshot(): ResponseOf<OperationName> | undefined {
    const response = this.#reply.snapshot();
    if (response === undefined || !('content' in response)) return response;
    const fold = new Fold();
    for (const event of this.#hub.events.slice(0, this.#at)) {
      if (event.type === 'end') return response;
      fold.push(event);
    }
    const content = fold.content();
    return { ...response, content, text: textOf(content), toolCalls: toolCallsOf(content) };
  }

  protected advance(): void {
    for (;;) {
      const event = this.#hub.events[this.#at];
      if (event === undefined) break;
      this.#at++;
      if (event.type === 'end') return this.finish(event as EndEvent<ResponseOf<OperationName>>);
      if (this.call.streaming) return this.deliver(event);
    }
    this.#hub.more(this.#reply).then(
      () => {
        if (!this.ended) this.advance();
      },
      (error: unknown) => void this.fail(toGatewayError(error)),
    );
  }

  protected release(): void {}
}

function sizeOf(event: Event): number {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'refusal-delta':
      return event.text.length;
    case 'tool-call-delta':
      return event.json.length;
    default:
      return 0;
  }
}
