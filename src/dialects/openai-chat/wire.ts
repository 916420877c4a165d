import type { Json, JsonObject } from '../../types/json.js';

/** The name of the protocol: what its own clients and servers agree on is kept under it in `providerData` and `providerOptions`. */
export const DIALECT = 'openai-chat';

/** Wire JSON that is an object. */
export type WireObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is WireObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return isObject(value);
}

/** The object, or an empty one. */
export function objectOf(value: unknown): WireObject {
  return isObject(value) ? value : NOTHING;
}

/** The list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NO_ITEMS;
}

/** The string, unless it is empty: servers send empty strings for what they do not have. */
export function textOr(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The members of an object but for these names, nulls and empty strings; undefined when nothing is left. */
export function otherMembers(wire: WireObject, known: ReadonlySet<string>): JsonObject | undefined {
  let found: Record<string, Json> | undefined;
  for (const key in wire) {
    const value = wire[key];
    if (known.has(key) || key === '__proto__' || value === null || value === undefined || value === '') continue;
    found ??= {};
    found[key] = asJson(value);
  }
  return found;
}

/** What `JSON.parse` gave is JSON, which its type does not say. */
export function asJson(value: unknown): Json {
  return value as Json;
}

const NOTHING: WireObject = Object.freeze({});
const NO_ITEMS: readonly unknown[] = Object.freeze([]);
