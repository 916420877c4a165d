import type { ConditionalPrice, ModelInfo, ModelPrice } from '@pydantic/genai-prices';
import type { Rates, TokenRates } from '../types/price.js';

/** What a model costs while `holdsAt` is true. Undefined rates: it is not charged by the token (by the hour, by the page). */
export interface Period {
  readonly holdsAt: (at: number) => boolean;
  readonly rates: Rates | undefined;
}

/** Names of rates, here and in the catalogue. Citations, video and the like have rates there too, but no count of their own in a `Usage`. */
const NAMES = [
  ['input', 'input_mtok'],
  ['output', 'output_mtok'],
  ['cacheRead', 'cache_read_mtok'],
  ['cacheWrite', 'cache_write_mtok'],
  ['cacheWriteLong', 'cache_write_1h_mtok'],
  ['reasoning', 'output_reasoning_mtok'],
  ['audioInput', 'input_audio_mtok'],
  ['audioOutput', 'output_audio_mtok'],
  ['imageInput', 'input_image_mtok'],
  ['imageOutput', 'output_image_mtok'],
] as const satisfies readonly (readonly [keyof TokenRates, string])[];

/** The periods of a model, the one that goes first last in the catalogue, first here. The last one always holds. */
export function periodsOf({ id, prices }: ModelInfo): readonly Period[] {
  if (!Array.isArray(prices)) return [{ holdsAt: always, rates: ratesOf(id, prices) }];
  const periods = prices.toReversed().map(({ constraint, prices: dated }) => ({ holdsAt: conditionOf(constraint), rates: ratesOf(id, dated) }));
  const [first] = prices;
  return first === undefined ? [] : [...periods, { holdsAt: always, rates: ratesOf(id, first.prices) }];
}

const always = (): boolean => true;

function conditionOf(constraint: ConditionalPrice['constraint']): (at: number) => boolean {
  if (constraint === undefined) return always;
  if ('start_date' in constraint) {
    const start = Date.parse(constraint.start_date);
    return (at) => at >= start;
  }
  const start = millisecondsOfDay(constraint.start_time);
  const end = millisecondsOfDay(constraint.end_time);
  return (at) => {
    const now = ((at % DAY_MS) + DAY_MS) % DAY_MS;
    return start <= end ? now >= start && now < end : now >= start || now < end;
  };
}

const DAY_MS = 86_400_000;

/** `16:30:00Z` or `08:30:00+08:00`, as milliseconds after midnight UTC. */
function millisecondsOfDay(time: string): number {
  return ((Date.parse(`1970-01-02T${time}`) % DAY_MS) + DAY_MS) % DAY_MS;
}

function ratesOf(model: string, prices: ModelPrice): Rates | undefined {
  if (prices['input_mtok'] === undefined && prices['output_mtok'] === undefined) return undefined;
  const thresholds = new Set<number>();
  for (const price of Object.values(prices)) if (typeof price === 'object') for (const { start } of price.tiers) thresholds.add(start);
  const perThousand = prices['requests_kcount'];
  return {
    ...tokenRates(model, prices, 0),
    ...(typeof perThousand === 'number' && { perRequestUsd: perThousand / 1000 }),
    ...(thresholds.size > 0 && { tiers: [...thresholds].toSorted((one, other) => one - other).map((start) => ({ aboveInputTokens: start, ...tokenRates(model, prices, start + 1) })) }),
  };
}

function tokenRates(model: string, prices: ModelPrice, inputTokens: number): TokenRates {
  const rates: { -readonly [Name in keyof TokenRates]: number } = { input: 0, output: 0 };
  for (const [name, catalogueName] of NAMES) {
    const price = prices[catalogueName];
    if (price !== undefined) rates[name] = typeof price === 'number' ? price : (price.tiers.findLast(({ start }) => inputTokens > start)?.price ?? price.base);
  }
  // The catalogue has Anthropic's rate for an hour in the cache only for some models and clouds. It is twice the input rate for every one:
  // https://platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing
  if (rates.cacheWrite !== undefined && rates.cacheWriteLong === undefined && /\bclaude\b/i.test(model)) rates.cacheWriteLong = 2 * rates.input;
  return rates;
}
