import type { Usage } from '../../types/usage.js';
import { isObject, objectOf, type Wire } from './wire.js';

/**
 * Counts by the rule of `Usage`: `input_tokens` leaves cached tokens out on this wire, so they are added; `output_tokens` has the
 * thinking in it already. Undefined unless both totals were said: the core counts then.
 */
export function usageOf(wire: unknown): Usage | undefined {
  if (!isObject(wire)) return undefined;
  const uncached = countOf(wire['input_tokens']);
  const outputTokens = countOf(wire['output_tokens']);
  if (uncached === undefined || outputTokens === undefined) return undefined;
  const lifetimes = objectOf(wire['cache_creation']);
  const short = countOf(lifetimes['ephemeral_5m_input_tokens']);
  const long = countOf(lifetimes['ephemeral_1h_input_tokens']);
  const read = countOf(wire['cache_read_input_tokens']);
  const written = countOf(wire['cache_creation_input_tokens']) ?? (short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0));
  const reasoning = countOf(objectOf(wire['output_tokens_details'])['thinking_tokens']);
  return {
    inputTokens: uncached + (read ?? 0) + (written ?? 0),
    outputTokens,
    ...(read !== undefined && { cacheReadTokens: read }),
    ...(written !== undefined && { cacheWriteTokens: written }),
    ...(long !== undefined && { cacheWriteLongTokens: long }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
  };
}

/** Counts of a stream: they are cumulative, so what comes later replaces and never adds. */
export function replaceUsage(before: Wire, after: unknown): Wire {
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(objectOf(after))) if (value !== null && value !== undefined) merged[key] = value;
  return merged;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
