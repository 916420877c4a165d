import type { Outcome } from '../core/reply.js';
import type { Verdict } from './circuit.js';
import { policyOf } from './policy.js';

/** What makes a good answer count as a failure. */
export interface SlowCall {
  /** A stream whose first content took longer, in milliseconds. Unary calls have no such moment. @default Infinity */
  readonly timeToFirstContentMs?: number;
  /** An answer that came slower, in output tokens per second: of a stream from its first content on, of a unary call over all. Answers under 50 tokens are not judged. @default 0 */
  readonly tokensPerSecond?: number;
}

/** Of a shorter answer the rate says more about how long it took to begin. */
const MIN_TOKENS = 50;

/** What the outcome of an attempt says about its target. */
export function verdictOf(outcome: Outcome, slow: SlowCall): Verdict {
  switch (outcome.status) {
    case 'ok':
      return isSlow(outcome, slow) ? 'failure' : 'success';
    case 'error':
      return policyOf(outcome.error).breaker;
    case 'cancelled':
      return 'neutral';
    default:
      return outcome satisfies never;
  }
}

function isSlow({ response, durationMs, timeToFirstContentMs }: Extract<Outcome, { readonly status: 'ok' }>, slow: SlowCall): boolean {
  if (timeToFirstContentMs !== undefined && timeToFirstContentMs > (slow.timeToFirstContentMs ?? Infinity)) return true;
  const { outputTokens } = response.usage;
  if (slow.tokensPerSecond === undefined || outputTokens < MIN_TOKENS) return false;
  return (outputTokens * 1000) / (durationMs - (timeToFirstContentMs ?? 0)) < slow.tokensPerSecond;
}
