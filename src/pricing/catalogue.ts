import type { ModelInfo, Provider } from '@pydantic/genai-prices';
import { periodsOf, type Period } from './catalogue-rates.js';
import { catalogueId } from './provider-ids.js';

/** A model of the catalogue. */
export interface Listing {
  /** As the catalogue names it, such as `openai/gpt-5`. */
  readonly name: string;
  /** Whether it was asked for by that very name. */
  readonly exact: boolean;
  readonly periods: readonly Period[];
}

export interface Catalogue {
  find(provider: string, model: string): Listing | undefined;
}

/** The package's own matching of one name within one provider's models. */
export type MatchModel = (model: string, provider: Provider) => string | undefined;

/** No model has a longer name; matching one of a megabyte against every pattern would take its time. */
const MAX_NAME_LENGTH = 256;

export function createCatalogue(providers: readonly Provider[], match: MatchModel): Catalogue {
  const byId = new Map(providers.map((provider) => [provider.id, createShelf(provider, match)]));

  /** On its own shelf, else on those of the vendors that it sells for: Azure lists OpenAI's models at OpenAI's prices. */
  function findOn(provider: string, model: string): Listing | undefined {
    const shelf = byId.get(provider);
    if (shelf === undefined) return undefined;
    return shelf.find(model) ?? firstOf(shelf.sellsFor, (vendor) => asAlias(byId.get(vendor)?.find(model)));
  }

  return {
    find(provider, model) {
      if (model.length > MAX_NAME_LENGTH) return undefined;
      return findOn(catalogueId(provider), model);
    },
  };
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
      return found && { name: `${provider.id}/${found.id}`, exact: found.id === model, periods: periodsOf(found) };
    },
  };
}

function asAlias(listing: Listing | undefined): Listing | undefined {
  return listing && { ...listing, exact: false };
}

function firstOf<T, R>(list: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of list) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
