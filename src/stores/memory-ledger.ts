import { ConfigError } from '../errors.js';
import type { Ledger, LedgerEntry, LedgerQuery } from '../types/store.js';
import { checkedEntry } from './ledger-entry.js';
import { checkQuery, valueOf, type CheckedQuery } from './ledger-query.js';
import { addUp } from './ledger-totals.js';

export interface MemoryLedgerOptions {
  /** Entries kept. Beyond it those appended first are forgotten: totals and exports then lack them, and an entry that was forgotten would count again. @default 100000, about 60 MB with three tags each */
  readonly maxEntries?: number;
}

/** Spend records in this process, for tests, tools and dashboards of the last hours. They end with the process. */
export function memoryLedger(options: MemoryLedgerOptions = {}): Ledger {
  const { maxEntries = 100_000 } = options;
  if (!(Number.isInteger(maxEntries) && maxEntries >= 1)) throw new ConfigError(`memoryLedger: maxEntries: wanted a whole number, 1 or more, got ${String(maxEntries)}`);
  const kept = new Map<string, LedgerEntry>(); // in the order they were appended

  function matching(query: CheckedQuery): LedgerEntry[] {
    const { from = -Infinity, to = Infinity, where } = query;
    return [...kept.values()].filter((entry) => entry.at >= from && entry.at < to && where.every(([field, value]) => valueOf(entry, field) === value));
  }

  return {
    async append(entries) {
      for (const entry of entries.map(checkedEntry)) if (!kept.has(entry.id)) kept.set(entry.id, entry);
      for (const id of kept.keys()) {
        if (kept.size <= maxEntries) break;
        kept.delete(id);
      }
    },

    async totals(query) {
      const checked = checkQuery(query);
      return addUp(matching(checked), checked);
    },

    entries: (query) => inOrder(query, matching),

    async prune(before) {
      if (!Number.isFinite(before)) throw new ConfigError(`memoryLedger: prune: wanted milliseconds since the epoch, got ${String(before)}`);
      const old = [...kept.values()].filter(({ at }) => at < before);
      for (const { id } of old) kept.delete(id);
      return old.length;
    },
  };
}

async function* inOrder(query: Pick<LedgerQuery, 'from' | 'to' | 'where'>, matching: (query: CheckedQuery) => LedgerEntry[]): AsyncGenerator<LedgerEntry> {
  // Sorting is stable: entries of one millisecond stay in the order they were appended.
  for (const entry of matching(checkQuery(query)).sort((one, other) => one.at - other.at)) yield checkedEntry(entry);
}
