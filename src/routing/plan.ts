import type { Call } from '../core/call.js';
import { localKey } from '../core/locals.js';
import type { Decision } from '../types/report.js';

/** How far a call has come through its candidates: written by whoever walks them, read by whoever counts attempts. */
export interface Plan {
  /** All that the call may go to, each key of a provider for itself: those of its route, and those of a detour once it is taken. */
  readonly candidates: number;
  /** Those after the current one. */
  readonly left: number;
}

/** Without a fallback interceptor there is one candidate, and none after it. */
export const planKey = localKey<Plan>('plan', () => ({ candidates: 1, left: 0 }));

/** `maxAttempts` of whoever retries, once something has failed there. Nobody does: there is no limit but the candidates themselves. */
export const maxAttemptsKey = localKey<number | undefined>('plan.max-attempts', () => undefined);

/** Whether the whole call, over all its targets and detours, has had its attempts. */
export function attemptsAreSpent({ trace, locals }: Call, { candidates }: Plan): boolean {
  const maxAttempts = locals.get(maxAttemptsKey);
  return maxAttempts !== undefined && attemptsSoFar(trace.decisions) >= Math.max(maxAttempts, candidates);
}

/** Attempts of the whole call so far, over all targets. */
export function attemptsSoFar(decisions: readonly Decision[]): number {
  let count = 0;
  for (const decision of decisions) if (decision.what === 'attempt-start') count++;
  return count;
}
