import type { SQLInputValue } from 'node:sqlite';
import type { LedgerTotal } from '../types/store.js';
import { toUsd } from './ledger-entry.js';
import type { CheckedQuery, LedgerColumn, LedgerField } from './ledger-query.js';
import { groupOf, inOrder } from './ledger-totals.js';
import type { Row } from './sqlite-rows.js';

/** SQL whose every name is written here; what a caller said is bound. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
}

const COLUMNS = {
  provider: 'entry.provider',
  model: 'entry.model',
  credential: "coalesce(entry.credential, '')",
  outcome: 'entry.outcome',
  kind: 'entry.kind',
  cache: 'entry.cache',
} as const satisfies Record<LedgerColumn, string>;

const HIT = "entry.cache IN ('exact', 'semantic')";
const ofAttempts = (value: string): string => `sum(CASE WHEN ${HIT} THEN NULL ELSE ${value} END)`;

const SUMS = {
  calls: 'count(DISTINCT entry.call)',
  attempts: ofAttempts('1'),
  errors: ofAttempts("entry.outcome <> 'ok'"),
  hits: `sum(${HIT})`,
  inputTokens: ofAttempts('entry.input_tokens'),
  outputTokens: ofAttempts('entry.output_tokens'),
  costUsd: ofAttempts('entry.cost_nano_usd'),
  savedUsd: `sum(CASE WHEN ${HIT} THEN entry.saved_nano_usd END)`,
  estimated: ofAttempts('coalesce(entry.estimated, 0)'),
  estimatedUsd: ofAttempts('CASE WHEN entry.estimated = 1 THEN entry.cost_nano_usd END'),
  unpriced: ofAttempts('entry.cost_nano_usd IS NULL'),
} as const satisfies Record<Exclude<keyof LedgerTotal, 'group' | 'bucket'>, string>;

/** `g0`, `g1` … and `bucket`, then the sums. */
export function totalsSql(query: CheckedQuery): Sql {
  const { groupBy, bucketMs } = query;
  const groups = groupBy.map(({ field }, at) => `${field.kind === 'column' ? COLUMNS[field.column] : `coalesce(tag${at}.value, '')`} AS g${at}`);
  const joins = groupBy.flatMap(({ field }, at) => (field.kind === 'tag' ? [{ text: `LEFT JOIN tag AS tag${at} ON tag${at}.tag_set = entry.tag_set AND tag${at}.name = ?`, value: field.tag }] : []));
  if (bucketMs !== undefined) groups.push('entry.at - entry.at % CAST(? AS INTEGER) AS bucket');
  const conditions = conditionsSql(query);
  return {
    text: [
      `SELECT ${[...groups, ...Object.entries(SUMS).map(([name, sum]) => `${sum} AS ${name}`)].join(', ')} FROM entry`,
      ...joins.map(({ text }) => text),
      `WHERE ${conditions.text}`,
      groups.length > 0 ? `GROUP BY ${groups.map((_, at) => at + 1).join(', ')}` : '',
    ].join('\n'),
    values: [...(bucketMs === undefined ? [] : [bucketMs]), ...joins.map(({ value }) => value), ...conditions.values],
  };
}

export function conditionsSql({ from, to, where }: CheckedQuery): Sql {
  const parts = [
    ...(from === undefined ? [] : [{ text: 'entry.at >= ?', values: [from] }]),
    ...(to === undefined ? [] : [{ text: 'entry.at < ?', values: [to] }]),
    ...where.map(([field, value]) => conditionSql(field, value)),
  ];
  return { text: parts.length === 0 ? 'TRUE' : parts.map(({ text }) => text).join(' AND '), values: parts.flatMap(({ values }) => values) };
}

function conditionSql(field: LedgerField, value: string): Sql {
  if (field.kind === 'column') return { text: `${COLUMNS[field.column]} = ?`, values: [value] };
  // An entry without the tag counts as one that has ''.
  if (value === '') return { text: "entry.tag_set NOT IN (SELECT tag_set FROM tag WHERE name = ? AND value <> '')", values: [field.tag] };
  return { text: 'entry.tag_set IN (SELECT tag_set FROM tag WHERE name = ? AND value = ?)', values: [field.tag, value] };
}

/** Of rows read with bigints. Sorted here, so that every ledger has one order, whatever its database collates by. */
export function totalsOf(rows: readonly Row[], query: CheckedQuery): readonly LedgerTotal[] {
  const totals = rows.map((row) => {
    const values = query.groupBy.map((_, at) => String(row[`g${at}`]));
    const count = (name: keyof typeof SUMS): number => Number(row[name] ?? 0);
    const total: LedgerTotal = {
      group: groupOf(values, query),
      ...(query.bucketMs !== undefined && { bucket: Number(row['bucket']) }),
      calls: count('calls'),
      attempts: count('attempts'),
      errors: count('errors'),
      hits: count('hits'),
      inputTokens: count('inputTokens'),
      outputTokens: count('outputTokens'),
      costUsd: toUsd(count('costUsd')),
      savedUsd: toUsd(count('savedUsd')),
      estimated: count('estimated'),
      estimatedUsd: toUsd(count('estimatedUsd')),
      unpriced: count('unpriced'),
    };
    return { values, total };
  });
  return inOrder(totals.filter(({ total }) => total.calls > 0)); // SQL has a row for no entries, where nothing groups them
}
