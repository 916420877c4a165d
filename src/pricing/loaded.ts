import { createCatalogue, type Catalogue, type MatchModel } from './catalogue.js';

/** One catalogue for the whole process: it takes 30 ms to load, and every gateway may read it. */
let current: Catalogue | undefined;
let loading: Promise<void> | undefined;

export function currentCatalogue(): Catalogue | undefined {
  return current;
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
  const providers = await waitForUpdate();
  current ??= createCatalogue(providers ?? [], await matcher());
}

/** The package's matching, asked for a price of nothing at all. */
async function matcher(): Promise<MatchModel> {
  const { calcPrice } = await import('@pydantic/genai-prices');
  return (model, provider) => calcPrice({}, model, { provider })?.model.id;
}
