import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPriceBook } from '../../src/pricing/price-book.js';
import type { Rates, TokenRates } from '../../src/types/price.js';
import type { Usage } from '../../src/types/usage.js';
import { exchangeRows, fixturesFolder, loadExchange } from '../support/fixtures.js';

/** What others computed or were billed. CATALOG.md of the fixtures describes the rows, and which of them to assert. */
interface PriceCase {
  readonly id: string;
  readonly kind: 'provider-billed' | 'peer-computed-grid' | 'peer-computed-real-usage' | 'peer-unit-test' | 'table-derived';
  readonly provider: string;
  readonly model: string;
  readonly usage: Readonly<Record<string, number>>;
  readonly rawUsage?: { readonly cost?: number };
  readonly expectedUSD: { readonly total: number };
  readonly ratesUSDPerMillion?: Readonly<Record<string, number | { readonly base: number; readonly tiers: readonly { readonly start: number; readonly price: number }[] }>>;
  readonly clean?: boolean;
  readonly agreesWithLitellmTable?: boolean;
  readonly recording?: string;
}

/** Rows that the catalogue rightly does not agree with. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'price-0751': 'the catalogue lists the model without a price: the peer sums that up to 0, here it is unknown',
  'price-0752': 'the same',
  'price-1560': 'a prompt of exactly 272,000 tokens: the peer had the boundary above it, the catalogue has moved it to OpenAI\'s "less than 272K" since',
  'price-1563': 'the same',
  'price-1587': 'the peer charges audio as text; OpenAI lists 6 USD for the audio input of gpt-4o-transcribe, and so does the catalogue',
  'price-1591': 'the price of gpt-3.5-turbo-0613; gpt-3.5-turbo has been cheaper since January 2024',
};

/**
 * Rows whose price is not in any list: OpenRouter charged what the host it chose charges (0000), and a cache write of Gemini on top of the
 * read of the same tokens (0029). It says so in the same answer.
 */
const ONLY_REPORTED: ReadonlySet<string> = new Set(['price-0000', 'price-0029']);

/** The peers computed before prices fell in the summer of 2026, at this moment or another of the same prices; unit tests after July. */
const COMPUTED_AT = Date.parse('2026-06-01T12:00:00Z');
const UNIT_TESTS_AT = Date.parse('2026-08-10T12:00:00Z');

const file = path.join(fixturesFolder, 'prices/cases.jsonl');
const cases = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as PriceCase) : [];
const asserted = cases.filter((row) => row.clean !== false && row.agreesWithLitellmTable !== false);
const recordings = exchangeRows();
const book = createPriceBook();

describe.skipIf(cases.length === 0)('the recorded prices (skipped without the fixtures folder)', () => {
  beforeAll(() => book.load());

  const kinds = [...new Set(asserted.map(({ kind }) => kind))];
  it.each(kinds)('of kind %s are ours to 1e-9 USD', (kind) => {
    const rows = asserted.filter((row) => row.kind === kind && EXCEPTIONS[row.id] === undefined);
    const wrong = rows.filter((row) => !(Math.abs((costOf(row) ?? NaN) - row.expectedUSD.total) <= 1e-9));
    expect(rows.length).toBeGreaterThan(0);
    expect(wrong.map((row) => ({ id: row.id, model: `${row.provider}/${row.model}`, wanted: row.expectedUSD.total, got: costOf(row) }))).toEqual([]);
  });

  it('have fewer than one exception in a hundred rows, and none that a provider billed', () => {
    const exceptions = asserted.filter(({ id }) => EXCEPTIONS[id] !== undefined);
    expect(exceptions.length / asserted.length).toBeLessThan(0.01);
    expect(exceptions.filter(({ kind }) => kind === 'provider-billed')).toEqual([]);
    expect(Object.keys(EXCEPTIONS)).toEqual(exceptions.map(({ id }) => id));
  });

  it('that a list cannot know still need the provider\'s own word', () => {
    const rows = asserted.filter(({ id }) => ONLY_REPORTED.has(id));
    expect(rows.map(({ id }) => id)).toEqual([...ONLY_REPORTED]);
    for (const row of rows) {
      const listed = book.costOf(usageOf(row), { provider: row.provider, model: row.model }, { at: askedAt(row) });
      expect(Math.abs((listed.usd ?? NaN) - row.expectedUSD.total)).toBeGreaterThan(1e-9);
    }
  });
});

