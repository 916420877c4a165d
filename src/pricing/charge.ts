import type { Cost, CostPart, PriceStatus } from '../types/price.js';
import type { Usage } from '../types/usage.js';
import { REST_PER_NANO, type Card, type CardSet } from './rate-card.js';
import { inputTokensOf, splitUsage, TOKEN_PARTS } from './token-parts.js';

/** A part above it costs this much, a million USD: all parts together are still an exact integer. */
const MAX_PART_NANO_USD = 1e15;

const UNKNOWN_COST: Cost = Object.freeze({ usd: undefined, nanoUsd: undefined, parts: Object.freeze({}), status: 'unknown' });

export function unknownCost(): Cost {
  return UNKNOWN_COST;
}

/**
 * What a usage costs. The total is the exact sum, rounded once to a whole nano-USD; the parts are integers that add up to it,
 * each at most one nano-USD from its own exact sum (largest remainder).
 */
export function charge(usage: Usage, rates: CardSet, status: PriceStatus): Cost {
  const card = cardFor(usage, rates);
  const tokens = splitUsage(usage);
  const used: { readonly part: CostPart; nanoUsd: number; rest: number }[] = [];
  let nanoUsd = 0;
  let rest = 0;
  for (const [at, part] of TOKEN_PARTS.entries()) {
    const count = tokens[at] ?? 0;
    if (count === 0) continue;
    const partRest = count * (card.rest[at] ?? 0);
    const carried = Math.floor(partRest / REST_PER_NANO);
    const exact = count * (card.whole[at] ?? 0) + carried;
    const full = exact >= MAX_PART_NANO_USD;
    const one = { part, nanoUsd: full ? MAX_PART_NANO_USD : exact, rest: full ? 0 : partRest - carried * REST_PER_NANO };
    nanoUsd += one.nanoUsd;
    rest += one.rest;
    used.push(one);
  }
  if (rates.requestNanoUsd > 0) {
    const fee = Math.min(rates.requestNanoUsd, MAX_PART_NANO_USD);
    used.push({ part: 'request', nanoUsd: fee, rest: 0 });
    nanoUsd += fee;
  }
  const missing = Math.round(rest / REST_PER_NANO);
  if (missing > 0) spread(missing, used);
  const parts: Partial<Record<CostPart, number>> = {};
  for (const one of used) parts[one.part] = one.nanoUsd;
  return { usd: (nanoUsd + missing) / 1e9, nanoUsd: nanoUsd + missing, parts, status };
}

/** More input tokens than a threshold: its rates hold for all tokens of the request. */
function cardFor(usage: Usage, { base, tiers }: CardSet): Card {
  if (tiers.length === 0) return base;
  const inputTokens = inputTokensOf(usage);
  return tiers.findLast((tier) => inputTokens > tier.aboveInputTokens)?.card ?? base;
}

/** Gives what rounding left over to the parts that lost most by it. */
function spread(missing: number, parts: readonly { nanoUsd: number; readonly rest: number }[]): void {
  const byRest = parts.toSorted((one, other) => other.rest - one.rest);
  for (const part of byRest.slice(0, missing)) part.nanoUsd++;
}
