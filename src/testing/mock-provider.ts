import { ConfigError, ProviderError } from '../errors.js';
import type { AdapterContext, AdapterEmbedResponse, AdapterEvent, AdapterResponse, ProviderAdapter } from '../types/adapter.js';
import type { ChatRequest } from '../types/chat.js';
import type { EmbedRequest } from '../types/embed.js';
import { toAnswer, usageOf, vectorsOf, type Answer } from './answer.js';
import { statusOf, toProviderError } from './failure.js';
import { recordCall, type MockCall, type RunningCall } from './mock-call.js';
import { eventsOf, finishOf } from './mock-events.js';
import { pause } from './pause.js';
import { isEmbedding, isError, type AnswerReply, type ReplyScript, type Timing } from './reply.js';
import { scriptBook, UnexpectedCallError, withScript, type Script } from './script.js';

export interface MockProviderOptions {
  /** What callers write before the slash. @default 'mock' */
  readonly name?: string;
  /** Names of its keys. @default none: a provider with one key */
  readonly credentials?: readonly string[];
  /** The methods it has, for adapters that offer only one. @default all three */
  readonly methods?: readonly ('chat' | 'stream' | 'embed')[];
}

/** A provider that answers what it was told to, and remembers what it was asked. */
export interface MockProvider extends ProviderAdapter, Script<MockCall, ReplyScript> {
  /** Whether the gateway closed it. */
  readonly closed: boolean;
}

/**
 * A provider for unit tests: no network, no timers but those you ask for. Strict: a call that nothing answers fails with
 * `invalid_request`, which nobody retries, and its message lists what was expected and what came.
 *
 * @example
 * const mock = mockProvider();
 * mock.reply('Hello!').fail('overloaded').reply({ text: ['Half an ans'], ending: 'cut' });
 * const gateway = createGateway({ providers: [mock] });
 */
export function mockProvider(options: MockProviderOptions = {}): MockProvider {
  const name = options.name ?? 'mock';
  const methods = options.methods ?? ['chat', 'stream', 'embed'];
  if (methods.length === 0) throw new ConfigError("mockProvider: methods is empty; name at least one of 'chat', 'stream', 'embed'");
  const { script, record, take } = scriptBook<MockCall, ReplyScript>(name);
  let closed = false;
  let replies = 0;
  let toolCalls = 0;
  const next = (kind: 'reply' | 'call'): string => (kind === 'reply' ? `reply_${++replies}` : `call_${++toolCalls}`);

  /** Everything up to the answer's head. Throws what the caller should see when the reply is a failure. */
  async function open(running: RunningCall, context: AdapterContext): Promise<Exclude<ReplyScript, string>> {
    record(running.call);
    context.signal.throwIfAborted();
    let reply: ReplyScript;
    try {
      reply = await take(running.call);
    } catch (error) {
      throw error instanceof UnexpectedCallError ? new ProviderError('invalid_request', error.message, { certainty: 'not_sent', retryable: false }) : error;
    }
    const whole = typeof reply === 'string' ? { text: reply } : reply;
    for (const warning of ('warnings' in whole && whole.warnings) || []) context.warn(warning);
    context.sent();
    if (whole.delayMs !== undefined && whole.delayMs > 0) await pause(whole.delayMs, signalOf(whole, context));
    const status = isError(whole) ? statusOf(whole) : 200;
    if (status !== undefined) context.answered({ status, headers: whole.headers ?? {}, requestId: running.call.callId });
    if (isError(whole)) throw toProviderError(whole, name, false);
    return whole;
  }

  async function chat(request: ChatRequest, context: AdapterContext): Promise<AdapterResponse> {
    const running = recordCall('chat', request, context, false);
    try {
      const reply = await open(running, context);
      if (isEmbedding(reply) || isError(reply)) throw new TypeError('unreachable: the script checks that a reply fits its call');
      const answer = toAnswer(reply, context.model, next);
      await endBadly(reply, context, 'network');
      return responseOf(answer);
    } finally {
      running.end(true);
    }
  }

  async function* stream(request: ChatRequest, context: AdapterContext): AsyncGenerator<AdapterEvent> {
    const running = recordCall('chat', request, context, true);
    let played = false;
    try {
      const reply = await open(running, context);
      if (isEmbedding(reply) || isError(reply)) throw new TypeError('unreachable: the script checks that a reply fits its call');
      const answer = toAnswer(reply, context.model, next);
      yield { type: 'start', id: answer.id, model: answer.model };
      const signal = signalOf(reply, context);
      let first = true;
      for (const event of eventsOf(answer)) {
        if (!first && reply.chunkDelayMs !== undefined && reply.chunkDelayMs > 0) await pause(reply.chunkDelayMs, signal);
        signal?.throwIfAborted();
        first = false;
        yield event;
      }
      played = true;
      if (reply.ending === 'cut') return;
      await endBadly(reply, context, 'stream_interrupted');
      yield finishOf(answer);
    } catch (error) {
      played = true;
      throw error;
    } finally {
      running.end(played);
    }
  }

  async function embed(request: EmbedRequest, context: AdapterContext): Promise<AdapterEmbedResponse> {
    const running = recordCall('embed', request, context, false);
    try {
      const reply = await open(running, context);
      if (!isEmbedding(reply)) throw new TypeError('unreachable: the script checks that a reply fits its call');
      const usage = usageOf(reply);
      return { model: reply.model ?? context.model, embeddings: vectorsOf(reply, request.input), ...(usage && { usage }) };
    } finally {
      running.end(true);
    }
  }

  async function endBadly(reply: AnswerReply, context: AdapterContext, whenCut: 'network' | 'stream_interrupted'): Promise<void> {
    if (reply.ending === undefined || reply.ending === 'finish') return;
    if (reply.ending === 'hang') await pause(Infinity, signalOf(reply, context));
    throw toProviderError(typeof reply.ending === 'object' ? reply.ending : { error: whenCut, message: 'cut' }, name, true);
  }

  return withScript(script, {
    name,
    tellsSent: true,
    ...(options.credentials && { credentials: options.credentials }),
    ...(methods.includes('chat') && { chat }),
    ...(methods.includes('stream') && { stream }),
    ...(methods.includes('embed') && { embed }),
    async close() {
      closed = true;
    },
    get closed() {
      return closed;
    },
  });
}

function signalOf(reply: Timing, context: AdapterContext): AbortSignal | undefined {
  return reply.ignoreAbort === true ? undefined : context.signal;
}

function responseOf(answer: Answer): AdapterResponse {
  const { id, model, finishReason, usage } = answer;
  return { id, model, content: answer.pieces.map(({ part }) => part), finishReason, ...(usage && { usage }) };
}
