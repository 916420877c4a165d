import type { LedgerEntry, LedgerTotal } from '../types/store.js';
import { isHit, toNano, toUsd } from './ledger-entry.js';
import { valueOf, type CheckedQuery } from './ledger-query.js';

/** A group under way. Money as bigints: what many cents add up to may pass what a number holds exactly. */
interface Sum {
  readonly values: readonly string[];
  readonly bucket: number | undefined;
  readonly calls: Set<string>;
  attempts: number;
  errors: number;
  hits: number;
  inputTokens: number;
  outputTokens: number;
  costNano: bigint;
  savedNano: bigint;
  estimated: number;
  estimatedNano: bigint;
  unpriced: number;
}

/** Totals of these entries, by the groups and buckets of the query. */
export function addUp(entries: Iterable<LedgerEntry>, query: CheckedQuery): readonly LedgerTotal[] {
  const { groupBy, bucketMs } = query;
  const sums = new Map<string, Sum>();
  for (const entry of entries) {
    const values = groupBy.map(({ field }) => valueOf(entry, field));
    const bucket = bucketMs === undefined ? undefined : entry.at - (entry.at % bucketMs);
    const key = JSON.stringify([values, bucket]);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = empty(values, bucket)));
    add(sum, entry);
  }
  return inOrder([...sums.values()].map((sum) => ({ values: sum.values, total: totalOf(sum, query) })));
}

/** Groups by their values, text by its UTF-16 units, then buckets by time. */
export function inOrder(totals: readonly { readonly values: readonly string[]; readonly total: LedgerTotal }[]): readonly LedgerTotal[] {
  return totals.toSorted((one, other) => compare(one.values, other.values) || (one.total.bucket ?? 0) - (other.total.bucket ?? 0)).map(({ total }) => total);
}

export function groupOf(values: readonly string[], { groupBy }: CheckedQuery): Readonly<Record<string, string>> {
  return Object.fromEntries(groupBy.map(({ name }, at) => [name, values[at] ?? '']));
}

function add(sum: Sum, entry: LedgerEntry): void {
  sum.calls.add(entry.callId);
  if (isHit(entry)) {
    sum.hits++;
    sum.savedNano += BigInt(toNano(entry.savedUsd ?? null) ?? 0);
    return;
  }
  const nano = toNano(entry.costUsd);
  sum.attempts++;
  if (entry.outcome !== 'ok') sum.errors++;
  sum.inputTokens += entry.usage.inputTokens;
  sum.outputTokens += entry.usage.outputTokens;
  sum.costNano += BigInt(nano ?? 0);
  if (entry.usage.estimated === true) {
    sum.estimated++;
    sum.estimatedNano += BigInt(nano ?? 0);
  }
  if (nano === null) sum.unpriced++;
}

function totalOf({ values, bucket, calls, costNano, savedNano, estimatedNano, ...counts }: Sum, query: CheckedQuery): LedgerTotal {
  return {
    group: groupOf(values, query),
    ...(bucket !== undefined && { bucket }),
    calls: calls.size,
    ...counts,
    costUsd: toUsd(costNano),
    savedUsd: toUsd(savedNano),
    estimatedUsd: toUsd(estimatedNano),
  };
}

function empty(values: readonly string[], bucket: number | undefined): Sum {
  return {
    values, bucket, calls: new Set(), attempts: 0, errors: 0, hits: 0, inputTokens: 0, outputTokens: 0, costNano: 0n, savedNano: 0n, estimated: 0, estimatedNano: 0n, unpriced: 0,
  };
}

function compare(one: readonly string[], other: readonly string[]): number {
  for (const [at, value] of one.entries()) {
    const against = other[at] ?? '';
    if (value !== against) return value < against ? -1 : 1;
  }
  return 0;
}
