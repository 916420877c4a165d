import type { CounterState, CounterWindow, Store } from '../../types/store.js';
import { must, mustEqual } from './suite.js';

/** What the cases are made of. */
export interface StoreBench {
  test(name: string, body: (store: Store) => Promise<void>): void;
  /** A key that no other case of any run has. */
  freshKey(): string;
  readonly slackMs: number;
}

export const LIFETIME: CounterWindow = { kind: 'lifetime' };
export const CONCURRENT: CounterWindow = { kind: 'concurrent' };
/** Longer than any case takes. */
export const LONG_LEASE = { leaseMs: 60_000 };

/** The reservation; fails the case when it was refused. */
export function granted(result: Awaited<ReturnType<Store['reserve']>>): Extract<typeof result, { readonly ok: true }> {
  must(result.ok, 'this reservation must be granted', result);
  return result;
}

/** The fields named in `wanted`, and no others. */
export function mustState(state: CounterState | undefined, wanted: Partial<CounterState>, when: string): void {
  must(state !== undefined, `a state for every counter ${when}`);
  const found = Object.fromEntries(Object.keys(wanted).map((field) => [field, state[field as keyof CounterState]]));
  mustEqual(found, wanted, `the counter ${when}`);
}
