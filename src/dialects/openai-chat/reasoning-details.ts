import type { Json, JsonObject } from '../../types/json.js';
import { asJson, isObject, listOf, textOr } from './wire.js';

/** The readable text of OpenRouter's `reasoning_details`; encrypted entries have none. */
export function detailsText(details: unknown): string {
  let text = '';
  for (const detail of listOf(details)) if (isObject(detail)) text += textOr(detail['text']) ?? textOr(detail['summary']) ?? '';
  return text;
}

/**
 * Adds the details of one chunk to those before. Fragments of one entry (same type, same index, one after the other) become one
 * entry: the servers refuse to take fragments back. Entries without an index stay apart.
 */
export function addDetails(details: Record<string, Json>[], wire: unknown): void {
  for (const detail of listOf(wire)) {
    if (!isObject(detail)) continue;
    const last = details.at(-1);
    if (last === undefined || detail['index'] === undefined || detail['index'] !== last['index'] || detail['type'] !== last['type']) {
      details.push(copyOf(detail));
      continue;
    }
    for (const key in detail) {
      const value = detail[key];
      if (value === null || value === undefined || key === '__proto__') continue;
      const before = last[key];
      last[key] = FRAGMENTS.has(key) && typeof value === 'string' && typeof before === 'string' ? before + value : asJson(value);
    }
  }
}

/** Whole entries, as a unary answer has them. */
export function wholeDetails(wire: unknown): readonly JsonObject[] {
  return listOf(wire).filter(isObject).map(copyOf);
}

const FRAGMENTS: ReadonlySet<string> = new Set(['text', 'summary', 'data']);

function copyOf(detail: { readonly [key: string]: unknown }): Record<string, Json> {
  const copy: Record<string, Json> = {};
  for (const key in detail) if (key !== '__proto__' && detail[key] !== undefined) copy[key] = asJson(detail[key]);
  return copy;
}
