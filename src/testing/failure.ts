import { ProviderError } from '../errors.js';
import type { ProviderCode } from '../types/codes.js';
import type { ErrorReply } from './reply.js';

/** The HTTP status that providers use most for a code. Codes without one never had an answer. */
const STATUS: Readonly<Partial<Record<ProviderCode, number>>> = {
  authentication: 401,
  permission: 403,
  not_found: 404,
  invalid_request: 400,
  context_length: 400,
  content_filter: 400,
  unsupported: 400,
  provider_rate_limit: 429,
  quota_exhausted: 429,
  overloaded: 503,
  server_error: 500,
};

export function statusOf(reply: ErrorReply): number | undefined {
  return reply.status ?? STATUS[reply.error];
}

/** The error a real adapter would throw for this reply. `started`: it came inside an answer that had begun. */
export function toProviderError(reply: ErrorReply, provider: string, started: boolean): ProviderError {
  const status = started ? 200 : statusOf(reply);
  return new ProviderError(reply.error, `${provider} was told to fail with ${reply.error}${started ? ' inside its answer' : ''}`, {
    certainty: reply.certainty ?? (started ? 'started' : certaintyOf(reply)),
    retryable: reply.retryable,
    retryAfterMs: reply.retryAfterMs,
    providerMessage: reply.message,
    ...(status !== undefined && { facts: { status, headers: reply.headers ?? {} } }),
  });
}

function certaintyOf(reply: ErrorReply): NonNullable<ErrorReply['certainty']> {
  if (statusOf(reply) !== undefined) return 'refused';
  switch (reply.error) {
    case 'network':
    case 'connect_timeout':
      return 'not_sent';
    case 'stream_interrupted':
    case 'invalid_response':
      return 'started';
    default:
      return 'possibly_billed';
  }
}
