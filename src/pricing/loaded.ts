import type { Provider } from '@pydantic/genai-prices';
import { createCatalogue, type Catalogue, type MatchModel } from './catalogue.js';

/** The release of the package that has the data: the data itself has no date. */
export const CATALOGUE_VERSION = '0.1.8';
/** The day of that release: https://registry.npmjs.org/@pydantic/genai-prices */
const CATALOGUE_DAY = '2026-09-23';

export interface PriceCatalogueDate {
  /** The day whose prices are in use, as `2026-09-23`. */
  readonly date: string;
  /** `package`: they came with `@pydantic/genai-prices`; `refreshed`: they were fetched by `refreshPrices()`. */
  readonly source: 'package' | 'refreshed';
}

/** One catalogue for the whole process: it takes 30 ms to load, and every gateway may read it. */
let current: Catalogue | undefined;
let loading: Promise<void> | undefined;
let refreshed = false;

export function currentCatalogue(): Catalogue | undefined {
  return current;
}

export function catalogueDate(): PriceCatalogueDate {
  return current !== undefined && refreshed ? { date: new Date(current.madeAt).toISOString().slice(0, 10), source: 'refreshed' } : { date: CATALOGUE_DAY, source: 'package' };
}

/** Loads the catalogue that came with the package, once. Asked again after a failure it tries again. */
export function loadCatalogue(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<void> {
  const { waitForUpdate } = await import('@pydantic/genai-prices');
  const providers = (await waitForUpdate()) ?? [];
  const match = await matcher();
  current ??= createCatalogue(providers, match, Date.parse(CATALOGUE_DAY));
}

/** From now on this one. `madeAt`: milliseconds since the epoch. */
export async function replaceCatalogue(providers: readonly Provider[], madeAt: number): Promise<void> {
  current = createCatalogue(providers, await matcher(), madeAt);
  refreshed = true;
}

/** The package's matching, asked for a price of nothing at all. */
async function matcher(): Promise<MatchModel> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  return (model, provider) => calcPrice({}, model, { provider })?.model.id;
}
