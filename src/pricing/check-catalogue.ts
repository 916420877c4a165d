import type { ConditionalPrice, MatchLogic, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';

/**
 * Reads a published catalogue as what it may be: anything. Throws an Error that says where it is wrong; nothing of it is used then.
 * What is not needed here is left behind.
 */
export function readCatalogue(data: unknown): readonly Provider[] {
  const providers = list(data, 'the catalogue').map((provider, at) => readProvider(provider, `[${at}]`));
  if (!providers.some(({ models }) => models.length > 0)) throw new Error('it has no models');
  return providers;
}

function readProvider(value: unknown, where: string): Provider {
  const provider = object(value, where);
  const id = text(provider['id'], `${where}.id`);
  const sellsFor = provider['fallback_model_providers'];
  return {
    id,
    name: id,
    api_pattern: '',
    models: list(provider['models'], `${where}.models`).map((model, at) => readModel(model, `${where}.models[${at}]`)),
    ...(sellsFor !== undefined && sellsFor !== null && { fallback_model_providers: list(sellsFor, `${where}.fallback_model_providers`).map((vendor) => text(vendor, `${where}.fallback_model_providers`)) }),
  };
}

function readModel(value: unknown, where: string): ModelInfo {
  const model = object(value, where);
  const prices = model['prices'];
  return {
    id: text(model['id'], `${where}.id`),
    match: readMatch(model['match'], `${where}.match`, 0),
    prices: Array.isArray(prices) ? prices.map((dated, at) => readDated(dated, `${where}.prices[${at}]`)) : readPrices(prices, `${where}.prices`),
  };
}

const MAX_DEPTH = 8;

function readMatch(value: unknown, where: string, depth: number): MatchLogic {
  const match = object(value, where);
  if (depth > MAX_DEPTH) throw new Error(`${where} is too deep`);
  const every = (name: string): MatchLogic[] => list(match[name], `${where}.${name}`).map((part) => readMatch(part, where, depth + 1));
  if ('or' in match) return { or: every('or') };
  if ('and' in match) return { and: every('and') };
  if ('equals' in match) return { equals: text(match['equals'], where) };
  if ('starts_with' in match) return { starts_with: text(match['starts_with'], where) };
  if ('ends_with' in match) return { ends_with: text(match['ends_with'], where) };
  if ('contains' in match) return { contains: text(match['contains'], where) };
  return { regex: readPattern(match['regex'], where) };
}

/** Names of models may come from callers, so a pattern must be quick for every name: few repetitions, and none around a group. */
function readPattern(value: unknown, where: string): string {
  const pattern = text(value, where);
  const repetitions = pattern.match(/[*+]|\{\d*,\d*\}/g)?.length ?? 0;
  if (pattern.length > 200 || repetitions > 2 || /\)[*+{]/.test(pattern)) throw new Error(`${where} has a pattern that may take its time`);
  void new RegExp(pattern); // throws for what is none
  return pattern;
}

function readDated(value: unknown, where: string): ConditionalPrice {
  const dated = object(value, where);
  const prices = readPrices(dated['prices'], `${where}.prices`);
  if (dated['constraint'] === undefined || dated['constraint'] === null) return { prices };
  const constraint = object(dated['constraint'], `${where}.constraint`);
  if ('start_date' in constraint) return { prices, constraint: { type: 'start_date', start_date: moment(constraint['start_date'], '', where) } };
  return { prices, constraint: { type: 'time_of_date', start_time: moment(constraint['start_time'], '1970-01-01T', where), end_time: moment(constraint['end_time'], '1970-01-01T', where) } };
}

function moment(value: unknown, day: string, where: string): string {
  const written = text(value, where);
  if (Number.isNaN(Date.parse(day + written))) throw new Error(`${where} has a date that is none`);
  return written;
}

function readPrices(value: unknown, where: string): ModelPrice {
  return Object.fromEntries(Object.entries(object(value, where)).map(([name, price]) => [name, readPrice(price, `${where}.${name}`)]));
}

function readPrice(value: unknown, where: string): ModelPrice[string] {
  if (typeof value === 'number') return amount(value, where);
  const { base, tiers } = object(value, where);
  const read = list(tiers, `${where}.tiers`).map((entry) => {
    const tier = object(entry, where);
    return { start: amount(tier['start'], where), price: amount(tier['price'], where) };
  });
  return { base: amount(base, where), tiers: read.toSorted((one, other) => one.start - other.start) };
}

function amount(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) throw new Error(`${where} is no price`);
  return value;
}

function text(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '') throw new Error(`${where} is no text`);
  return value;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where} is no list`);
  return value;
}

function object(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${where} is no object`);
  return value as Readonly<Record<string, unknown>>; // just looked
}
