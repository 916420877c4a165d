import type { InboundDialect, OutboundDialect } from '../dialect.js';
import { fromError } from './error.js';
import { fromRequest, type ChatAsked } from './from-request.js';
import { DEFAULT_QUIRKS, type ChatQuirks } from './quirks.js';
import { toRequest } from './request.js';
import { fromResponse } from './response.js';
import { fromStream } from './stream.js';
import { DIALECT } from './wire.js';

/** The chat completions protocol of OpenAI and of the many servers that speak it. `quirks` says where this server differs. */
export function openaiChat(quirks: Partial<ChatQuirks> = {}): OutboundDialect & InboundDialect<ChatAsked> {
  const all: ChatQuirks = { ...DEFAULT_QUIRKS, ...quirks };
  return {
    name: DIALECT,
    toRequest: (request, context) => toRequest(request, context, all),
    fromResponse,
    fromStream,
    fromError,
    fromRequest,
  };
}
