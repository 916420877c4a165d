import type { Cost, CostPart, PriceStatus } from '../types/price.js';
import type { Usage } from '../types/usage.js';
import { REST_PER_NANO, type Card, type CardSet } from './rate-card.js';
import { countOf, splitUsage, TOKEN_PARTS } from './token-parts.js';

/** A part above it costs this much, 800,000 USD: so all parts together are still an exact integer. */
const MAX_PART_NANO_USD = 8e14;

export const UNKNOWN_COST: Cost = Object.freeze({ usd: undefined, nanoUsd: undefined, parts: Object.freeze({}), status: 'unknown' });

/**
 * What a usage costs. The total is the exact sum, rounded once to a whole nano-USD; the parts are integers that add up to it,
 * each at most one nano-USD from its own exact sum (largest remainder).
 */
export function charge(usage: Usage, rates: CardSet, status: PriceStatus): Cost {
  const { whole, rest } = cardFor(usage, rates);
  const tokens = splitUsage(usage);
  const parts: Partial<Record<CostPart, number>> = {};
  const remainders: Remainder[] = [];
  let nanoUsd = 0;
  let leftOver = 0;
  for (let at = 0; at < TOKEN_PARTS.length; at++) {
    const part = TOKEN_PARTS[at];
    const count = tokens[at] ?? 0;
    if (count === 0 || part === undefined) continue;
    const partRest = count * (rest[at] ?? 0);
    const carried = Math.floor(partRest / REST_PER_NANO);
    const exact = count * (whole[at] ?? 0) + carried;
    const cost = Math.min(exact, MAX_PART_NANO_USD);
    parts[part] = cost;
    nanoUsd += cost;
    const remainder = partRest - carried * REST_PER_NANO;
    if (remainder === 0 || cost < exact) continue;
    remainders.push({ part, remainder });
    leftOver += remainder;
  }
  if (rates.requestNanoUsd > 0) {
    parts.request = Math.min(rates.requestNanoUsd, MAX_PART_NANO_USD);
    nanoUsd += parts.request;
  }
  const rounded = Math.round(leftOver / REST_PER_NANO);
  if (rounded > 0) spread(rounded, remainders, parts);
  return { usd: (nanoUsd + rounded) / 1e9, nanoUsd: nanoUsd + rounded, parts, status };
}

/** The sum that a provider says it charged. Undefined for what cannot be one. */
export function reportedCost(usd: number | undefined): Cost | undefined {
  if (typeof usd !== 'number' || !(usd >= 0 && usd * 1e9 <= MAX_PART_NANO_USD)) return undefined;
  const nanoUsd = Math.round(usd * 1e9);
  return { usd: nanoUsd / 1e9, nanoUsd, parts: { reported: nanoUsd }, status: 'reported' };
}

/** More input tokens than a threshold: its rates hold for all tokens of the request. */
function cardFor(usage: Usage, { base, tiers }: CardSet): Card {
  if (tiers.length === 0) return base;
  const inputTokens = countOf(usage.inputTokens);
  return tiers.findLast((tier) => inputTokens > tier.aboveInputTokens)?.card ?? base;
}

interface Remainder {
  readonly part: CostPart;
  readonly remainder: number;
}

/** Gives what rounding left over to the parts that lost most by it. */
function spread(rounded: number, remainders: Remainder[], parts: Partial<Record<CostPart, number>>): void {
  remainders.sort((one, other) => other.remainder - one.remainder);
  for (const { part } of remainders.slice(0, rounded)) parts[part] = (parts[part] ?? 0) + 1;
}
