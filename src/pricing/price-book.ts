import { ConfigError } from '../errors.js';
import type { Cost, PriceStatus, PriceTable, Rates, TokenRates } from '../types/price.js';
import type { Usage } from '../types/usage.js';
import type { Target } from '../types/report.js';
import type { Catalogue } from './catalogue.js';
import { charge, reportedCost, UNKNOWN_COST } from './charge.js';
import { checkPrices, checkRates } from './check-prices.js';
import { currentCatalogue, loadCatalogue } from './loaded.js';
import { cardSet, type CardSet } from './rate-card.js';
import { resolve, type Found } from './resolve.js';
import { tierIn } from './service-tiers.js';

/** What to do with a target that has no price: let it pass and say so, refuse it, or charge it like this. */
export type UnknownPrice = 'warn' | 'reject' | { readonly assume: TokenRates };

export interface PriceBookOptions {
  /** Prices of your own, before those of the catalogue. @default none */
  readonly prices?: PriceTable | undefined;
  /** `warn` and `reject` are for whoever asks the book: to both it answers `unknown`. @default 'warn' */
  readonly unknownPrice?: UnknownPrice | undefined;
}

/** What else decides a price. */
export interface PriceFacts {
  /** The model that answered, as the provider names it. Where it differs it is more precise than the target's. @default the target's */
  readonly model?: string | undefined;
  /** As the provider reports it. @default its standard tier */
  readonly serviceTier?: string | undefined;
  /** When it was asked, in milliseconds since the epoch: some prices change by date or hour. @default now */
  readonly at?: number | undefined;
  /** Prices that go before all others. Checked when first seen: throws ConfigError. @default none */
  readonly prices?: PriceTable | undefined;
  /** What the provider says it charged, in USD. Goes before the catalogue, not before prices of your own. @default that of the usage, unless it is estimated: more was charged for what followed */
  readonly reportedUsd?: number | undefined;
}

export interface Price {
  readonly status: PriceStatus;
  /** Undefined: no price is known. */
  readonly rates: Rates | undefined;
  /** Where it was found, such as `catalogue: openai/gpt-5` or `prices['openai/*']`. */
  readonly source: string | undefined;
}

export interface PriceBook {
  /** Whether the catalogue is loaded. Until then only own prices are known. */
  readonly ready: boolean;
  /** Loads the catalogue, once per process. Takes 30 ms the first time. */
  load(): Promise<void>;
  /** Never throws for a usage, whatever it holds. */
  costOf(usage: Usage, target: Target, about?: PriceFacts): Cost;
  priceOf(target: Target, about?: PriceFacts): Price;
}

/** Throws ConfigError for wrong prices. */
export function createPriceBook({ prices, unknownPrice = 'warn' }: PriceBookOptions = {}): PriceBook {
  if (prices !== undefined) checkPrices(prices);
  const assume = assumedBy(unknownPrice);
  const own = prices === undefined ? [] : [prices];
  const page = createPage(own, assume);
  const pagesOfCalls = new WeakMap<PriceTable, Page>();

  function pageFor(table: PriceTable | undefined): Page {
    if (table === undefined) return page;
    const known = pagesOfCalls.get(table);
    if (known !== undefined) return known;
    checkPrices(table);
    const made = createPage([table, ...own], assume);
    pagesOfCalls.set(table, made);
    return made;
  }

  return {
    get ready() {
      return currentCatalogue() !== undefined;
    },
    load: loadCatalogue,
    costOf(usage, target, about = {}) {
      const entry = pageFor(about.prices).entry(target, about.model);
      const { status } = entry.found;
      const reported = status === 'override' ? undefined : reportedCost(about.reportedUsd ?? (usage.estimated === true ? undefined : usage.reportedUsd));
      if (reported !== undefined) return reported;
      const cards = entry.cardsFor(about.at, about.serviceTier);
      return cards === undefined ? UNKNOWN_COST : charge(usage, cards, status);
    },
    priceOf(target, about = {}) {
      const { found, ratesAt } = pageFor(about.prices).entry(target, about.model);
      const rates = ratesAt(about.at);
      return { status: rates === undefined ? 'unknown' : found.status, rates, source: found.source };
    },
  };
}

interface Page {
  entry(target: Target, answered: string | undefined): Entry;
}

/** Targets whose price is remembered. Names of models may come from callers, so there is an end to it. */
const MAX_ENTRIES = 1000;
/** Longer names are not remembered, so that a thousand of them are no burden. */
const MAX_NAMES_LENGTH = 512;

/** Remembers what was found for each target, while the catalogue stays the same. */
function createPage(tables: readonly PriceTable[], assume: TokenRates | undefined): Page {
  const entries = new Map<string, Entry>();
  let seen: Catalogue | undefined;

  return {
    entry(target, answered) {
      const catalogue = currentCatalogue();
      if (catalogue !== seen || entries.size >= MAX_ENTRIES) {
        entries.clear();
        seen = catalogue;
      }
      if (target.model.length + (answered?.length ?? 0) > MAX_NAMES_LENGTH) return createEntry(resolve(target, answered, { tables, catalogue, assume }));
      // With the length no two pairs of names make one key: a caller who may name any model cannot spoil the price of another.
      const key = `${target.provider}/${target.model.length}/${target.model}${answered ?? ''}`;
      const known = entries.get(key);
      if (known !== undefined) return known;
      const entry = createEntry(resolve(target, answered, { tables, catalogue, assume }));
      entries.set(key, entry);
      return entry;
    },
  };
}

interface Entry {
  readonly found: Found;
  ratesAt(at: number | undefined): Rates | undefined;
  cardsFor(at: number | undefined, serviceTier: string | undefined): CardSet | undefined;
}

function createEntry(found: Found): Entry {
  const cards = new Map<Rates, Map<string | undefined, CardSet>>();

  function ratesAt(at: number | undefined): Rates | undefined {
    const [first] = found.periods;
    if (found.periods.length < 2) return first?.rates;
    const when = at !== undefined && Number.isFinite(at) ? at : Date.now();
    return found.periods.find((period) => period.holdsAt(when))?.rates;
  }

  return {
    found,
    ratesAt,
    cardsFor(at, serviceTier) {
      const rates = ratesAt(at);
      if (rates === undefined) return undefined;
      // Only tiers with a price of their own are remembered: the name is the provider's, and may be anything.
      const tier = tierIn(rates, serviceTier);
      const byTier = cards.get(rates) ?? new Map<string | undefined, CardSet>();
      cards.set(rates, byTier);
      const known = byTier.get(tier);
      if (known !== undefined) return known;
      const made = cardSet(rates, tier);
      byTier.set(tier, made);
      return made;
    },
  };
}

function assumedBy(unknownPrice: UnknownPrice): TokenRates | undefined {
  if (unknownPrice === 'warn' || unknownPrice === 'reject') return undefined;
  if (typeof unknownPrice !== 'object' || unknownPrice === null || !('assume' in unknownPrice)) {
    throw new ConfigError(`unknownPrice: wanted 'warn', 'reject' or { assume: { input, output } }, got ${typeof unknownPrice}`);
  }
  checkRates('unknownPrice.assume', unknownPrice.assume);
  return unknownPrice.assume;
}
