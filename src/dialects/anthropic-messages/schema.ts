import type { Json, JsonObject } from '../../types/json.js';
import type { JsonSchema } from '../../types/tool.js';
import type { RequestContext } from '../dialect.js';
import { isObject } from './wire.js';

// Source: platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations".
const REFUSED: ReadonlySet<string> = new Set([
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf',
  'minLength', 'maxLength', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties',
]);
const MAPS: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);
const LISTS: ReadonlySet<string> = new Set(['anyOf', 'allOf']);

/**
 * A schema that the API enforces while it generates: objects are closed, and limits on length and size are not among what it can
 * enforce. They are left out with a warning, for the caller's own validation to check.
 */
export function toEnforcedSchema(schema: JsonSchema, setting: string, context: RequestContext): JsonSchema {
  const lost = new Set<string>();
  const closed = close(schema, lost);
  if (lost.size > 0) {
    context.warn({ kind: 'approximated', setting, detail: `${context.provider} cannot enforce ${[...lost].join(', ')} while it writes; check the answer` });
  }
  return closed;
}

function close(schema: JsonObject, lost: Set<string>): JsonObject {
  const out: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (REFUSED.has(key) || (key === 'minItems' && value !== 0 && value !== 1)) lost.add(key);
    else if (key === 'oneOf') {
      lost.add(key);
      out['anyOf'] = closeList(value, lost);
    } else if (MAPS.has(key)) out[key] = closeMap(value, lost);
    else if (LISTS.has(key)) out[key] = closeList(value, lost);
    else if (key === 'items') out[key] = closeOne(value, lost);
    else out[key] = value;
  }
  if (schema['type'] === 'object' || isObject(schema['properties'])) {
    if (schema['additionalProperties'] !== undefined && schema['additionalProperties'] !== false) lost.add('additionalProperties');
    out['additionalProperties'] = false;
  }
  return out;
}

function closeMap(value: Json, lost: Set<string>): Json {
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, closeOne(inner, lost)])) : value;
}

function closeList(value: Json, lost: Set<string>): Json {
  return Array.isArray(value) ? (value as readonly Json[]).map((inner) => closeOne(inner, lost)) : value;
}

function closeOne(value: Json, lost: Set<string>): Json {
  return isJsonObject(value) ? close(value, lost) : value;
}

function isJsonObject(value: Json): value is JsonObject {
  return isObject(value);
}
