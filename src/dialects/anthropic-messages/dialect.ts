import type { InboundDialect, OutboundDialect } from '../dialect.js';
import { fromError } from './error.js';
import { fromRequest, type AnthropicAsked } from './from-request.js';
import { toRequest, type AnthropicQuirks } from './request.js';
import { fromResponse } from './response.js';
import { fromStream } from './stream.js';
import { DIALECT } from './wire.js';

/** The Anthropic Messages API, as Anthropic, its cloud hosts and compatible servers speak it. */
export function anthropicMessages(quirks: AnthropicQuirks = {}): OutboundDialect & InboundDialect<AnthropicAsked> {
  return {
    name: DIALECT,
    toRequest: (request, context) => toRequest(request, context, quirks),
    fromResponse,
    fromStream,
    fromError,
    fromRequest,
  };
}
