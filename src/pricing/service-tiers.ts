import type { Rates } from '../types/price.js';

type ServiceTiers = NonNullable<Rates['serviceTiers']>;

/** Fast mode, which was named priority until July 2026, against the standard rates: https://openai.com/api-fast-mode/ */
const OPENAI_FAST: ReadonlyMap<string, number> = new Map([
  ['gpt-4.1', 1.75],
  ['gpt-4.1-mini', 1.75],
  ['gpt-4.1-nano', 2],
  ['gpt-4o', 1.7],
  ['gpt-4o-2024-05-13', 1.75],
  ['gpt-4o-mini', 5 / 3],
  ['gpt-5', 2],
  ['gpt-5-mini', 1.8],
  ['gpt-5.1', 2],
  ['gpt-5.2', 2],
  ['gpt-5.4', 2],
  ['gpt-5.4-mini', 2],
  ['gpt-5.5', 2.5],
  ['gpt-5.6-luna', 2],
  ['gpt-5.6-sol', 2],
  ['gpt-5.6-terra', 2],
  ['o3', 1.75],
  ['o4-mini', 2 / 1.1],
]);

/** Batches at half price: https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing, https://console.groq.com/docs/batch */
const BATCH: ServiceTiers = { batch: 0.5 };

/** https://ai.google.dev/gemini-api/docs/optimization says 75 to 100 % more for priority; 1.8 lies in it, and is what LiteLLM's table has. */
const GEMINI: ServiceTiers = { batch: 0.5, flex: 0.5, priority: 1.8 };

/**
 * What a provider's service tiers do to the rates of the catalogue, which knows standard ones alone. A tier that is not here costs
 * the standard rate: Groq's flex does by its documentation; Anthropic's priority is paid for by contract; Bedrock says no factor.
 */
export function serviceTiersOf(provider: string, model: string): ServiceTiers | undefined {
  switch (provider) {
    case 'openai': {
      const fast = OPENAI_FAST.get(model);
      // Flex is charged as a batch is: https://developers.openai.com/api/docs/guides/flex-processing
      return { batch: 0.5, flex: 0.5, ...(fast !== undefined && { fast, priority: fast }) };
    }
    case 'anthropic':
    case 'groq':
      return BATCH;
    case 'google':
      return model.startsWith('gemini') ? GEMINI : undefined;
    default:
      return undefined;
  }
}

/** The tier's name in the rates, if they have it: as the provider wrote it, or as its documentation does (`SERVICE_TIER_FLEX`, `ON_DEMAND_FLEX`). */
export function tierIn(rates: Rates, reported: string | undefined): string | undefined {
  const { serviceTiers } = rates;
  if (serviceTiers === undefined || reported === undefined || reported.length > 64) return undefined;
  if (Object.hasOwn(serviceTiers, reported)) return reported;
  const plain = reported.toLowerCase().replace(/^(?:service_tier|on_demand)_/, '');
  return Object.hasOwn(serviceTiers, plain) ? plain : undefined;
}
