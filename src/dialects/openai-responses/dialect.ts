import type { InboundDialect, OutboundDialect } from '../dialect.js';
import { fromError } from './error.js';
import { fromRequest, type ResponsesAsked } from './from-request.js';
import { DEFAULT_QUIRKS, type ResponsesQuirks } from './quirks.js';
import { toRequest } from './request.js';
import { fromResponse } from './response.js';
import { fromStream } from './stream.js';
import { DIALECT } from './wire.js';

/**
 * The Responses protocol of OpenAI, and of the servers that speak it. Stateless unless told otherwise: every request says
 * `store: false`, and asks reasoning models for encrypted reasoning, which goes back with the next turn.
 * `quirks` says where this server differs.
 */
export function openaiResponses(quirks: Partial<ResponsesQuirks> = {}): OutboundDialect & InboundDialect<ResponsesAsked> {
  const all: ResponsesQuirks = { ...DEFAULT_QUIRKS, ...quirks };
  return {
    name: DIALECT,
    toRequest: (request, context) => toRequest(request, context, all),
    fromResponse,
    fromStream,
    fromError,
    fromRequest,
  };
}
