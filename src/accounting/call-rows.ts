import type { Call } from '../core/call.js';
import type { AttemptReport, Decision } from '../types/report.js';
import type { LedgerEntry } from '../types/store.js';
import { entryOfAttempt, entryOfHit, isRecorded } from './entry-of.js';

type Cost = Extract<Decision, { readonly what: 'cost' }>;

/** The rows of one call, as they come to be: also after its answer, for an attempt that outlives it. */
export interface CallRows {
  /** Gives out what only waits for a price that has not come. */
  finish(): void;
}

/** Turns what the trace tells into rows, each given to `write` once. */
export function followCall(call: Call, tags: LedgerEntry['tags'], write: (entry: LedgerEntry) => void): CallRows {
  const context = { callId: call.id, tags };
  const reports = new Map<number, AttemptReport>();
  const costs = new Map<number, Cost>();
  let cache: LedgerEntry['cache'] = 'none';

  function give(index: number): void {
    const report = reports.get(index);
    if (report === undefined) return;
    write(entryOfAttempt(context, report, costs.get(index), cache));
    reports.delete(index);
    costs.delete(index);
  }

  function hear(decision: Decision): void {
    switch (decision.what) {
      case 'attempt-end': {
        const { report } = decision;
        if (!isRecorded(report)) return;
        reports.set(report.index, report);
        // The meter tells the price as it hears of the end, which may be before this or right after it. Without a meter none comes.
        if (costs.has(report.index)) give(report.index);
        else queueMicrotask(() => give(report.index));
        return;
      }
      case 'cost':
        if (decision.index === undefined) return;
        costs.set(decision.index, decision);
        return give(decision.index);
      case 'cache-hit':
        return write(entryOfHit(context, decision, call.trace.startedAt, call.target, decision.at - call.trace.startedAt));
      case 'cache-miss':
        cache = 'miss';
        return;
      case 'cache-bypass':
        if (cache === 'none') cache = 'bypass';
        return;
      default:
    }
  }

  call.trace.subscribe(hear);
  return {
    finish() {
      for (const index of reports.keys()) give(index);
    },
  };
}
