import type { ChatRequest } from '../types/chat.js';
import { encodingOf } from './encodings.js';
import { estimateRequest } from './estimate-request.js';
import { estimateText, type TokenEstimate } from './estimate-text.js';

/**
 * About how many tokens a text, or a whole request with its media, tools and schema, is for `model`. Needs no vocabulary and loads
 * nothing: some thirty milliseconds for a million characters. Never throws. `cautious` is what to reserve, `expected` what to reckon with.
 * For the exact count with OpenAI's vocabularies there is `headgate/tokens/tiktoken`.
 *
 * @example estimateTokens('How many tokens is this?', 'openai/gpt-5-mini').expected // 7
 */
export function estimateTokens(what: string | Pick<ChatRequest, 'messages' | 'tools' | 'output'>, model = ''): TokenEstimate {
  if (typeof what === 'string') return estimateText(what, encodingOf(model));
  const { expected, cautious } = estimateRequest(what, model);
  return { expected, cautious };
}
