import type { CounterRequest, CounterState, CounterWindow, ReserveResult, Store } from '../../src/types/store.js';

interface Spend { readonly at: number; amount: number }
interface Hold { readonly counters: readonly CounterRequest[]; readonly until: number; readonly spends: readonly Spend[]; state: 'held' | 'lapsed' | 'settled' }

/** The smallest store that keeps the contract: what the suite is checked against, and broken in one place at a time. */
export function memoryStore(): Store {
  const values = new Map<string, { readonly value: string; readonly until: number }>();
  const spent = new Map<string, Spend[]>();
  const holds = new Map<string, Hold>();
  let made = 0;
  const spendsOf = (key: string): Spend[] => spent.get(key) ?? spent.set(key, []).get(key) ?? [];

  /** Turns every hold whose lease ran out into spend. */
  function lapse(now: number): void {
    for (const hold of holds.values()) {
      if (hold.state !== 'held' || hold.until > now) continue;
      hold.state = 'lapsed';
      hold.counters.forEach(({ key, window }, index) => {
        const spend = hold.spends[index];
        if (window.kind !== 'concurrent' && spend) spendsOf(key).push(spend);
      });
    }
  }

  function stateOf({ key, limit, window }: Omit<CounterRequest, 'amount'>, now: number): CounterState {
    let held = 0;
    for (const hold of holds.values()) if (hold.state === 'held') for (const counter of hold.counters) if (counter.key === key) held += counter.amount;
    const counted = spendsOf(key).filter(({ at }) => at > startOf(window, now));
    const used = counted.reduce((sum, { amount }) => sum + amount, 0);
    const oldest = Math.min(...counted.filter(({ amount }) => amount > 0).map(({ at }) => at));
    const resetsInMs = window.kind === 'sliding' ? (counted.length === 0 ? undefined : oldest + window.ms - now) : window.kind === 'calendar' ? endOf(window) - now : undefined;
    return { used, held, limit, resetsInMs };
  }

  return {
    async get(key) {
      const entry = values.get(key);
      return entry === undefined || entry.until <= Date.now() ? undefined : entry.value;
    },
    async set(key, value, options = {}) {
      const there = values.get(key);
      if (options.onlyIfAbsent === true && there !== undefined && there.until > Date.now()) return false;
      values.set(key, { value, until: Date.now() + (options.ttlMs ?? Infinity) });
      return true;
    },
    async delete(key) {
      values.delete(key);
    },
    async reserve(counters, { leaseMs }): Promise<ReserveResult> {
      const now = Date.now();
      lapse(now);
      const before = counters.map((counter) => stateOf(counter, now));
      const refusedBy = counters.findIndex(({ amount, limit }, index) => (before[index]?.used ?? 0) + (before[index]?.held ?? 0) + amount > limit);
      if (refusedBy >= 0) return { ok: false, refusedBy, retryAfterMs: before[refusedBy]?.resetsInMs, states: before };
      const reservation = `hold-${++made}`;
      holds.set(reservation, { counters, until: now + leaseMs, spends: counters.map(({ amount }) => ({ at: now, amount })), state: 'held' });
      return { ok: true, reservation, states: counters.map((counter) => stateOf(counter, now)) };
    },
    async settle(reservation, actual) {
      const now = Date.now();
      lapse(now);
      const hold = holds.get(reservation);
      if (hold === undefined || hold.state === 'settled') return;
      hold.counters.forEach(({ key, window }, index) => {
        const spend = hold.spends[index];
        if (window.kind === 'concurrent' || spend === undefined) return;
        spend.amount = actual[index] ?? 0;
        if (hold.state === 'held') spendsOf(key).push(spend);
      });
      hold.state = 'settled';
    },
    async read(counters) {
      const now = Date.now();
      lapse(now);
      return counters.map((counter) => stateOf(counter, now));
    },
  };
}

function startOf(window: CounterWindow, now: number): number {
  if (window.kind === 'sliding') return now - window.ms;
  return window.kind === 'calendar' ? endOf(window) - LENGTH[window.unit] : -Infinity;
}

const LENGTH = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_678_400_000 } as const;

/** Good enough for a test that reads one window: the zone's rules are the real stores' business. */
function endOf({ unit }: Extract<CounterWindow, { readonly kind: 'calendar' }>): number {
  return (Math.floor(Date.now() / LENGTH[unit]) + 1) * LENGTH[unit];
}
