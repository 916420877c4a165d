import type { ProviderCode } from '../../types/codes.js';
import type { JsonObject } from '../../types/json.js';
import type { ErrorReply } from '../reply.js';
import type { WireError } from './wire.js';

interface Said {
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly param?: string;
  readonly message: string;
}

const SAID: Readonly<Partial<Record<ProviderCode, Said>>> = {
  authentication: { status: 401, type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  permission: { status: 403, type: 'invalid_request_error', code: 'insufficient_permissions', message: 'You have insufficient permissions for this operation.' },
  not_found: { status: 404, type: 'invalid_request_error', code: 'model_not_found', message: 'The model does not exist or you do not have access to it.' },
  invalid_request: { status: 400, type: 'invalid_request_error', code: 'invalid_value', param: 'messages', message: 'Invalid value.' },
  unsupported: { status: 400, type: 'invalid_request_error', code: 'unsupported_parameter', param: 'temperature', message: 'Unsupported parameter.' },
  context_length: { status: 400, type: 'invalid_request_error', code: 'context_length_exceeded', param: 'messages', message: "This model's maximum context length was exceeded." },
  content_filter: { status: 400, type: 'invalid_request_error', code: 'content_policy_violation', message: 'Your request was rejected as a result of our safety system.' },
  provider_rate_limit: { status: 429, type: 'tokens', code: 'rate_limit_exceeded', message: 'Rate limit reached for this model.' },
  quota_exhausted: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded your current quota, please check your plan and billing details.' },
  overloaded: { status: 503, type: 'server_error', code: 'server_is_overloaded', message: 'The server is overloaded. Please try again later.' },
};
const SERVER_ERROR: Said = { status: 500, type: 'server_error', code: null, message: 'The server had an error while processing your request.' };

/** `{ error }` as OpenAI and the servers that copy it send it. */
export function openaiError(reply: ErrorReply): WireError {
  const said = SAID[reply.error] ?? SERVER_ERROR;
  const wait = reply.retryAfterMs;
  return {
    status: reply.status ?? said.status,
    headers: {
      'x-request-id': 'req_fake_0001',
      ...(reply.error === 'provider_rate_limit' && { 'x-ratelimit-limit-requests': '500', 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '120ms' }),
      ...(wait !== undefined && { 'retry-after-ms': String(wait), 'retry-after': String(Math.ceil(wait / 1000)) }),
    },
    body: { error: openaiErrorBody(reply) },
  };
}

export function openaiErrorBody(reply: ErrorReply): JsonObject {
  const said = SAID[reply.error] ?? SERVER_ERROR;
  return { message: reply.message ?? said.message, type: said.type, param: said.param ?? null, code: said.code };
}
