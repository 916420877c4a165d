import { unfold } from '../message/content.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { ChatResponse } from '../types/chat.js';
import type { ChatDelta } from '../types/stream.js';
import type { Call, CallOf } from './call.js';
import type { EventOf, OperationName, ResponseOf } from './operation.js';
import { ReplyLayer, type Reply, type ReplyOf } from './reply.js';

/**
 * An answer that is already there (a cache, a mock, a guard that buffers). When the call streams, it comes as deltas: as
 * `deltas`, whose fold must be the response's content, or without them one for each part.
 */
export function complete<O extends OperationName>(call: CallOf<O>, response: ResponseOf<O>, facts?: AnswerFacts, deltas?: readonly ChatDelta[]): ReplyOf<O>;
export function complete(call: Call, response: ResponseOf<OperationName>, facts?: AnswerFacts, deltas?: readonly ChatDelta[]): Reply;
export function complete(call: Call, response: ResponseOf<OperationName>, facts?: AnswerFacts, deltas?: readonly ChatDelta[]): Reply {
  return new ReadyReply(call as CallOf<OperationName>, response, facts, deltas) as unknown as Reply; // the response is that of the call's operation
}

class ReadyReply<O extends OperationName> extends ReplyLayer<O> {
  override readonly whole = true;
  readonly facts: AnswerFacts | undefined;
  readonly #response: ResponseOf<O>;
  #deltas: readonly ChatDelta[];
  #at = 0;

  constructor(call: CallOf<O>, response: ResponseOf<O>, facts: AnswerFacts | undefined, deltas: readonly ChatDelta[] | undefined) {
    super(call);
    this.facts = facts;
    this.#response = response;
    this.#deltas = call.streaming && call.operation === 'chat' ? (deltas ?? asDeltas(response as ChatResponse)) : [];
  }

  snapshot(): ResponseOf<O> | undefined {
    return this.#response;
  }

  protected advance(): void {
    const delta = this.#deltas[this.#at++];
    if (delta !== undefined) this.deliver(delta as EventOf<O>); // only chat has deltas
    else this.finish({ type: 'end', response: this.#response });
  }

  protected release(): void {
    this.#deltas = [];
  }
}

function asDeltas(response: ChatResponse): readonly ChatDelta[] {
  return [{ type: 'start', id: response.id, provider: response.provider, model: response.model }, ...unfold(response.content)];
}
