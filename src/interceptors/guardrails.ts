import { derive, type Call } from '../core/call.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { isOperation, type Reply } from '../core/reply.js';
import { transform, type Rewrite } from '../core/transform.js';
import { ConfigError } from '../errors.js';
import { guardChat, guardEmbed } from '../guarding/input.js';
import { createJudge, NAME, type Judge } from '../guarding/judge.js';
import { holdAll, holdWindow, judgeAtEnd } from '../guarding/output-guard.js';
import { repaired } from '../guarding/repair.js';
import { checkRules, type GuardRule } from '../guarding/rule.js';
import type { ChatRequest } from '../types/chat.js';

export interface GuardrailsOptions {
  readonly rules: readonly GuardRule[];
  /** For rules that look at a share of the calls, 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Looks at what goes in and at what comes out, and flags, rewrites or blocks it. The rules look side by side and the strictest
 * wins. Input is judged before anything is spent, output on cache hits too. A stream is held back only as far as its rules need.
 */
export function guardrails({ rules, random = Math.random }: GuardrailsOptions): Interceptor {
  checkRules(rules);
  if (typeof random !== 'function') throw new ConfigError(`guardrails: random: wanted a function, got ${typeof random}`);

  async function intercept(call: Call, next: Next): Promise<Reply> {
    const active = rules.filter(({ sample = 1 }) => sample === 1 || random() < sample);
    const asked = await guardInput(call, active.filter(({ stage }) => stage !== 'output'));
    const reply = await next(asked);
    const output = active.filter(({ stage }) => stage !== 'input');
    if (output.length === 0 || reply.operation !== 'chat' || !isOperation(asked, 'chat')) return reply;
    const repairing = output.filter(({ repair }) => repair !== undefined);
    const answer = repairing.length === 0 ? reply : await repaired(asked, reply, next, repairing);
    return guardOutput(output, createJudge(asked, 'output'), asked.request).reduce(transform, answer);
  }

  return { name: NAME, stage: 'guard', intercept };
}

async function guardInput(call: Call, rules: readonly GuardRule[]): Promise<Call> {
  if (rules.length === 0) return call;
  const judge = createJudge(call, 'input');
  const { request } = call;
  const guarded = isOperation(call, 'chat') ? await guardChat(call.request, rules, judge) : await guardEmbed(call.request, rules, judge);
  return guarded === request ? call : derive(call, { request: guarded });
}

/** One rewrite for what is held back, one for what is only judged at the end. */
function guardOutput(rules: readonly GuardRule[], judge: Judge, request: ChatRequest): readonly Rewrite[] {
  const after = rules.filter(({ action, stream }) => action === 'flag' || stream === 'after');
  const holding = rules.filter((rule) => !after.includes(rule));
  const rewrites: Rewrite[] = [];
  if (holding.some(({ stream = 'buffer' }) => stream === 'buffer')) rewrites.push(holdAll(holding, judge, request));
  else if (holding.length > 0) rewrites.push(holdWindow(Math.max(...holding.map(({ stream }) => (typeof stream === 'object' ? stream.windowCharacters : 0))), holding, judge, request));
  // Inside the others: it judges what the model said, not what became of it.
  if (after.length > 0) rewrites.unshift(judgeAtEnd(after, judge, request));
  return rewrites;
}
