import type { Ledger, LedgerEntry, LedgerQuery, LedgerTotal } from '../../types/store.js';

/** What the cases are made of. */
export interface LedgerBench {
  test(name: string, body: (trial: LedgerTrial) => Promise<void>): void;
}

/** One case's own corner of a ledger that others may use too. */
export interface LedgerTrial {
  readonly ledger: Ledger;
  /** An ordinary entry of this case, with changes. */
  entry(changes?: Partial<LedgerEntry>): LedgerEntry;
  /** Totals of this case's entries alone. */
  totals(query?: LedgerQuery): Promise<readonly LedgerTotal[]>;
  /** Entries of this case alone, in the order given. */
  entries(query?: Pick<LedgerQuery, 'from' | 'to' | 'where'>): Promise<readonly LedgerEntry[]>;
}

/** The tag that tells the entries of one case from all others. */
const CASE_TAG = 'conformance-case';
/** A morning in 2023, milliseconds since the epoch. */
export const MORNING = 1_690_000_000_000;

export function createTrial(ledger: Ledger, name: string): LedgerTrial {
  let made = 0;
  const own = <Q extends LedgerQuery>(query: Q): Q => ({ ...query, where: { ...query.where, [CASE_TAG]: name } });
  return {
    ledger,
    entry(changes = {}) {
      const callId = changes.callId ?? `${name}-${++made}`;
      return {
        id: `${callId}:1`,
        callId,
        at: MORNING + made,
        target: { provider: 'openai', model: 'small' },
        attempt: 1,
        kind: 'first',
        outcome: 'ok',
        certainty: 'started',
        usage: { inputTokens: 100, outputTokens: 20 },
        costUsd: 0.000_25,
        price: 'exact',
        cache: 'none',
        durationMs: 12.5,
        ...changes,
        tags: { [CASE_TAG]: name, ...changes.tags },
      };
    },
    totals: (query = {}) => ledger.totals(own(query)),
    async entries(query = {}) {
      const found: LedgerEntry[] = [];
      for await (const entry of ledger.entries(own(query))) found.push(entry);
      return found;
    },
  };
}

/** A day of traffic: two providers, retries, failures, hits, missing prices and tags. The same every time. */
export function traffic(trial: LedgerTrial, count: number): readonly LedgerEntry[] {
  let state = 7;
  // Lehmer's generator with the constants of MINSTD.
  const pick = <T>(...choices: readonly [T, ...T[]]): T => {
    state = (state * 48_271) % 2_147_483_647;
    return choices[state % choices.length] ?? choices[0];
  };
  return Array.from({ length: count }, (_, at) => {
    const hit = pick(true, false, false, false);
    const callId = `${trial.entry().callId}-${Math.floor(at / pick(1, 2))}`;
    const credential = pick(undefined, 'spare');
    const nano = pick(null, 0, 1, 250_000, 1_234_567_891);
    return trial.entry({
      id: `${callId}:${at}`,
      callId,
      at: MORNING + pick(0, 1, 59_999, 60_000, 3_600_000, 86_399_999) + at,
      target: { provider: pick('openai', 'anthropic'), model: pick('small', 'large'), ...(credential !== undefined && { credential }) },
      kind: hit ? 'first' : pick('first', 'retry', 'fallback'),
      outcome: hit ? 'ok' : pick('ok', 'ok', 'overloaded', 'cancelled'),
      certainty: hit ? 'not_sent' : pick('started', 'possibly_billed'),
      usage: { inputTokens: pick(0, 7, 1_000_003), outputTokens: pick(0, 11), ...(pick(true, false) && { estimated: true }) },
      costUsd: hit ? 0 : nano === null ? null : nano / 1e9,
      cache: hit ? pick('exact', 'semantic') : pick('none', 'miss', 'bypass'),
      ...(hit && { savedUsd: nano === null ? null : nano / 1e9 }),
      tags: { ...(pick(true, false) && { tenant: pick('acme', 'Zeta', '') }), ...(pick(true, false) && { provider: pick('mine', 'yours') }) },
    });
  });
}
