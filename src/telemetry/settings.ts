import { boundedValues } from '../observing/bounded-values.js';
import { ConfigError } from '../errors.js';
import type { ConventionVersion } from './conventions.js';
import { CONVENTIONS } from './conventions.js';
import { vocabularyOf, type Vocabulary } from './vocabulary.js';

export interface TelemetryOptions {
  /**
   * What was asked and answered, on spans and in the details event. `redacted`: only as the redactor left it, and nothing where
   * there is none. `unredacted`: the same, and as it is where there is no redactor. @default 'off'
   */
  readonly content?: 'off' | 'redacted' | 'unredacted';
  /** Characters of content on one span or event, in each direction; the newest messages are kept. @default 32768 */
  readonly maxContentLength?: number;
  /** Emits one event per call with all that is on its span. @default false */
  readonly details?: boolean;
  /** Tags that become attributes of spans and metrics, by name. Each value of each makes time series of its own. @default none */
  readonly tags?: readonly string[];
  /** Different values that an attribute of a metric may have; all others count as `_OTHER`. @default 200 */
  readonly maxValues?: number;
  /** Tags that are filled from OpenTelemetry's baggage where the caller gave none. Baggage comes with requests from outside: no tag that a limit or a budget trusts. @default none */
  readonly baggage?: readonly string[];
  /** Sends the header `traceparent` of each attempt's span to the provider. @default false */
  readonly propagate?: boolean;
  /** What to call providers of yours, such as `{ 'openai-eu': 'openai' }`. @default well-known ones by the conventions, others by their own name */
  readonly providerNames?: Readonly<Record<string, string>>;
  /** Version of the semantic conventions whose names are written. @default '1.43' */
  readonly conventions?: ConventionVersion;
}

export interface Settings extends Required<TelemetryOptions> {
  readonly vocabulary: Vocabulary;
  /** Keep the values of metrics' attributes within bounds, one for each kind of them. */
  readonly bounds: { readonly model: (value: string) => string; readonly target: (value: string) => string; readonly name: (value: string) => string; readonly tags: ReadonlyMap<string, (value: string) => string> };
}

/** Throws ConfigError for what cannot work. */
export function settingsOf(options: TelemetryOptions): Settings {
  const { content = 'off', maxContentLength = 32_768, details = false, tags = [], maxValues = 200, baggage = [], propagate = false, providerNames = {}, conventions = '1.43' } = options;
  if (content !== 'off' && content !== 'redacted' && content !== 'unredacted') throw wrong('content', "'off', 'redacted' or 'unredacted'", content);
  for (const [name, value] of Object.entries({ maxContentLength, maxValues })) if (!(Number.isInteger(value) && value >= 1)) throw wrong(name, 'a whole number, 1 or more', value);
  for (const [name, value] of Object.entries({ details, propagate })) if (typeof value !== 'boolean') throw wrong(name, 'true or false', value);
  for (const [name, value] of Object.entries({ tags, baggage })) {
    if (!(Array.isArray(value) && value.every((tag) => typeof tag === 'string' && tag !== ''))) throw wrong(name, 'a list of names of tags', value);
  }
  if (typeof providerNames !== 'object' || providerNames === null || !Object.values(providerNames).every((name) => typeof name === 'string' && name !== '')) {
    throw wrong('providerNames', "an object such as { 'openai-eu': 'openai' }", providerNames);
  }
  if (!Object.hasOwn(CONVENTIONS, conventions)) throw wrong('conventions', `one of ${Object.keys(CONVENTIONS).join(', ')}`, conventions);
  return {
    content,
    maxContentLength,
    details,
    tags,
    maxValues,
    baggage,
    propagate,
    providerNames,
    conventions,
    vocabulary: vocabularyOf(conventions),
    bounds: { model: boundedValues(maxValues), target: boundedValues(maxValues), name: boundedValues(maxValues), tags: new Map(tags.map((tag) => [tag, boundedValues(maxValues)])) },
  };
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`telemetry: ${option}: wanted ${wanted}, got ${typeof got === 'object' ? 'something else' : String(got)}`);
}
