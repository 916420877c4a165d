import { ProviderError, copyError, type GatewayError } from '../errors.js';
import { isContent, textOf, toolCallsOf } from '../message/content.js';
import type { AdapterEvent, AnswerFacts, EagerIterator } from '../types/adapter.js';
import type { ChatResponse } from '../types/chat.js';
import type { ProviderCode } from '../types/codes.js';
import type { AssistantPart } from '../types/message.js';
import type { ChatDelta, EndEvent, StreamEvent } from '../types/stream.js';
import type { Usage } from '../types/usage.js';
import type { Attempt } from './attempt.js';
import type { CallOf } from './call.js';
import { Fold } from './fold.js';
import { ReplyLayer } from './reply.js';
import { toAdapterError } from './wrap-error.js';

type Finish = Extract<AdapterEvent, { readonly type: 'finish' }>;

/** How long a provider may keep a finished stream open before its socket is closed under it. Long enough for a last packet to arrive, so that the socket can be used again. */
const TAIL_MS = 1000;

/** Once content was delivered these say no more than that the stream broke off. */
const BREAKS: ReadonlySet<ProviderCode> = new Set<ProviderCode>(['network', 'server_error', 'overloaded', 'provider_rate_limit', 'quota_exhausted', 'connect_timeout']);

/** The stream of one attempt as it comes from the adapter: the innermost layer, and the one place where deltas are folded when nothing rewrites them. */
export class AttemptReply extends ReplyLayer<'chat'> {
  readonly #attempt: Attempt;
  readonly #iterator: EagerIterator<AdapterEvent>;
  readonly #fold = new Fold();
  #start: Extract<ChatDelta, { readonly type: 'start' }> | undefined;
  /** What came up to the first content, until the reader asks. */
  readonly #early: StreamEvent[] = [];
  /** Came out of `ready`, and needs the way of `next`. */
  #held: AdapterEvent | undefined;
  /** What the provider has said of it so far: not the last word, so what is made of it is marked as estimated. */
  #usage: Usage | undefined;
  #opening = true;
  #committed = false;
  #response: ChatResponse | undefined;

  constructor(call: CallOf<'chat'>, attempt: Attempt, events: AsyncIterable<AdapterEvent>) {
    super(call);
    this.#attempt = attempt;
    this.#iterator = events[Symbol.asyncIterator]();
  }

  get facts(): AnswerFacts | undefined {
    return this.#attempt.facts();
  }

  /** Resolves at the first content (or at the end of an answer that has none); rejects with what came before it. */
  async open(): Promise<this> {
    for (;;) {
      const { value, done } = await this.next();
      if (done) break;
      this.#early.push(value);
      if (value.type === 'end' || isContent(value)) break;
    }
    this.#opening = false;
    return this;
  }

