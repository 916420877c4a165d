import { ConfigError } from '../errors.js';
import type { LedgerEntry, LedgerQuery } from '../types/store.js';
import { storable } from './ledger-entry.js';

/** What a name in `groupBy` or `where` stands for. */
export type LedgerField = { readonly kind: 'column'; readonly column: LedgerColumn } | { readonly kind: 'tag'; readonly tag: string };

/** The names that are no tags. */
const COLUMNS = ['provider', 'model', 'credential', 'outcome', 'kind', 'cache'] as const;
export type LedgerColumn = (typeof COLUMNS)[number];

/** A query that makes sense, its names looked up once. */
export interface CheckedQuery {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly where: readonly (readonly [field: LedgerField, value: string])[];
  /** `name` is the one the caller used. */
  readonly groupBy: readonly { readonly name: string; readonly field: LedgerField }[];
  readonly bucketMs: number | undefined;
}

/** More than a report can show, and well below what a database joins. */
const MAX_NAMES = 16;

/** Throws ConfigError for what cannot be asked. */
export function checkQuery(query: LedgerQuery): CheckedQuery {
  const { from, to, where = {}, groupBy = [], bucketMs } = query;
  for (const [option, value] of Object.entries({ from, to })) {
    if (value !== undefined && !Number.isFinite(value)) throw wrong(option, 'milliseconds since the epoch', value);
  }
  if (bucketMs !== undefined && !(Number.isSafeInteger(bucketMs) && bucketMs >= 1)) throw wrong('bucketMs', 'whole milliseconds, 1 or more', bucketMs);
  if (!Array.isArray(groupBy) || groupBy.length > MAX_NAMES || !groupBy.every((name) => typeof name === 'string')) throw wrong('groupBy', `a list of up to ${MAX_NAMES} names`, groupBy);
  if (typeof where !== 'object' || where === null) throw wrong('where', "an object such as { tenant: 'acme' }", where);
  const conditions = Object.entries(where);
  if (conditions.length > MAX_NAMES) throw wrong('where', `up to ${MAX_NAMES} names`, conditions.length);
  for (const [name, value] of conditions) if (typeof value !== 'string') throw wrong(`where.${name.slice(0, 80)}`, 'a string', value);
  return {
    from,
    to,
    where: conditions.map(([name, value]) => [fieldOf(name), storable(value)]),
    groupBy: groupBy.map((name) => ({ name, field: fieldOf(name) })),
    bucketMs,
  };
}

/** What an entry has under a name; '' where it has nothing. */
export function valueOf(entry: LedgerEntry, field: LedgerField): string {
  if (field.kind === 'tag') return Object.hasOwn(entry.tags, field.tag) ? (entry.tags[field.tag] ?? '') : '';
  switch (field.column) {
    case 'provider':
      return entry.target.provider;
    case 'model':
      return entry.target.model;
    case 'credential':
      return entry.target.credential ?? '';
    case 'outcome':
      return entry.outcome;
    case 'kind':
      return entry.kind;
    case 'cache':
      return entry.cache;
    default:
      return field.column satisfies never;
  }
}

function fieldOf(name: string): LedgerField {
  const column = COLUMNS.find((known) => known === name);
  if (column !== undefined) return { kind: 'column', column };
  return { kind: 'tag', tag: storable(name.startsWith(TAG_PREFIX) ? name.slice(TAG_PREFIX.length) : name) };
}

const TAG_PREFIX = 'tag:';

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`ledger query: ${option}: wanted ${wanted}, got ${typeof got === 'number' ? got : typeof got}`);
}
