import type { OutboundDialect } from '../dialect.js';
import { toProviderError } from './error.js';
import type { GoogleQuirks } from './generation.js';
import { toRequest } from './request.js';
import { fromResponse } from './response.js';
import { createDecoder } from './stream.js';

/**
 * Gemini's `generateContent` and `streamGenerateContent`, as the Gemini API and Vertex AI speak it.
 *
 * The model and whether to stream are in the URL, so neither is in the body. A prompt that was blocked
 * (`promptFeedback.blockReason`, no candidates) is an answer with finish reason `content-filter` and no content, not an
 * error: the provider answered, counted tokens, and would answer the same again. The reason is in
 * `providerData[vendor].promptFeedback`. A stream has no end mark of its own: it is complete once a finish reason (or a
 * block reason) was seen, and `end()` tells it, because usage may still follow.
 */
export function googleGenerateContent(quirks: GoogleQuirks = {}): OutboundDialect {
  return {
    name: 'google-generate-content',
    toRequest: (request, context) => toRequest(request, context, quirks),
    fromResponse,
    fromStream: createDecoder,
    fromError: toProviderError,
  };
}
