import { localKey } from '../core/locals.js';
import type { Decision } from '../types/report.js';

/** How far a call has come through its candidates: written by whoever walks them, read by whoever counts attempts. */
export interface Plan {
  /** All that the call may go to. */
  readonly candidates: number;
  /** Those after the current one. */
  readonly left: number;
}

/** Without a fallback interceptor there is one candidate, and none after it. */
export const planKey = localKey<Plan>('plan', () => ({ candidates: 1, left: 0 }));

/** Attempts of the whole call so far, over all targets. */
export function attemptsSoFar(decisions: readonly Decision[]): number {
  let count = 0;
  for (const decision of decisions) if (decision.what === 'attempt-start') count++;
  return count;
}
