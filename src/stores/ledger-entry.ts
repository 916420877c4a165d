import { ConfigError } from '../errors.js';
import type { LedgerEntry } from '../types/store.js';

/** Far beyond any one attempt, and small enough that nine million of them still add up in 64 bits. */
const MOST_TOKENS = 1e12;
/** USD of one attempt: nine thousand of them still add up in 64 bits of nano-USD. */
const MOST_USD = 1e6;

const NANO = 1e9;

/** An answer that was there already, and cost nothing. */
export function isHit(entry: Pick<LedgerEntry, 'cache'>): boolean {
  return entry.cache === 'exact' || entry.cache === 'semantic';
}

/** A whole number of nano-USD; null stays null. */
export function toNano(usd: number | null): number | null {
  return usd === null ? null : Math.round(usd * NANO);
}

export function toUsd(nano: bigint | number): number {
  return Number(nano) / NANO;
}

/** Half characters (lone surrogates) and NUL become U+FFFD: no database takes both. */
export function storable(text: string): string {
  return text.isWellFormed() && !text.includes('\0') ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

/** The entry as a ledger keeps it: a copy of its own, its text storable. Throws ConfigError for what could not be added up. */
export function checkedEntry(entry: LedgerEntry): LedgerEntry {
  const { usage, target, model, serviceTier, savedUsd } = entry;
  if (typeof entry.callId !== 'string' || entry.callId === '') throw wrong(entry, 'callId', 'a string that is not empty', entry.callId);
  if (typeof entry.id !== 'string' || !entry.id.startsWith(`${entry.callId}:`)) throw wrong(entry, 'id', 'the callId, a colon and an index', entry.id);
  if (!(Number.isSafeInteger(entry.at) && entry.at >= 0)) throw wrong(entry, 'at', 'whole milliseconds since the epoch', entry.at);
  if (!(Number.isFinite(entry.durationMs) && entry.durationMs >= 0)) throw wrong(entry, 'durationMs', 'milliseconds, 0 or more', entry.durationMs);
  if (!isCount(entry.attempt)) throw wrong(entry, 'attempt', 'a whole number, 0 or more', entry.attempt);
  for (const [field, count] of Object.entries(usage)) {
    if (field !== 'estimated' && field !== 'reportedUsd' && count !== undefined && !isCount(count)) throw wrong(entry, `usage.${field}`, `a whole number, 0 to ${MOST_TOKENS}`, count);
  }
  for (const [field, usd] of Object.entries({ costUsd: entry.costUsd, savedUsd: savedUsd ?? null, 'usage.reportedUsd': usage.reportedUsd ?? null })) {
    if (usd !== null && !(usd >= 0 && usd <= MOST_USD)) throw wrong(entry, field, `USD, 0 to ${MOST_USD}, or null`, usd);
  }
  const tags = Object.entries(entry.tags).map(([name, value]) => {
    if (typeof value !== 'string') throw wrong(entry, `tags.${name.slice(0, 80)}`, 'a string', value);
    return [storable(name), storable(value)] as const;
  });
  return {
    ...entry,
    id: storable(entry.id),
    callId: storable(entry.callId),
    target: {
      provider: storable(target.provider),
      model: storable(target.model),
      ...(target.credential !== undefined && { credential: storable(target.credential) }),
    },
    ...(model !== undefined && { model: storable(model) }),
    ...(serviceTier !== undefined && { serviceTier: storable(serviceTier) }),
    usage: { ...usage },
    tags: Object.fromEntries(tags),
  };
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS; // a safe integer is a number
}

function wrong(entry: LedgerEntry, field: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`ledger entry ${String(entry.id).slice(0, 80)}: ${field}: wanted ${wanted}, got ${typeof got === 'number' ? got : typeof got}`);
}
