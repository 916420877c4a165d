import type { AdapterEvent } from '../types/adapter.js';
import type { Usage } from '../types/usage.js';

/** The event for counts that a stream says on its way; undefined where it says nothing new, which is most chunks. */
export function newUsage(said: Usage | undefined, before: Usage | undefined): Extract<AdapterEvent, { readonly type: 'usage' }> | undefined {
  if (said === undefined) return undefined;
  // Every other count is a part of these, and moves with them.
  if (before !== undefined && said.inputTokens === before.inputTokens && said.outputTokens === before.outputTokens && said.cacheReadTokens === before.cacheReadTokens) return undefined;
  return { type: 'usage', usage: said };
}
