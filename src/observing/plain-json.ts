import type { Json } from '../types/json.js';
import { plainText } from './plain-text.js';

const MAX_ENTRIES = 30;
const MAX_DEPTH = 4;

/** A copy that is safe on one line: texts without control characters, lists and objects cut short, nothing that is not JSON. */
export function plainJson(value: unknown, depth = 0): Json {
  if (typeof value === 'string') return plainText(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || depth >= MAX_DEPTH) return null;
  if (Array.isArray(value)) return value.slice(0, MAX_ENTRIES).map((entry) => plainJson(entry, depth + 1));
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.slice(0, MAX_ENTRIES).map(([name, entry]) => [plainText(name, 60), plainJson(entry, depth + 1)]));
}
