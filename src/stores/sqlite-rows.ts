import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { LedgerEntry } from '../types/store.js';
import type { Usage } from '../types/usage.js';
import { isHit, toNano, toUsd } from './ledger-entry.js';

export type Row = Readonly<Record<string, SQLOutputValue>>;

const COUNTS = {
  cacheReadTokens: 'cache_read_tokens',
  cacheWriteTokens: 'cache_write_tokens',
  cacheWriteLongTokens: 'cache_write_long_tokens',
  reasoningTokens: 'reasoning_tokens',
  audioInputTokens: 'audio_input_tokens',
  audioOutputTokens: 'audio_output_tokens',
  imageInputTokens: 'image_input_tokens',
  imageOutputTokens: 'image_output_tokens',
} as const satisfies Partial<Record<keyof Usage, string>>;

const COLUMNS = [
  'id', 'call_id', 'at', 'provider', 'model', 'credential', 'answered_model', 'attempt', 'kind', 'outcome', 'certainty', 'input_tokens', 'output_tokens', ...Object.values(COUNTS),
  'reported_nano_usd', 'estimated', 'service_tier', 'cost_nano_usd', 'price', 'saved_nano_usd', 'cache', 'duration_ms', 'tag_set',
];

// The ids of a call's entries stand together in their index. A new call gets a number above all that are left: none has a row below its number.
const CALL = `coalesce(
  (SELECT call FROM entry WHERE id > ? AND id < ? AND call_id = ? LIMIT 1),
  (SELECT coalesce(max(seq), 0) + 1 FROM entry))`;

// Not OR IGNORE: that would also swallow a row that breaks another rule.
export const INSERT_ENTRY = `INSERT INTO entry (${COLUMNS.join(', ')}, call) VALUES (${COLUMNS.map(() => '?').join(', ')}, ${CALL}) ON CONFLICT (id) DO NOTHING`;

export const SELECT_PAGE = (conditions: string): string => `
  SELECT entry.*, tag_set.tags FROM entry JOIN tag_set ON tag_set.id = entry.tag_set
  WHERE (at, seq) > (?, ?) AND ${conditions} ORDER BY at, seq LIMIT ?`;

/** In the order of the parameters. */
export function valuesOf(entry: LedgerEntry, tagSet: SQLInputValue): SQLInputValue[] {
  const { target, usage } = entry;
  return [
    entry.id, entry.callId, entry.at, target.provider, target.model, target.credential ?? null, entry.model ?? null, entry.attempt, entry.kind, entry.outcome, entry.certainty,
    usage.inputTokens, usage.outputTokens, ...fields(COUNTS).map((field) => usage[field] ?? null),
    toNano(usage.reportedUsd ?? null), usage.estimated === undefined ? null : Number(usage.estimated), entry.serviceTier ?? null, toNano(entry.costUsd), entry.price ?? null, toNano(entry.savedUsd ?? null), entry.cache, entry.durationMs, tagSet,
    `${entry.callId}:`, `${entry.callId};`, entry.callId, // ';' comes after ':'
  ];
}

/** The same entry again. Texts that are one of a few were written from the types they are read as. */
export function entryOf(row: Row): LedgerEntry {
  const usage: Record<string, number | boolean> = { inputTokens: Number(row['input_tokens']), outputTokens: Number(row['output_tokens']) };
  for (const field of fields(COUNTS)) {
    const count = row[COUNTS[field]];
    if (typeof count === 'number') usage[field] = count;
  }
  if (typeof row['reported_nano_usd'] === 'number') usage['reportedUsd'] = toUsd(row['reported_nano_usd']);
  if (typeof row['estimated'] === 'number') usage['estimated'] = row['estimated'] === 1;
  const entry: LedgerEntry = {
    id: text(row['id']),
    callId: text(row['call_id']),
    at: Number(row['at']),
    target: { provider: text(row['provider']), model: text(row['model']), ...(row['credential'] !== null && { credential: text(row['credential']) }) },
    ...(row['answered_model'] !== null && { model: text(row['answered_model']) }),
    attempt: Number(row['attempt']),
    kind: row['kind'] as LedgerEntry['kind'],
    outcome: row['outcome'] as LedgerEntry['outcome'],
    certainty: row['certainty'] as LedgerEntry['certainty'],
    usage: usage as unknown as Usage, // both totals are in it, and nothing that is no count
    ...(row['service_tier'] !== null && { serviceTier: text(row['service_tier']) }),
    costUsd: usd(row['cost_nano_usd']),
    ...(row['price'] !== null && { price: row['price'] as NonNullable<LedgerEntry['price']> }),
    cache: row['cache'] as LedgerEntry['cache'],
    durationMs: Number(row['duration_ms']),
    tags: JSON.parse(text(row['tags'])) as LedgerEntry['tags'],
  };
  return isHit(entry) ? { ...entry, savedUsd: usd(row['saved_nano_usd']) } : entry;
}

function fields<K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(record) as K[]; // a constant of this file has no others
}

function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function usd(nano: SQLOutputValue | undefined): number | null {
  return typeof nano === 'number' ? toUsd(nano) : null;
}
