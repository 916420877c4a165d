import { ConfigError } from '../errors.js';
import type { Ledger, LedgerEntry, LedgerQuery } from '../types/store.js';

export interface LedgerCsvOptions {
  /** Tags that get a column each, named `tag:` and their name. All tags are in the column `tags`, as JSON. @default [] */
  readonly tags?: readonly string[];
}

const COLUMNS: Readonly<Record<string, (entry: LedgerEntry) => string | number | undefined>> = {
  id: ({ id }) => id,
  callId: ({ callId }) => callId,
  at: ({ at }) => new Date(at).toISOString(),
  provider: ({ target }) => target.provider,
  model: ({ target }) => target.model,
  credential: ({ target }) => target.credential,
  answeredBy: ({ model }) => model,
  attempt: ({ attempt }) => attempt,
  kind: ({ kind }) => kind,
  outcome: ({ outcome }) => outcome,
  certainty: ({ certainty }) => certainty,
  cache: ({ cache }) => cache,
  inputTokens: ({ usage }) => usage.inputTokens,
  outputTokens: ({ usage }) => usage.outputTokens,
  cacheReadTokens: ({ usage }) => usage.cacheReadTokens,
  cacheWriteTokens: ({ usage }) => usage.cacheWriteTokens,
  cacheWriteLongTokens: ({ usage }) => usage.cacheWriteLongTokens,
  reasoningTokens: ({ usage }) => usage.reasoningTokens,
  audioInputTokens: ({ usage }) => usage.audioInputTokens,
  audioOutputTokens: ({ usage }) => usage.audioOutputTokens,
  imageInputTokens: ({ usage }) => usage.imageInputTokens,
  imageOutputTokens: ({ usage }) => usage.imageOutputTokens,
  reportedUsd: ({ usage }) => decimal(usage.reportedUsd ?? null),
  estimated: ({ usage }) => String(usage.estimated ?? false),
  serviceTier: ({ serviceTier }) => serviceTier,
  costUsd: ({ costUsd }) => decimal(costUsd),
  price: ({ price }) => price,
  savedUsd: ({ savedUsd }) => decimal(savedUsd),
  durationMs: ({ durationMs }) => durationMs,
  tags: ({ tags }) => JSON.stringify(tags),
};

/**
 * The entries as CSV (RFC 4180), a line at a time, the names of the columns first: no more than a page is held. An unknown cost is
 * empty, never 0. A field that a spreadsheet would run as a formula begins with an apostrophe.
 */
export async function* ledgerCsv(ledger: Ledger, query: Pick<LedgerQuery, 'from' | 'to' | 'where'> = {}, { tags = [] }: LedgerCsvOptions = {}): AsyncGenerator<string, void, undefined> {
  if (!Array.isArray(tags) || !tags.every((name) => typeof name === 'string')) throw new ConfigError('ledgerCsv: tags: wanted a list of names');
  yield line([...Object.keys(COLUMNS), ...tags.map((name) => `tag:${name}`)]);
  for await (const entry of ledger.entries(query)) {
    yield line([...Object.values(COLUMNS).map((read) => read(entry)), ...tags.map((name) => (Object.hasOwn(entry.tags, name) ? entry.tags[name] : undefined))]);
  }
}

function line(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map((value) => (typeof value === 'string' ? field(value) : (value ?? ''))).join(',')}\r\n`;
}

/** What OWASP's page on CSV injection lists, full-width forms included; the apostrophe is its remedy, and the quotes keep a separator of another locale from beginning a new cell. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const QUOTED = /[",;\t\r\n']/;

function field(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** In full: a spreadsheet may take 1e-9 for text. */
function decimal(usd: number | null | undefined): string | undefined {
  if (usd === null || usd === undefined) return undefined;
  return usd.toFixed(9).replace(/\.?0+$/, '');
}
