import type { Json, JsonObject } from '../../types/json.js';

/** Wire values are parsed JSON, so an object that is no list is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; whatever else is in it, or in its place, is passed over. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The same as a list to build on. */
export function listIn(value: Json | undefined): readonly Json[] {
  // `Array.isArray` narrows a read-only list to any[].
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function stringIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function isEmpty(value: JsonObject): boolean {
  for (const _key in value) return false;
  return true;
}
