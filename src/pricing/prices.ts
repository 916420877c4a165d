import { ConfigError } from '../errors.js';
import type { Cost } from '../types/price.js';
import type { Usage } from '../types/usage.js';
import type { Target } from '../types/report.js';
import { catalogueDate, loadCatalogue, type PriceCatalogueDate } from './loaded.js';
import { createPriceBook, type Price, type PriceFacts } from './price-book.js';

const book = createPriceBook();

/** Loads the price catalogue, once per process. The gateway does so itself; only who calls `costOf` or `priceOf` needs it. */
export function loadPrices(): Promise<void> {
  return loadCatalogue();
}

/**
 * What a usage costs, without a gateway. Throws ConfigError while the catalogue is not loaded, unless `prices` has an answer.
 * @example
 * await loadPrices();
 * costOf({ inputTokens: 1000, outputTokens: 200 }, { provider: 'openai', model: 'gpt-5' }).usd; // 0.00325
 */
export function costOf(usage: Usage, target: Target, options: PriceFacts = {}): Cost {
  const cost = book.costOf(usage, target, options);
  if (cost.status === 'unknown') assertLoaded('costOf');
  return cost;
}

/** What a target charges, and where that is said. Throws ConfigError while the catalogue is not loaded, unless `prices` has an answer. */
export function priceOf(target: Target, options: PriceFacts = {}): Price {
  const price = book.priceOf(target, options);
  if (price.status === 'unknown') assertLoaded('priceOf');
  return price;
}

function assertLoaded(name: string): void {
  if (!book.ready) throw new ConfigError(`${name}: the price catalogue is not loaded yet; await loadPrices() once before`);
}

/** Of which day the prices of the catalogue are. */
export function priceCatalogueDate(): PriceCatalogueDate {
  return catalogueDate();
}
