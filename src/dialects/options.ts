import { RejectedError } from '../errors.js';
import type { ChatRequest } from '../types/chat.js';
import type { Json, JsonObject, ProviderData } from '../types/json.js';

// The first three reach prototypes; the last two would contradict what the gateway routes and reads by.
const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const RESERVED_KEYS: ReadonlySet<string> = new Set(['model', 'stream']);

/** Merges `providerOptions` for this provider into its wire request: objects deeply, arrays and everything else replaced. `names`: the adapter's name, then its dialect family's. */
export function mergeOptions(body: JsonObject, request: Pick<ChatRequest, 'providerOptions'>, names: readonly string[]): JsonObject {
  const options = dataFor(request.providerOptions, names);
  if (options === undefined) return body;
  for (const key of Object.keys(options)) {
    if (RESERVED_KEYS.has(key)) throw refused(`providerOptions.${names[0]}.${key}`, 'the gateway sets it');
  }
  return merge(body, options, `providerOptions.${names[0]}`);
}

/** What `data` holds for the first of these names that it knows. */
export function dataFor(data: ProviderData | undefined, names: readonly string[]): JsonObject | undefined {
  if (data === undefined) return undefined;
  for (const name of names) if (Object.hasOwn(data, name)) return data[name];
  return undefined;
}

function merge(base: JsonObject, over: JsonObject, path: string): JsonObject {
  const out: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (PROTOTYPE_KEYS.has(key)) throw refused(`${path}.${key}`, 'it would reach a prototype');
    const before = out[key];
    out[key] = isObject(value) ? merge(isObject(before) ? before : {}, value, `${path}.${key}`) : value;
  }
  return out;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(field: string, why: string): RejectedError {
  return new RejectedError('invalid_request', `${field}: this key is refused, because ${why}; remove it`);
}
