import type { ModelInfo, Provider } from '@pydantic/genai-prices';
import { periodsOf, type Period } from './catalogue-rates.js';
import { catalogueId } from './provider-ids.js';
import { mergeSold, nameOnRouter, vendorBehind } from './routers.js';
import { serviceTiersOf } from './service-tiers.js';

/** A model of the catalogue. */
export interface Listing {
  readonly provider: string;
  /** As the catalogue names it. */
  readonly model: string;
  /** Whether it was asked for by that very name. */
  readonly exact: boolean;
  readonly periods: readonly Period[];
}

export interface Catalogue {
  /** When it was made, in milliseconds since the epoch. */
  readonly madeAt: number;
  find(provider: string, model: string): Listing | undefined;
}

/** The package's own matching of one name within one provider's models. */
export type MatchModel = (model: string, provider: Provider) => string | undefined;

/** No model has a longer name; matching one of a megabyte against every pattern would take its time. */
const MAX_NAME_LENGTH = 256;

export function createCatalogue(providers: readonly Provider[], match: MatchModel, madeAt: number): Catalogue {
  const shelves = new Map(providers.map((provider) => [provider.id, createShelf(provider, match)]));

  /** On its own shelf, else on those of the vendors that it sells for: Azure charges what OpenAI does where nothing else is said. */
  function findOn(provider: string, model: string): Listing | undefined {
    const shelf = shelves.get(provider);
    const own = shelf?.find(model);
    if (own !== undefined) return withServiceTiers(own);
    for (const vendor of shelf?.sellsFor ?? []) {
      const sold = shelves.get(vendor)?.find(model);
      if (sold !== undefined) return { ...sold, exact: false };
    }
    return undefined;
  }

  function findOnOpenRouter(model: string): Listing | undefined {
    const own = shelves.get('openrouter')?.find(model);
    const vendor = vendorBehind(own?.model ?? model);
    const sold = vendor && shelves.get(vendor.id)?.find(vendor.model);
    return own === undefined || sold === undefined ? (own ?? (sold && { ...sold, exact: false })) : { ...own, periods: mergeSold(own, sold, madeAt) };
  }

  return {
    madeAt,
    find(provider, name) {
      if (name.length > MAX_NAME_LENGTH) return undefined;
      const id = catalogueId(provider);
      if (id === 'openrouter') return findOnOpenRouter(name);
      if (id === 'huggingface') {
        const routed = nameOnRouter(name);
        return routed && findOn(`huggingface_${routed.provider}`, routed.model);
      }
      // Google's names may be paths: `models/gemini-2.5-pro`, `publishers/google/models/gemini-2.5-pro`.
      return findOn(id, name) ?? (id === 'google' ? findOn(id, name.slice(name.lastIndexOf('/') + 1)) : undefined);
    },
  };
}

function withServiceTiers(listing: Listing): Listing {
  const serviceTiers = serviceTiersOf(listing.provider, listing.model);
  if (serviceTiers === undefined) return listing;
  return { ...listing, periods: listing.periods.map(({ holdsAt, rates }) => ({ holdsAt, rates: rates && { ...rates, serviceTiers } })) };
}

interface Shelf {
  readonly sellsFor: readonly string[];
  find(model: string): Listing | undefined;
}

function createShelf(provider: Provider, match: MatchModel): Shelf {
  const models = new Map<string, ModelInfo>();
  for (const model of provider.models) if (!models.has(model.id)) models.set(model.id, model);
  // Without prices the package has nothing to calculate, and nothing to print about prices it does not know.
  const names: Provider = { id: provider.id, name: provider.name, api_pattern: '', models: provider.models.map(({ id, match: pattern }) => ({ id, match: pattern, prices: {} })) };
  return {
    sellsFor: provider.fallback_model_providers ?? [],
    find(model) {
      const id = match(model, names);
      const found = id === undefined ? undefined : models.get(id);
      return found && { provider: provider.id, model: found.id, exact: found.id === model, periods: periodsOf(found) };
    },
  };
}
