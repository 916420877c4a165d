import type { Call } from '../core/call.js';
import { estimateEmbedding, estimateRequest } from '../tokens/estimate-request.js';

/** What a call should set aside of a quota for the tokens that it sends: rarely too little. The answer says what was really used. At least 1. */
export function requestTokens(call: Call): number {
  const { model } = call.target;
  return Math.max(1, (call.operation === 'chat' ? estimateRequest(call.request, model) : estimateEmbedding(call.request, model)).cautious);
}
