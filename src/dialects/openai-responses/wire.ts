import type { Json, JsonObject } from '../../types/json.js';
import { shortened } from '../call-id.js';
import type { Scope } from '../dialect.js';

/** The name of the protocol. What its own clients and servers agree on is kept under it where no vendor is known: in `providerOptions`, `providerData` and opaque parts of a request that came in over the wire. */
export const DIALECT = 'openai-responses';

/** The keys under which data for this wire may stand, most specific first. */
export function namesOf({ provider, vendor }: Scope): readonly string[] {
  return [provider, vendor, DIALECT];
}

/** The id of a call as the server takes it: of 64 characters at most, by its published schema. Other vendors make longer ones. */
export function wireCallId(id: string): string {
  return shortened(id, 64);
}

/** Wire JSON that is an object. */
export function objectOf(value: unknown): JsonObject | undefined {
  // What JSON.parse gave is JSON, which its type does not say.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The objects of a list; none when it is not a list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(objectOf).filter((item) => item !== undefined) : [];
}

/** The string, also an empty one. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The string, unless it is empty: servers send empty strings for what they do not have. */
export function nameOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A count or an index; `undefined` for everything that cannot be one. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** The members of an object but for these and the nulls; `undefined` when nothing is left. */
export function membersBut(wire: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let found: Record<string, Json> | undefined;
  for (const [key, value] of Object.entries(wire)) {
    if (known.has(key) || key === '__proto__' || value === null || value === undefined || value === '') continue;
    found ??= {};
    found[key] = value;
  }
  return found;
}
