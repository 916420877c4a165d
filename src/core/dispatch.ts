import { copyError, ProviderError, RejectedError, type GatewayError } from '../errors.js';
import { textOf, toolCallsOf } from '../message/content.js';
import type { AdapterEmbedResponse, AdapterResponse, ProviderAdapter } from '../types/adapter.js';
import type { ChatResponse } from '../types/chat.js';
import type { EmbedResponse } from '../types/embed.js';
import { race } from './abort.js';
import { AttemptReply } from './attempt-reply.js';
import { startAttempt, type Attempt } from './attempt.js';
import type { Call, CallOf } from './call.js';
import { complete } from './complete.js';
import { createUsageCounter, type UsageCounter } from './estimate.js';
import type { Next } from './interceptor.js';
import { isOperation, settle, type Reply } from './reply.js';
import { targetName } from './trace.js';
import { toAdapterError } from './wrap-error.js';

/** The innermost step: one attempt at the call's target. Rejects with what happened before the first content. */
export function createDispatch(providers: ReadonlyMap<string, ProviderAdapter>): Next {
  const counter = createUsageCounter();
  return async (call) => {
    if (call.signal.aborted) throw call.signal.reason;
    const adapter = providers.get(call.target.provider);
    if (adapter === undefined) throw new RejectedError('invalid_request', `there is no provider '${call.target.provider}' to send this call to`, { target: call.target });
    if (isOperation(call, 'embed')) return embed(call, adapter, counter);
    // Of the two ways an adapter may have, the one that fits the call; from the other the core makes it.
    if (adapter.stream !== undefined && (call.streaming || adapter.chat === undefined)) return stream(call, adapter, counter);
    return chat(call, adapter, counter);
  };
}

async function chat(call: CallOf<'chat'>, adapter: ProviderAdapter, counter: UsageCounter): Promise<Reply> {
  if (adapter.chat === undefined) throw cannot(call, 'chat');
  const attempt = startAttempt(call, adapter, false, counter);
  try {
    const answer = await race(adapter.chat(call.request, attempt.context), call.signal);
    const response = chatResponse(call, attempt, answer);
    attempt.end(response);
    return complete(call, response, attempt.facts());
  } catch (cause) {
    throw failed(call, attempt, cause);
  }
}

async function stream(call: CallOf<'chat'>, adapter: ProviderAdapter, counter: UsageCounter): Promise<Reply> {
  const attempt = startAttempt(call, adapter, true, counter);
  let reply: AttemptReply;
  try {
    // `stream` is there: the caller looked.
    reply = new AttemptReply(call, attempt, (adapter.stream as NonNullable<ProviderAdapter['stream']>)(call.request, attempt.context));
  } catch (cause) {
    throw failed(call, attempt, cause);
  }
  await reply.open();
  return call.streaming ? reply : complete(call, await settle(reply), attempt.facts());
}

async function embed(call: CallOf<'embed'>, adapter: ProviderAdapter, counter: UsageCounter): Promise<Reply> {
  if (adapter.embed === undefined) throw cannot(call, 'embed');
  const attempt = startAttempt(call, adapter, false, counter);
  try {
    const response = embedResponse(call, attempt, await race(adapter.embed(call.request, attempt.context), call.signal));
    attempt.end(response);
    return complete(call, response, attempt.facts());
  } catch (cause) {
    throw failed(call, attempt, cause);
  }
}

function chatResponse(call: CallOf<'chat'>, attempt: Attempt, answer: AdapterResponse): ChatResponse {
  if (!Array.isArray(answer?.content)) throw new ProviderError('invalid_response', `the adapter '${call.target.provider}' answered without a content list`, { certainty: 'started' });
  return {
    ...answer,
    id: answer.id || call.id, // some servers name neither
    model: answer.model || call.target.model,
    provider: call.target.provider,
    text: textOf(answer.content),
    toolCalls: toolCallsOf(answer.content),
    usage: answer.usage ?? attempt.counter.count(call, answer.content),
    warnings: attempt.warnings,
  };
}

function embedResponse(call: CallOf<'embed'>, attempt: Attempt, answer: AdapterEmbedResponse): EmbedResponse {
  const got = Array.isArray(answer?.embeddings) ? answer.embeddings.length : 0;
  const wanted = call.request.input.length;
  if (got !== wanted) throw new ProviderError('invalid_response', `${call.target.provider} gave ${got} embeddings for ${wanted} inputs`, { certainty: 'started' });
  return { ...answer, provider: call.target.provider, usage: answer.usage ?? attempt.counter.count(call), warnings: attempt.warnings };
}

/** Ends the attempt and lets go of the adapter, which may not have noticed. */
function failed(call: Call, attempt: Attempt, cause: unknown): GatewayError {
  const error = toAdapterError(cause, call.target);
  const certainty = attempt.end({ error });
  attempt.abort(error);
  return copyError(error, { target: call.target, certainty });
}

function cannot(call: Call, operation: string): ProviderError {
  return new ProviderError('unsupported', `${targetName(call.target)}: this adapter has no ${operation}`, { certainty: 'not_sent', target: call.target });
}
