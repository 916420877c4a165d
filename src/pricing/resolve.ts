import type { PriceStatus, PriceTable, Rates, TokenRates } from '../types/price.js';
import type { Target } from '../types/report.js';
import type { Catalogue } from './catalogue.js';
import type { Period } from './catalogue-rates.js';

/** Where a target's price was found. */
export interface Found {
  readonly status: PriceStatus;
  /** For people: `catalogue: openai/gpt-5` or `prices['openai/*']`. */
  readonly source: string | undefined;
  readonly periods: readonly Period[];
}

/** Where to look, in this order: tables, then the catalogue, then what to assume. */
export interface Sources {
  readonly tables: readonly PriceTable[];
  readonly catalogue: Catalogue | undefined;
  readonly assume: TokenRates | undefined;
}

const UNKNOWN: Found = { status: 'unknown', source: undefined, periods: [] };

/** `answered`: the model that answered, as the provider names it. */
export function resolve({ provider, model }: Target, answered: string | undefined, { tables, catalogue, assume }: Sources): Found {
  const names = namesOf(model, answered);
  for (const table of tables) {
    const found = inTable(table, provider, names, catalogue);
    if (found !== undefined) return found;
  }
  for (const name of names) {
    const listing = catalogue?.find(provider, name);
    if (listing !== undefined) return { status: listing.exact ? 'exact' : 'alias', source: `catalogue: ${listing.provider}/${listing.model}`, periods: listing.periods };
  }
  return assume === undefined ? UNKNOWN : { status: 'assumed', source: 'unknownPrice.assume', periods: always(assume) };
}

/**
 * The more precise name first. `gpt-4o` is answered by a dated snapshot, which may have a price of its own; a deployment on Azure is
 * answered by its model. Only where the name asked for says more than the answer (`some-model:free`) does it go first.
 */
function namesOf(asked: string, answered: string | undefined): readonly string[] {
  if (answered === undefined || answered === '' || answered === asked) return [asked];
  return asked.startsWith(answered) ? [asked, answered] : [answered, asked];
}

function inTable(table: PriceTable, provider: string, names: readonly string[], catalogue: Catalogue | undefined): Found | undefined {
  for (const key of [...names.map((name) => `${provider}/${name}`), `${provider}/*`]) {
    const entry = Object.hasOwn(table, key) ? table[key] : undefined;
    if (entry === undefined) continue;
    const source = `prices['${key}']`;
    if (typeof entry !== 'string') return { status: 'override', source, periods: always(entry) };
    const listed = listedAs(entry, names, catalogue);
    // A name that the catalogue does not know is no price: better none than that of another model.
    return listed === undefined ? { ...UNKNOWN, source } : { status: 'override', source: `${source}, catalogue: ${listed.provider}/${listed.model}`, periods: listed.periods };
  }
  return undefined;
}

/** `openai/*` stands for the model of the same name there. */
function listedAs(entry: string, names: readonly string[], catalogue: Catalogue | undefined): ReturnType<Catalogue['find']> {
  const slash = entry.indexOf('/');
  const provider = entry.slice(0, slash);
  const model = entry.slice(slash + 1);
  for (const name of model === '*' ? names : [model]) {
    const listing = catalogue?.find(provider, name);
    if (listing !== undefined) return listing;
  }
  return undefined;
}

function always(rates: Rates): readonly Period[] {
  return [{ holdsAt: () => true, rates }];
}