function costOf(row: PriceCase): number | undefined {
  const target = { provider: row.provider, model: nameAtTheRouter(row) };
  const rates = row.kind === 'peer-computed-grid' ? undefined : ratesOf(row);
  const cost = book.costOf(usageOf(row), target, {
    at: askedAt(row),
    ...(rates !== undefined && { prices: { [`${row.provider}/*`]: rates } }),
    ...(ONLY_REPORTED.has(row.id) && { reportedUsd: row.rawUsage?.cost }),
  });
  return cost.usd;
}

/** Hugging Face's recordings went to Together by their address, which the row does not have. */
function nameAtTheRouter({ provider, model }: PriceCase): string {
  return provider === 'huggingface' ? `${model}:together` : model;
}

function askedAt({ kind, recording }: PriceCase): number {
  if (kind === 'peer-unit-test') return UNIT_TESTS_AT;
  return (recording === undefined ? undefined : recordedAt(recording)) ?? COMPUTED_AT;
}

/** When the recorded answer was made, as it says itself. */
function recordedAt(recording: string): number | undefined {
  const row = recordings.find(({ id }) => id === recording);
  const answer = row && new TextDecoder().decode(loadExchange(row).bytes);
  const seconds = /"created(?:_at)?":\s*(?<seconds>\d{10})/.exec(answer ?? '')?.groups?.['seconds'];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function usageOf({ usage }: PriceCase): Usage {
  const parts = {
    cacheReadTokens: usage['cache_read_tokens'],
    cacheWriteTokens: usage['cache_write_tokens'],
    cacheWriteLongTokens: usage['cache_write_1h_tokens'],
    reasoningTokens: usage['output_reasoning_tokens'],
    audioInputTokens: usage['input_audio_tokens'],
    audioOutputTokens: usage['output_audio_tokens'],
    imageInputTokens: usage['input_image_tokens'],
    imageOutputTokens: usage['output_image_tokens'],
  };
  const said = Object.fromEntries(Object.entries(parts).filter(([, count]) => count !== undefined));
  return { inputTokens: usage['input_tokens'] ?? 0, outputTokens: usage['output_tokens'] ?? 0, ...said };
}

const RATE_NAMES: readonly (readonly [keyof TokenRates, string])[] = [
  ['input', 'input_mtok'],
  ['output', 'output_mtok'],
  ['cacheRead', 'cache_read_mtok'],
  ['cacheWrite', 'cache_write_mtok'],
  ['cacheWriteLong', 'cache_write_1h_mtok'],
  ['imageOutput', 'output_image_mtok'],
];

/** The row's own rates as a user would write them. */
function ratesOf({ ratesUSDPerMillion: listed }: PriceCase): Rates | undefined {
  if (listed === undefined) return undefined;
  const base: Partial<Record<keyof TokenRates, number>> = {};
  const tiers: Partial<Record<keyof TokenRates, number> & Record<'aboveInputTokens', number>>[] = [];
  for (const [name, theirs] of RATE_NAMES) {
    const price = listed[theirs];
    if (price === undefined) continue;
    base[name] = typeof price === 'number' ? price : price.base;
    for (const { start, price: above } of typeof price === 'number' ? [] : price.tiers) tiers.push({ aboveInputTokens: start, [name]: above });
  }
  // Tiers of one threshold may stand apart: each adds to what the ones below it say.
  return { input: 0, output: 0, ...base, tiers: tiers.map((tier) => ({ aboveInputTokens: 0, ...tier })) };
}
