import type { Rates } from '../types/price.js';
import type { Period } from './catalogue-rates.js';

/** Vendors whose models OpenRouter sells at the vendor's own price, and no other host does: the name before the slash there, and the catalogue's. */
const OPENROUTER_VENDORS: ReadonlyMap<string, string> = new Map([
  ['anthropic', 'anthropic'],
  ['google', 'google'],
  ['openai', 'openai'],
  ['x-ai', 'x-ai'],
]);

/** Variants with prices of their own, whatever the model costs: `:free`, `:batch`, Anthropic's and xAI's `-fast`. */
const VARIANT = /:|-fast$/;

/** Whose model it is that OpenRouter passes on. */
export function vendorBehind(model: string): { readonly id: string; readonly model: string } | undefined {
  const slash = model.indexOf('/');
  const id = OPENROUTER_VENDORS.get(model.slice(0, slash));
  return id === undefined || VARIANT.test(model) ? undefined : { id, model: model.slice(slash + 1) };
}

interface Priced {
  readonly model: string;
  readonly periods: readonly Period[];
}

/**
 * OpenRouter passes the vendors' prices through (https://openrouter.ai/docs/faq). Its list in the catalogue has one price, of the day
 * the catalogue was made; the vendor's has more: earlier prices, long prompts, cached tokens. So where both charge the same, the
 * vendor's entry holds, and for another time than that day too. Where they differ on that day, OpenRouter's own list holds for it.
 */
export function mergeSold(own: Priced, sold: Priced, madeAt: number): readonly Period[] {
  const [only] = own.periods;
  const listed = only?.rates;
  const today = sold.periods.find((period) => period.holdsAt(madeAt));
  if (listed === undefined || today?.rates === undefined || own.periods.length > 1) return own.periods;
  if (!chargeTheSame(listed, today.rates) && !haveOneName(own.model, sold.model)) return own.periods;
  return sold.periods.map((period) => {
    if (period.rates === undefined || (period === today && !chargeTheSame(listed, period.rates))) return { holdsAt: period.holdsAt, rates: listed };
    return { holdsAt: period.holdsAt, rates: chargeTheSame(listed, period.rates) ? { ...listed, ...period.rates } : period.rates };
  });
}

function chargeTheSame(one: Rates, other: Rates): boolean {
  return one.input === other.input && one.output === other.output;
}

function haveOneName(own: string, sold: string): boolean {
  const plain = (name: string): string => name.replaceAll('.', '-').toLowerCase();
  return plain(own.slice(own.indexOf('/') + 1)) === plain(sold);
}

/** Hugging Face's router takes `model:provider`. Without a provider it chooses, and charges what its choice charges: nobody knows here. */
export function nameOnRouter(name: string): { readonly model: string; readonly provider: string } | undefined {
  const colon = name.lastIndexOf(':');
  return colon < 1 ? undefined : { model: name.slice(0, colon), provider: name.slice(colon + 1) };
}
