/** Ticks of xAI to the dollar (https://docs.x.ai/docs/api-reference, `cost_in_usd_ticks`). */
const TICKS_PER_USD = 1e10;

/**
 * What a server says in its `usage` that it charged, in USD. Only members that are known to be dollars count: xAI's ticks, and
 * OpenRouter's `cost` (https://openrouter.ai/docs/use-cases/usage-accounting), told by the members that stand beside it. With a
 * key of one's own there, `cost` is the fee alone, and the vendor's bill comes on top.
 */
export function reported(usage: Readonly<Record<string, unknown>>): number | undefined {
  const ticks = amount(usage['cost_in_usd_ticks']);
  if (ticks !== undefined) return ticks / TICKS_PER_USD;
  const { cost, is_byok: ownKey, cost_details: details } = usage;
  const fee = amount(cost);
  if (fee === undefined || (typeof ownKey !== 'boolean' && typeof details !== 'object')) return undefined;
  if (ownKey !== true) return fee;
  const upstream = typeof details === 'object' && details !== null && 'upstream_inference_cost' in details ? amount(details.upstream_inference_cost) : undefined;
  return upstream === undefined ? undefined : fee + upstream;
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