  snapshot(): ChatResponse | undefined {
    if (this.#response !== undefined) return this.#response;
    return this.#committed ? this.#whole({ type: 'finish', finishReason: 'other' }) : undefined;
  }

  override ready(): StreamEvent | undefined {
    if (this.#opening || this.ended || this.#early.length > 0 || this.#held !== undefined || this.#iterator.ready === undefined) return undefined;
    try {
      let event = this.#iterator.ready();
      while (event?.type === 'usage') {
        this.#usage = event.usage;
        event = this.#iterator.ready();
      }
      if (event === undefined) return undefined;
      if (event.type === 'finish' || event.type === 'start') {
        this.#held = event;
        return undefined;
      }
      this.#fold.push(event);
      return this.shown(event);
    } catch (error) {
      this.#broken(error);
      return undefined; // `next` tells
    }
  }

  protected advance(): void {
    const early = this.#opening ? undefined : this.#early.shift();
    if (early === undefined) this.#pull();
    else if (early.type === 'end') this.finish(early);
    else this.deliver(early);
  }

  protected release(error: GatewayError): void {
    this.#attempt.abort(error);
    // A generator that waits in vain never runs its `finally`; the signal has told it, and nobody waits for it.
    try {
      Promise.resolve(this.#iterator.return?.()).catch(nothing);
    } catch {
      // its own clean-up failed: there is nobody left to tell
    }
  }

  /** Iterators may be written by hand: one that throws, or gives no promise, is met here. */
  #pull(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) this.#attempt.waits(true);
    try {
      if (held !== undefined) this.#take(held);
      else Promise.resolve(this.#iterator.next()).then(this.#receive, this.#broken);
    } catch (error) {
      this.#broken(error);
    }
  }

  override fail(cause: GatewayError): void | Promise<void> {
    if (this.ended) return;
    const error = this.#committed && cause instanceof ProviderError && BREAKS.has(cause.code) ? interrupted(cause) : cause;
    const seen = this.snapshot();
    const certainty = this.#attempt.end({ error, usage: seen?.usage ?? (this.#usage && { ...this.#usage, estimated: true }), model: this.#start?.model });
    return super.fail(copyError(error, { target: this.call.target, certainty }));
  }

  // Arrow functions, made once: a chunk allocates no closure.
  readonly #receive = (result: IteratorResult<AdapterEvent>): void => {
    if (this.ended) return; // an abort came first
    this.#attempt.waits(false);
    if (result.done === true) {
      void this.fail(new ProviderError('stream_interrupted', `${this.call.target.provider} ended the stream without its terminal marker: the answer is not complete`, { certainty: 'started' }));
      return;
    }
    try {
      this.#take(result.value);
    } catch (error) {
      this.#broken(error);
    }
  };

  readonly #broken = (error: unknown): void => {
    void this.fail(toAdapterError(error, this.call.target));
  };

  #take(event: AdapterEvent): void {
    if (event.type === 'finish') {
      this.#complete(event);
      return;
    }
    if (event.type === 'usage') {
      this.#usage = event.usage;
      this.advance();
      return;
    }
    if (event.type === 'start') {
      if (this.#start !== undefined) this.advance();
      else this.deliver(this.#begin(event.id, event.model));
      return;
    }
    this.#fold.push(event);
    if (!this.#committed && isContent(event)) {
      this.#committed = true;
      this.#attempt.content();
      if (this.#start === undefined) {
        // An adapter that says no `start` gets one: readers can rely on it.
        this.#early.push(this.#begin('', ''));
      }
    }
    this.deliver(event);
  }

  /** For a stream without a last word on usage: what it said on the way, and at least what has come. */
  #counted(content: readonly AssistantPart[]): Usage {
    const estimate = this.#attempt.counter.count(this.call, content);
    const said = this.#usage;
    return said === undefined ? estimate : { ...said, outputTokens: Math.max(said.outputTokens, estimate.outputTokens), estimated: true };
  }

  #begin(id: string, model: string): Extract<ChatDelta, { readonly type: 'start' }> {
    return (this.#start = { type: 'start', id: id || this.call.id, provider: this.call.target.provider, model: model || this.call.target.model });
  }

  #complete(finish: Finish): void {
    if (this.#start === undefined) this.#early.push(this.#begin('', ''));
    this.#response = this.#whole(finish);
    this.#attempt.end(this.#response);
    this.#closeTail();
    const end: EndEvent<ChatResponse> = { type: 'end', response: this.#response };
    if (this.#opening) this.deliver(end);
    else this.finish(end);
  }

  /** The answer is whole. What is left of the body is read in passing, so that the socket can be used again; a provider that does not close it is cut off. */
  #closeTail(): void {
    const cut = setTimeout(() => this.#attempt.abort(undefined), TAIL_MS);
    cut.unref?.(); // not there outside Node
    Promise.resolve(this.#iterator.next()).then(
      ({ done }) => {
        clearTimeout(cut);
        if (done !== true) this.#attempt.abort(undefined); // whatever follows the finish is not ours to read
      },
      () => clearTimeout(cut),
    );
  }

  #whole(finish: Finish): ChatResponse {
    const content = this.#fold.content();
    const start = this.#start;
    return {
      id: start?.id ?? this.call.id,
      provider: this.call.target.provider,
      model: start?.model ?? this.call.target.model,
      content,
      text: textOf(content),
      toolCalls: toolCallsOf(content),
      finishReason: finish.finishReason,
      usage: finish.usage ?? this.#counted(content),
      warnings: this.#attempt.warnings,
      ...(finish.serviceTier !== undefined && { serviceTier: finish.serviceTier }),
      ...(finish.providerData !== undefined && { providerData: finish.providerData }),
    };
  }
}

function interrupted(error: ProviderError): ProviderError {
  return new ProviderError('stream_interrupted', `the stream broke off after content had come: ${error.message}`, {
    certainty: 'started',
    facts: error.facts,
    retryAfterMs: error.retryAfterMs,
    cause: error,
    providerMessage: error.providerMessage,
  });
}

function nothing(): void {}
