import { createOwnSignal, follow, race } from '../core/abort.js';
import type { Call } from '../core/call.js';
import { RejectedError } from '../errors.js';
import { DEFAULT_TIMEOUT_MS, type Finding, type GuardRule, type GuardSubject } from './rule.js';

/** What the rules of one stage say of one call. */
export interface Judge {
  /**
   * Lets every rule look, side by side. Throws RejectedError('guardrail_blocked') when one that blocks found something; gives the
   * findings that rewrite, in the order of the rules. What is found is recorded once per rule.
   */
  judge(rules: readonly GuardRule[], subject: Omit<GuardSubject, 'stage' | 'tags' | 'signal'>): Promise<readonly Finding[]>;
}

export const NAME = 'guardrails';

export function createJudge(call: Call, stage: GuardSubject['stage']): Judge {
  const said = new Set<string>();

  function record(rule: GuardRule, verdict: 'flag' | 'rewrite' | 'block', reason: string): void {
    if (said.has(rule.name)) return;
    said.add(rule.name);
    call.trace.record(NAME, { what: 'guardrail', rule: rule.name, stage, verdict, reason });
  }

  async function look(rule: GuardRule, subject: Omit<GuardSubject, 'stage' | 'tags' | 'signal'>): Promise<Finding | undefined> {
    const own = createOwnSignal();
    const undo = follow(own, call.signal);
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = rule;
    const timer = setTimeout(() => own.abort(new RejectedError('guardrail_blocked', `its check took longer than ${timeoutMs} ms`)), timeoutMs);
    try {
      // A check may throw before it gives a promise.
      return await race((async () => rule.check({ ...subject, stage, tags: call.tags, signal: own.signal }))(), own.signal);
    } catch (cause) {
      if (call.signal.aborted) throw call.signal.reason;
      const reason = own.signal.aborted ? `its check took longer than ${timeoutMs} ms` : 'its check failed';
      const closed = (rule.onError ?? (rule.action === 'flag' ? 'open' : 'closed')) === 'closed';
      record(rule, closed ? 'block' : 'flag', reason);
      if (closed) throw blocked(stage, rule, reason, cause);
      return undefined;
    } finally {
      clearTimeout(timer);
      undo();
    }
  }

  return {
    async judge(rules, subject) {
      const findings = await Promise.all(rules.map(async (rule) => ({ rule, finding: await look(rule, subject) })));
      for (const { rule, finding } of findings) if (finding !== undefined) record(rule, rule.action, finding.reason);
      for (const { rule, finding } of findings) if (finding !== undefined && rule.action === 'block') throw blocked(stage, rule, finding.reason);
      return findings.flatMap(({ rule, finding }) => (finding !== undefined && rule.action === 'rewrite' ? [finding] : []));
    },
  };
}

function blocked(stage: GuardSubject['stage'], rule: GuardRule, reason: string, cause?: unknown): RejectedError {
  return new RejectedError('guardrail_blocked', `the ${stage} was blocked by the guardrail '${rule.name}': ${reason}`, { cause });
}
