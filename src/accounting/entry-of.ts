import type { AttemptReport, CacheHit, Fact, Target } from '../types/report.js';
import type { LedgerEntry } from '../types/store.js';
import type { Usage } from '../types/usage.js';

/** What all entries of one call have in common. */
export interface EntryContext {
  readonly callId: string;
  readonly tags: LedgerEntry['tags'];
}

type CostFact = Omit<Extract<Fact, { readonly what: 'cost' }>, 'what'>;

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };
/** A provider that claims more tokens than this for one attempt, or a price that makes more USD of them, is wrong; a ledger must add them up all the same. */
const MOST_TOKENS = 1e12;
const MOST_USD = 1e6;

/** Whether an attempt reached a provider, or may have. */
export function isRecorded({ certainty }: AttemptReport): boolean {
  return certainty !== 'not_sent';
}

/** The row of one attempt. `cost` is what a meter said of it; without one the price is unknown, unless the provider refused. */
export function entryOfAttempt({ callId, tags }: EntryContext, report: AttemptReport, cost: CostFact | undefined, cache: LedgerEntry['cache']): LedgerEntry {
  // A provider that refused did no work, so there is nothing to bill.
  const unbilled = report.certainty === 'refused' && cost === undefined;
  return {
    id: `${callId}:${report.index}`,
    callId,
    at: report.startedAt,
    target: report.target,
    ...(report.model !== undefined && { model: report.model }),
    attempt: report.attempt,
    kind: report.kind,
    outcome: report.outcome,
    certainty: report.certainty,
    usage: countable(cost?.usage ?? report.usage ?? NOTHING),
    ...(report.serviceTier !== undefined && { serviceTier: report.serviceTier }),
    costUsd: unbilled ? 0 : money(cost?.usd),
    ...(cost?.price !== undefined && { price: cost.price }),
    cache,
    durationMs: Math.max(0, report.durationMs),
    tags,
  };
}

/** The row of one hit: it cost nothing. `asked` is the call's own target, for a hit that does not say who answered at the time. */
export function entryOfHit({ callId, tags }: EntryContext, hit: CacheHit, at: number, asked: Target, durationMs: number): LedgerEntry {
  return {
    id: `${callId}:0`,
    callId,
    at,
    target: hit.from ?? asked,
    attempt: 0,
    kind: 'first',
    outcome: 'ok',
    certainty: 'not_sent',
    usage: countable(hit.usage ?? NOTHING),
    costUsd: 0,
    savedUsd: money(hit.savedUsd),
    cache: hit.kind,
    durationMs: Math.max(0, durationMs),
    tags,
  };
}

/** Counts as a ledger can add them up, whatever an adapter reported. */
function countable(usage: Usage): Usage {
  let clean = true;
  const counts = Object.entries(usage).map(([field, value]): [string, number | boolean] => {
    if (typeof value === 'boolean' || (Number.isSafeInteger(value) && value >= 0 && value <= MOST_TOKENS)) return [field, value];
    clean = false;
    return [field, Number.isNaN(value) ? 0 : Math.min(MOST_TOKENS, Math.max(0, Math.round(Number(value))))];
  });
  return clean ? usage : { ...NOTHING, ...Object.fromEntries(counts) };
}

function money(usd: number | undefined): number | null {
  return usd !== undefined && usd >= 0 && usd <= MOST_USD ? usd : null;
}
