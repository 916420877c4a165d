import { derive, type CallOf } from '../core/call.js';
import { complete } from '../core/complete.js';
import type { Next } from '../core/interceptor.js';
import type { ReplyOf } from '../core/reply.js';
import { RejectedError } from '../errors.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { ChatResponse } from '../types/chat.js';
import type { ChatDelta } from '../types/stream.js';
import { NAME } from './judge.js';
import type { Finding, GuardRule } from './rule.js';

interface Whole {
  readonly response: ChatResponse;
  readonly deltas: readonly ChatDelta[];
  readonly facts: AnswerFacts | undefined;
}

/**
 * Waits for the whole answer, and where a rule that can repair finds something in it, asks the model once more. Gives the
 * answer that is to be judged: the second is judged like any other.
 */
export async function repaired(call: CallOf<'chat'>, first: ReplyOf<'chat'>, next: Next, rules: readonly GuardRule[]): Promise<ReplyOf<'chat'>> {
  const answer = await whole(first);
  for (const rule of rules) {
    const finding = await look(rule, call, answer.response);
    if (finding === undefined || rule.repair === undefined) continue;
    call.trace.record(NAME, { what: 'guardrail', rule: rule.name, stage: 'output', verdict: 'repair', reason: finding.reason });
    const { request } = call;
    const messages = [...request.messages, { role: 'assistant', content: answer.response.text } as const, rule.repair(finding, answer.response)];
    const second = await next(derive(call, { request: { ...request, messages }, kind: 'retry' }));
    if (!isChat(second)) break;
    return again(call, await whole(second));
  }
  return again(call, answer);
}

/** A check that fails here is told when the answer is judged. */
async function look(rule: GuardRule, call: CallOf<'chat'>, { text, finishReason }: ChatResponse): Promise<Finding | undefined> {
  // Still calling tools: what is to be judged is yet to come.
  if (finishReason === 'tool-calls') return undefined;
  try {
    return await rule.check({ stage: 'output', texts: [text], part: 'text', tools: [], answer: text, request: call.request, tags: call.tags, signal: call.signal });
  } catch {
    return undefined;
  }
}

function again(call: CallOf<'chat'>, { response, deltas, facts }: Whole): ReplyOf<'chat'> {
  return complete(call, response, facts, deltas);
}

async function whole(reply: ReplyOf<'chat'>): Promise<Whole> {
  const deltas: ChatDelta[] = [];
  for await (const event of reply) {
    if (event.type === 'end') return { response: event.response, deltas, facts: reply.facts };
    deltas.push(event);
  }
  throw new RejectedError('interceptor_failed', 'a reply ended without its end event');
}

function isChat(reply: Awaited<ReturnType<Next>>): reply is ReplyOf<'chat'> {
  return reply.operation === 'chat';
}
