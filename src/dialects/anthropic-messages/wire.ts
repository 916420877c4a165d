import type { Json, JsonObject, ProviderData } from '../../types/json.js';
import type { Scope } from '../dialect.js';
import { dataFor } from '../options.js';

/**
 * The name of the protocol. What a client of it sends is kept under this key: who wrote it first is not known then, only that
 * whoever speaks the protocol may read it. What a vendor answered is kept under the vendor's own name.
 */
export const DIALECT = 'anthropic-messages';

/** A JSON object whose shape is not known yet. */
export interface Wire {
  readonly [key: string]: unknown;
}

export function isObject(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): Wire {
  return isObject(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Everything that reaches a dialect as wire was parsed from JSON, so what is not narrowed further is JSON still. */
export function jsonOf(value: unknown): Json {
  return value as Json;
}

/** The fields of `wire` that are not in `known` and say something. Undefined when there are none. */
export function extrasOf(wire: Wire, known: ReadonlySet<string>): JsonObject | undefined {
  let extras: Record<string, Json> | undefined;
  for (const key of Object.keys(wire)) {
    const value = wire[key];
    if (known.has(key) || value === null || value === undefined) continue;
    extras ??= {};
    extras[key] = jsonOf(value);
  }
  return extras;
}

/** What a part, or a tool, carries for this wire: fields of its block, in the wire's words. */
export function dataOf(marked: { readonly providerData?: ProviderData }, scope: Scope): JsonObject | undefined {
  return dataFor(marked.providerData, [scope.vendor, DIALECT]);
}

/** `providerData` as a field to spread: absent when there is nothing to carry. */
export function dataField(vendor: string, data: JsonObject | undefined): { readonly providerData?: ProviderData } {
  return data === undefined ? {} : { providerData: { [vendor]: data } };
}
