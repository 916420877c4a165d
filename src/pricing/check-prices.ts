import { ConfigError } from '../errors.js';
import type { PriceTable, Rates, TokenRates } from '../types/price.js';

const TOKEN_RATES = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWriteLong', 'reasoning', 'audioInput', 'audioOutput', 'imageInput', 'imageOutput'] as const satisfies readonly (keyof TokenRates)[];
const RATES = [...TOKEN_RATES, 'perRequestUsd', 'tiers', 'serviceTiers'] as const satisfies readonly (keyof Rates)[];

/** Throws a ConfigError that names the field, such as `prices['openai/gpt-5'].input`. */
export function checkPrices(prices: PriceTable, option = 'prices'): void {
  for (const [name, entry] of Object.entries(objectAt(option, prices, "a table such as { 'openai/gpt-5': { input: 1.25, output: 10 } }"))) {
    const field = `${option}[${quoted(name)}]`;
    if (!isModelName(name)) throw new ConfigError(`${field}: wanted a name such as 'openai/gpt-5' or 'openai/*'`);
    if (typeof entry === 'string') checkModelToChargeLike(field, name, entry);
    else checkRates(field, entry);
  }
}

function checkModelToChargeLike(field: string, name: string, entry: string): void {
  const wanted = "wanted a model of the catalogue to charge like, such as 'openai/gpt-5'";
  if (!isModelName(entry)) throw new ConfigError(`${field}: ${wanted}, got ${quoted(entry)}`);
  if (entry.endsWith('/*') && !name.endsWith('/*')) throw new ConfigError(`${field}: ${wanted}; ${quoted(entry)} stands for the model of the same name, which only a name that ends in '/*' can have`);
}

export function checkRates(field: string, entry: unknown): void {
  const rates = objectAt(field, entry, "rates such as { input: 1.25, output: 10 }, or the name of a model of the catalogue");
  known(field, rates, RATES);
  for (const rate of ['input', 'output']) if (rates[rate] === undefined) throw wrong(`${field}.${rate}`, 'USD per million tokens', rates[rate]);
  checkTokenRates(field, rates);
  if (rates['perRequestUsd'] !== undefined && !isPrice(rates['perRequestUsd'])) throw wrong(`${field}.perRequestUsd`, 'USD, 0 or more', rates['perRequestUsd']);
  if (rates['tiers'] !== undefined) checkTiers(`${field}.tiers`, rates['tiers']);
  if (rates['serviceTiers'] !== undefined) checkServiceTiers(`${field}.serviceTiers`, rates['serviceTiers']);
}

function checkTiers(field: string, tiers: unknown): void {
  if (!Array.isArray(tiers)) throw wrong(field, 'a list such as [{ aboveInputTokens: 200_000, input: 6, output: 22.5 }]', tiers);
  for (const [at, entry] of tiers.entries()) {
    const tier = objectAt(`${field}[${at}]`, entry, 'rates with aboveInputTokens');
    known(`${field}[${at}]`, tier, [...TOKEN_RATES, 'aboveInputTokens']);
    const above = tier['aboveInputTokens'];
    if (!(Number.isSafeInteger(above) && Number(above) >= 0)) throw wrong(`${field}[${at}].aboveInputTokens`, 'a whole number of tokens', above);
    checkTokenRates(`${field}[${at}]`, tier);
  }
}

function checkServiceTiers(field: string, tiers: unknown): void {
  for (const [name, entry] of Object.entries(objectAt(field, tiers, 'factors or rates by the name of the tier, such as { batch: 0.5 }'))) {
    const one = `${field}[${quoted(name)}]`;
    if (typeof entry === 'number') {
      if (!isPrice(entry)) throw wrong(one, 'a factor, 0 or more', entry);
      continue;
    }
    const rates = objectAt(one, entry, 'a factor such as 0.5, or rates');
    known(one, rates, TOKEN_RATES);
    checkTokenRates(one, rates);
  }
}

function checkTokenRates(field: string, rates: Readonly<Record<string, unknown>>): void {
  for (const rate of TOKEN_RATES) if (rates[rate] !== undefined && !isPrice(rates[rate])) throw wrong(`${field}.${rate}`, 'USD per million tokens, 0 or more', rates[rate]);
}

/** A misspelt rate would be a wrong bill, so it is no rate at all. */
function known(field: string, rates: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  const other = Object.keys(rates).find((name) => !names.includes(name));
  if (other !== undefined) throw new ConfigError(`${field}: ${quoted(other)} is none of ${names.join(', ')}`);
}

function objectAt(field: string, value: unknown, wanted: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, wanted, value);
  return value as Readonly<Record<string, unknown>>; // just looked
}

function isModelName(name: string): boolean {
  const slash = name.indexOf('/');
  return slash > 0 && slash < name.length - 1;
}

function isPrice(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function quoted(name: string): string {
  return `'${name.slice(0, 80)}'`;
}

function wrong(field: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`${field}: wanted ${wanted}, got ${typeof got === 'number' ? String(got) : got === null ? 'null' : typeof got}`);
}
