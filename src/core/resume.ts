import { CancelledError, ProviderError, type GatewayError } from '../errors.js';
import { isContent, textOf, toolCallsOf } from '../message/content.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { ChatResponse } from '../types/chat.js';
import type { StreamEvent } from '../types/stream.js';
import type { Usage } from '../types/usage.js';
import type { Call, CallOf } from './call.js';
import { Fold } from './fold.js';
import { layerOf, ReplyLayer, type Ending, type ReplyOf } from './reply.js';
import { toGatewayError } from './wrap-error.js';

/**
 * When `reply` is cut after content: goes on with the reply that `more` gives (its `start` left out), or throws the error
 * when it gives none; asked again when that one is cut too. `end.response` holds all halves, with their usage added up.
 * `call` is the one that was given to who resumes: what ends an attempt below, such as its timeout, must not end the rest.
 */
export function resume(call: Call, reply: ReplyOf<'chat'>, more: (error: ProviderError, partial: ChatResponse) => Promise<ReplyOf<'chat'> | undefined>): ReplyOf<'chat'> {
  return new ResumedReply(call as CallOf<'chat'>, layerOf(reply), more); // a chat reply answers a chat call
}

class ResumedReply extends ReplyLayer<'chat'> {
  readonly #more: (error: ProviderError, partial: ChatResponse) => Promise<ReplyOf<'chat'> | undefined>;
  readonly #fold = new Fold();
  #current: ReplyLayer<'chat'>;
  /** Usage of the halves that were cut. */
  #spent: Usage | undefined;
  #continuing = false;
  /** The reader waits for an event. */
  #asked = false;
  #hasContent = false;
  #response: ChatResponse | undefined;

  constructor(call: CallOf<'chat'>, first: ReplyLayer<'chat'>, more: (error: ProviderError, partial: ChatResponse) => Promise<ReplyOf<'chat'> | undefined>) {
    super(call);
    this.#more = more;
    this.#current = first;
    first.watch((ending) => this.#belowEnded(first, ending));
  }

  get facts(): AnswerFacts | undefined {
    return this.#current.facts;
  }

  snapshot(): ChatResponse | undefined {
    if (this.#response !== undefined) return this.#response;
    const below = this.#current.snapshot();
    return below === undefined ? undefined : this.#whole(below);
  }

  protected advance(): void {
    this.#asked = true;
    if (!this.#continuing) this.#current.next().then(this.#receive, nothing); // its failure comes through the watcher
  }

  protected release(error: GatewayError): void {
    if (!this.#current.ended) void this.#current.fail(new CancelledError('cancelled', `the answer was given up above the provider (${error.code})`));
  }

  readonly #receive = (result: IteratorResult<StreamEvent, undefined>): void => {
    if (this.ended || result.done === true) return;
    const event = result.value;
    if (event.type === 'end') {
      this.#response = this.#whole(event.response);
      this.finish({ type: 'end', response: this.#response });
      return;
    }
    if (event.type === 'start' && this.#spent !== undefined) return this.advance();
    this.#asked = false;
    this.#fold.push(event);
    this.#hasContent ||= isContent(event);
    this.deliver(event);
  };

  #belowEnded(below: ReplyLayer<'chat'>, ending: Ending): void | Promise<void> {
    if (ending.status === 'ok' || below !== this.#current || this.ended) return;
    const { error } = ending;
    const partial = this.snapshot();
    if (!(error instanceof ProviderError) || !this.#hasContent || partial === undefined) return this.fail(error);
    this.#continuing = true;
    this.#more(error, partial).then(
      (reply) => (reply === undefined ? void this.fail(error) : this.#goOn(reply, partial)),
      (cause: unknown) => void this.fail(toGatewayError(cause)),
    );
  }

  #goOn(reply: ReplyOf<'chat'>, partial: ChatResponse): void {
    const next = layerOf(reply);
    if (this.ended) {
      void next.fail(new CancelledError('cancelled', 'the reader left before the answer went on'));
      return;
    }
    this.#spent = partial.usage;
    this.#current = next;
    this.#continuing = false;
    next.watch((ending) => this.#belowEnded(next, ending));
    if (this.#asked) this.advance();
  }

  #whole(below: ChatResponse): ChatResponse {
    if (this.#spent === undefined) return below; // nothing was cut
    const content = this.#fold.content();
    return { ...below, content, text: textOf(content), toolCalls: toolCallsOf(content), usage: add(this.#spent, below.usage) };
  }
}

function add(a: Usage, b: Usage): Usage {
  const sum: { -readonly [K in keyof Usage]: Usage[K] } = { inputTokens: a.inputTokens + b.inputTokens, outputTokens: a.outputTokens + b.outputTokens };
  for (const key of PARTS) if (a[key] !== undefined || b[key] !== undefined) sum[key] = (a[key] ?? 0) + (b[key] ?? 0);
  // One half alone would be less than was charged.
  if (a.reportedUsd !== undefined && b.reportedUsd !== undefined) sum.reportedUsd = a.reportedUsd + b.reportedUsd;
  if (a.estimated === true || b.estimated === true) sum.estimated = true;
  return sum;
}

const PARTS = ['cacheReadTokens', 'cacheWriteTokens', 'cacheWriteLongTokens', 'reasoningTokens', 'audioInputTokens', 'audioOutputTokens', 'imageInputTokens', 'imageOutputTokens'] as const;

function nothing(): void {}
