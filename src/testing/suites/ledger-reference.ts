import type { LedgerEntry, LedgerQuery, LedgerTotal } from '../../types/store.js';

/** Totals the slow and plain way: what every ledger must come to. */
export function reference(entries: readonly LedgerEntry[], { from = -Infinity, to = Infinity, where = {}, groupBy = [], bucketMs }: LedgerQuery): readonly LedgerTotal[] {
  const chosen = entries.filter((entry) => entry.at >= from && entry.at < to && Object.entries(where).every(([name, value]) => named(entry, name) === value));
  const keys = chosen.map((entry) => [...groupBy.map((name) => named(entry, name)), ...(bucketMs === undefined ? [] : [Math.floor(entry.at / bucketMs) * bucketMs])]);
  const different = [...new Map(keys.map((key) => [JSON.stringify(key), key])).entries()].sort(([, one], [, other]) => compare(one, other));
  return different.map(([text, key]) => {
    const mine = chosen.filter((_, at) => JSON.stringify(keys[at]) === text);
    const hits = mine.filter(({ cache }) => cache === 'exact' || cache === 'semantic');
    const attempts = mine.filter((entry) => !hits.includes(entry));
    const estimated = attempts.filter(({ usage }) => usage.estimated === true);
    return {
      group: Object.fromEntries(groupBy.map((name, at) => [name, String(key[at])])),
      ...(bucketMs !== undefined && { bucket: Number(key.at(-1)) }),
      calls: new Set(mine.map(({ callId }) => callId)).size,
      attempts: attempts.length,
      errors: attempts.filter(({ outcome }) => outcome !== 'ok').length,
      hits: hits.length,
      inputTokens: attempts.reduce((sum, { usage }) => sum + usage.inputTokens, 0),
      outputTokens: attempts.reduce((sum, { usage }) => sum + usage.outputTokens, 0),
      costUsd: money(attempts.map(({ costUsd }) => costUsd)),
      savedUsd: money(hits.map(({ savedUsd }) => savedUsd ?? null)),
      estimated: estimated.length,
      estimatedUsd: money(estimated.map(({ costUsd }) => costUsd)),
      unpriced: attempts.filter(({ costUsd }) => costUsd === null).length,
    };
  });
}

function named(entry: LedgerEntry, name: string): string {
  switch (name) {
    case 'provider':
    case 'model':
    case 'credential':
      return entry.target[name] ?? '';
    case 'outcome':
    case 'kind':
    case 'cache':
      return entry[name];
    default: {
      const tag = name.replace(/^tag:/, '');
      return Object.hasOwn(entry.tags, tag) ? (entry.tags[tag] ?? '') : '';
    }
  }
}

function money(amounts: readonly (number | null)[]): number {
  return Number(amounts.reduce((sum, usd) => sum + BigInt(Math.round((usd ?? 0) * 1e9)), 0n)) / 1e9;
}

function compare(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  for (const [at, value] of one.entries()) {
    const against = other[at] as typeof value; // keys of one query are of one length
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}
