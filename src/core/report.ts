import type { AttemptReport, CallReport, Decision } from '../types/report.js';
import { mayBeBilled } from './billing.js';
import type { Trace } from './trace.js';

/** What happened, read off the trace and nothing else. `now` is when the report is made, in milliseconds since the epoch. */
export function reportOf(trace: Pick<Trace, 'callId' | 'requested' | 'startedAt' | 'decisions'>, now: number): CallReport {
  const decisions = trace.decisions.slice(); // a retried or abandoned call may record more after this
  const costs = costsByAttempt(decisions);
  const attempts: AttemptReport[] = [];
  let served: AttemptReport | undefined;
  let cache: CallReport['cache'] = 'none';
  let saved: number | undefined = 0;
  for (const decision of decisions) {
    switch (decision.what) {
      case 'attempt-end': {
        const cost = costs?.get(decision.report.index);
        const attempt = cost === undefined ? decision.report : { ...decision.report, costUsd: cost };
        attempts.push(attempt);
        if (attempt.outcome === 'ok') served = attempt;
        break;
      }
      case 'cache-hit':
        cache = decision.kind;
        saved = decision.savedUsd;
        break;
      case 'cache-bypass':
        if (cache === 'none') cache = 'bypass';
        break;
      case 'cache-miss':
        if (cache === 'none' || cache === 'bypass') cache = 'miss';
        break;
      default:
    }
  }
  const hit = cache === 'exact' || cache === 'semantic';
  const firstContentAt = served?.timeToFirstContentMs === undefined ? undefined : served.startedAt + served.timeToFirstContentMs;
  return {
    callId: trace.callId,
    requested: trace.requested,
    served: hit ? undefined : served?.target,
    attempts,
    cache,
    cost: { totalUsd: sum(attempts), servedUsd: hit ? 0 : served?.costUsd, savedUsd: saved },
    durationMs: Math.max(0, now - trace.startedAt),
    ...(firstContentAt !== undefined && { timeToFirstContentMs: Math.max(0, firstContentAt - trace.startedAt) }),
    decisions,
  };
}

function costsByAttempt(decisions: readonly Decision[]): Map<number, number> | undefined {
  let costs: Map<number, number> | undefined;
  for (const decision of decisions) {
    if (decision.what !== 'cost' || decision.usd === undefined || decision.index === undefined) continue;
    costs ??= new Map();
    costs.set(decision.index, (costs.get(decision.index) ?? 0) + decision.usd);
  }
  return costs;
}

/** Undefined as soon as one attempt that may have been billed has no price: a sum that leaves it out would be a lie. What was refused, or never sent, costs nothing. */
function sum(attempts: readonly AttemptReport[]): number | undefined {
  let nanoUsd = 0;
  for (const attempt of attempts) {
    if (attempt.costUsd !== undefined) nanoUsd += Math.round(attempt.costUsd * 1e9);
    else if (mayBeBilled(attempt.certainty)) return undefined;
  }
  return nanoUsd / 1e9;
}
