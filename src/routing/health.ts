import type { Outcome } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import type { TargetHealth } from '../types/health.js';
import type { Decision, Target } from '../types/report.js';
import { policyOf } from './policy.js';

/** Weight of the newest outcome in a moving average. 0.3 forgets an outage in about ten good answers. */
const NEWEST = 0.3;
/** Targets remembered; the one not asked for longest goes. A route has a handful, a hostile caller must not grow it. */
const MAX_TARGETS = 1000;

/** Keeps how each target is doing. A provider's health does not depend on which of our keys was used. */
export interface HealthBook {
  of(target: Target): TargetHealth | undefined;
  all(): readonly TargetHealth[];
  started(target: Target): void;
  /** Once for each `started`. */
  ended(target: Target, outcome: Outcome): void;
  /** What others decided about targets: circuits, cooldowns. */
  note(decision: Decision): void;
}

interface Entry {
  target: Target;
  circuit: TargetHealth['circuit'];
  openUntil: number | undefined;
  errorRate: number;
  latencyMs: number | undefined;
  timeToFirstContentMs: number | undefined;
  inFlight: number;
  setAsideUntil: number | undefined;
}

export function createHealthBook(): HealthBook {
  const entries = new Map<string, Entry>();

  function entryOf(target: Target): Entry {
    const name = targetName(target);
    const known = entries.get(name);
    const entry = known ?? {
      target: { provider: target.provider, model: target.model },
      circuit: 'closed',
      openUntil: undefined,
      errorRate: 0,
      latencyMs: undefined,
      timeToFirstContentMs: undefined,
      inFlight: 0,
      setAsideUntil: undefined,
    };
    // The newest stands last, so that the first is the one to forget.
    if (known !== undefined) entries.delete(name);
    entries.set(name, entry);
    if (entries.size > MAX_TARGETS) forgetOldest();
    return entry;
  }

  function forgetOldest(): void {
    for (const [name, { inFlight }] of entries) {
      if (inFlight > 0) continue;
      entries.delete(name);
      return;
    }
  }

  return {
    of(target) {
      const entry = entries.get(targetName(target));
      return entry === undefined ? undefined : seen(entry, Date.now());
    },
    all: () => [...entries.values()].map((entry) => seen(entry, Date.now())),
    started(target) {
      entryOf(target).inFlight++;
    },
    ended(target, outcome) {
      const entry = entryOf(target);
      entry.inFlight = Math.max(0, entry.inFlight - 1);
      const good = outcome.status === 'ok';
      if (!good && (outcome.status === 'cancelled' || policyOf(outcome.error).breaker === 'neutral')) return; // says nothing about the target
      entry.errorRate = average(entry.errorRate, good ? 0 : 1);
      if (!good) return; // a quick failure is no quick answer
      entry.latencyMs = average(entry.latencyMs, outcome.durationMs);
      if (outcome.timeToFirstContentMs !== undefined) entry.timeToFirstContentMs = average(entry.timeToFirstContentMs, outcome.timeToFirstContentMs);
    },
    note(decision) {
      if ((decision.what !== 'circuit' && decision.what !== 'set-aside') || decision.target === undefined) return;
      const entry = entries.get(decision.target);
      if (entry === undefined) return;
      if (decision.what === 'circuit') {
        entry.circuit = decision.state;
        entry.openUntil = decision.forMs === undefined ? undefined : decision.at + decision.forMs;
      } else {
        entry.setAsideUntil = Math.max(entry.setAsideUntil ?? 0, decision.at + decision.forMs);
      }
    },
  };
}

/** An entry as it is now: nobody tells when a wait is over. An open circuit lets probes through then, and must be picked for one. */
function seen({ openUntil, ...entry }: Entry, now: number): TargetHealth {
  const circuit = entry.circuit === 'open' && openUntil !== undefined && openUntil <= now ? 'half-open' : entry.circuit;
  return { ...entry, circuit, setAsideUntil: later(entry.setAsideUntil, now) };
}

function later(moment: number | undefined, now: number): number | undefined {
  return moment !== undefined && moment > now ? moment : undefined;
}

function average(before: number | undefined, newest: number): number {
  return before === undefined ? newest : before + NEWEST * (newest - before);
}
