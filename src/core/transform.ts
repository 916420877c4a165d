import { CancelledError, type GatewayError } from '../errors.js';
import { textOf, toolCallsOf, unfold } from '../message/content.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { ChatResponse } from '../types/chat.js';
import type { ChatDelta, StreamEvent } from '../types/stream.js';
import { Fold } from './fold.js';
import { layerOf, ReplyLayer, type ReplyOf } from './reply.js';
import { toGatewayError } from './wrap-error.js';

/**
 * Rewrites content. Both forms of an answer go through `delta`, and `end.response.content`, `text` and `toolCalls` are
 * folded again from what came out: they agree by construction. `start` is not content and passes by. May hold deltas
 * back; `flush` gives up what is left, before the end. Synchronous unless a promise is returned. A throw ends the stream
 * with that error and aborts the attempt below. When the stream below fails nothing is flushed: what was held back was never said.
 */
export interface Rewrite {
  delta(delta: ChatDelta): readonly ChatDelta[] | Promise<readonly ChatDelta[]>;
  flush?(): readonly ChatDelta[] | Promise<readonly ChatDelta[]>;
}

/** The reply as `rewrite` leaves it. Adjacent transforms become one layer, so a chunk costs function calls, not hops. */
export function transform(reply: ReplyOf<'chat'>, rewrite: Rewrite): ReplyOf<'chat'> {
  if (reply instanceof TransformReply && reply.fuse(rewrite)) return reply;
  return new TransformReply(layerOf(reply), rewrite);
}

class TransformReply extends ReplyLayer<'chat'> {
  readonly #below: ReplyLayer<'chat'>;
  readonly #rewrites: Rewrite[];
  readonly #fold = new Fold();
  #ready: readonly ChatDelta[] = [];
  #readyAt = 0;
  #end: ChatResponse | undefined;
  #response: ChatResponse | undefined;
  #touched = false;

  constructor(below: ReplyLayer<'chat'>, rewrite: Rewrite) {
    super(below.call);
    this.#below = below;
    this.#rewrites = [rewrite];
    below.watch((ending) => (ending.status === 'ok' ? undefined : this.fail(ending.error)));
  }

  get facts(): AnswerFacts | undefined {
    return this.#below.facts;
  }

  /** Takes one more rewrite outside the others, while nobody has read or watches what they give. */
  fuse(rewrite: Rewrite): boolean {
    if (this.#touched) return false;
    this.#rewrites.push(rewrite);
    return true;
  }

  override watch(watcher: Parameters<ReplyLayer<'chat'>['watch']>[0]): void {
    this.#touched = true;
    super.watch(watcher);
  }

  snapshot(): ChatResponse | undefined {
    if (this.#response !== undefined) return this.#response;
    const below = this.#below.snapshot();
    return below === undefined ? undefined : this.#rewritten(below);
  }

  protected advance(): void {
    this.#touched = true;
    const ready = this.#ready[this.#readyAt++];
    if (ready !== undefined) this.deliver(ready);
    else if (this.#end !== undefined) this.#finish(this.#end);
    else this.#below.next().then(this.#receive, this.#broken);
  }

  protected release(error: GatewayError): void {
    this.#ready = [];
    if (!this.#below.ended) void this.#below.fail(new CancelledError('cancelled', `the answer was given up above the provider (${error.code})`));
  }

  readonly #receive = (result: IteratorResult<StreamEvent, undefined>): void => {
    if (this.ended || result.done === true) return; // its failure comes through the watcher
    try {
      const event = result.value;
      if (event.type === 'start') this.deliver(event);
      else if (event.type === 'end') this.#take(this.#last(event.response), event.response);
      else this.#take(this.#through([event], 0));
    } catch (error) {
      this.#broken(error);
    }
  };

  readonly #broken = (error: unknown): void => {
    void this.fail(toGatewayError(error));
  };

  /** Puts out what came of the rewrites, now or when they are done. */
  #take(rewritten: readonly ChatDelta[] | Promise<readonly ChatDelta[]>, end?: ChatResponse): void {
    if (rewritten instanceof Promise) {
      rewritten.then((deltas) => this.#put(deltas, end)).catch(this.#broken);
    } else {
      this.#put(rewritten, end);
    }
  }

  #put(deltas: readonly ChatDelta[], end: ChatResponse | undefined): void {
    if (this.ended) return;
    for (const delta of deltas) this.#fold.push(delta);
    this.#ready = this.call.streaming ? deltas : []; // only asked for when the last were read
    this.#readyAt = 0;
    this.#end = end;
    this.advance();
  }

  /** Everything a unary answer holds, or only what was held back of a streamed one. */
  #last(response: ChatResponse): readonly ChatDelta[] | Promise<readonly ChatDelta[]> {
    if (this.call.streaming) return this.#flush([], 0);
    const out = this.#through(unfold(response.content), 0);
    return out instanceof Promise ? out.then((deltas) => this.#flush(deltas, 0)) : this.#flush(out, 0);
  }

  /** `deltas` through the rewrites from `from` outwards. */
  #through(deltas: readonly ChatDelta[], from: number): readonly ChatDelta[] | Promise<readonly ChatDelta[]> {
    let current = deltas;
    for (let at = from; at < this.#rewrites.length; at++) {
      const out = rewriteAll(this.#rewrites[at] as Rewrite, current); // `at` is in range
      if (out instanceof Promise) return out.then((rewritten) => this.#through(rewritten, at + 1));
      current = out;
    }
    return current;
  }

  /** What each rewrite held back, sent through those outside it; after `before`. */
  #flush(before: readonly ChatDelta[], from: number): readonly ChatDelta[] | Promise<readonly ChatDelta[]> {
    let out = before;
    for (let at = from; at < this.#rewrites.length; at++) {
      const held = this.#rewrites[at]?.flush?.() ?? [];
      const more = held instanceof Promise ? held.then((deltas) => this.#through(deltas, at + 1)) : this.#through(held, at + 1);
      const sofar = out;
      if (more instanceof Promise) return more.then((deltas) => this.#flush([...sofar, ...deltas], at + 1));
      if (more.length > 0) out = [...sofar, ...more];
    }
    return out;
  }

  #finish(below: ChatResponse): void {
    this.#response = this.#rewritten(below);
    this.finish({ type: 'end', response: this.#response });
  }

  #rewritten(below: ChatResponse): ChatResponse {
    const content = this.#fold.content();
    return { ...below, content, text: textOf(content), toolCalls: toolCallsOf(content) };
  }
}

function rewriteAll(rewrite: Rewrite, deltas: readonly ChatDelta[]): readonly ChatDelta[] | Promise<readonly ChatDelta[]> {
  if (deltas.length === 1) return rewrite.delta(deltas[0] as ChatDelta); // the common case allocates nothing
  const out: ChatDelta[] = [];
  for (let at = 0; at < deltas.length; at++) {
    const result = rewrite.delta(deltas[at] as ChatDelta);
    if (result instanceof Promise) return finishAll(rewrite, out, result, deltas, at + 1);
    out.push(...result);
  }
  return out;
}

/** One after the other: a rewrite may depend on the order. */
async function finishAll(rewrite: Rewrite, out: ChatDelta[], first: Promise<readonly ChatDelta[]>, deltas: readonly ChatDelta[], from: number): Promise<readonly ChatDelta[]> {
  out.push(...(await first));
  for (let at = from; at < deltas.length; at++) out.push(...(await rewrite.delta(deltas[at] as ChatDelta)));
  return out;
}
