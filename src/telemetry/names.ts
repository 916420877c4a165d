/** What a name may stand on. */
export type Place = 'call' | 'attempt' | 'client metrics' | 'own metrics' | 'exception event' | 'details event';

/** `any`: structured on events, JSON text on spans, which is what the conventions ask for where spans take no structures. */
export type AttributeType = 'string' | 'int' | 'double' | 'boolean' | 'string[]' | 'any';

export interface AttributeEntry {
  readonly name: string;
  readonly type: AttributeType;
  readonly on: readonly Place[];
  /** When it is there, and what it says. */
  readonly what: string;
}

export interface MetricEntry {
  readonly name: string;
  readonly kind: 'histogram' | 'counter' | 'up-down-counter' | 'gauge';
  /** In the words of UCUM. */
  readonly unit: string;
  readonly what: string;
  /** Explicit bucket boundaries, for histograms. */
  readonly buckets?: readonly number[];
  /** Beside the tags of `tags`. */
  readonly attributes: readonly string[];
}

type Names<T extends Readonly<Record<string, { readonly name: string }>>> = { readonly [K in keyof T]: T[K]['name'] };

/** Only the names of a table, by the same keys. */
export function namesOf<T extends Readonly<Record<string, { readonly name: string }>>>(table: T): Names<T> {
  return Object.fromEntries(Object.entries(table).map(([key, { name }]) => [key, name])) as Names<T>; // the same keys
}
