import type { ProviderError } from '../../errors.js';
import type { ProviderCode } from '../../types/codes.js';
import type { WireFailure } from '../dialect.js';
import { answerError, codeOfStatus, streamError, type WireErrorDetail } from '../failure.js';
import { isObject, listOf, objectOf, textOr, type WireObject } from './wire.js';

/** The error of an answer with an error status. Decides on code, then type, then status; never on message text. */
export function fromError(failure: WireFailure): ProviderError {
  const found = readError(failure.body);
  return answerError(found.code ?? codeOfStatus(failure.status), failure, found.detail);
}

/** The error that an answer with status 200 carries in its body. */
export function errorInAnswer(provider: string, error: unknown): ProviderError {
  const found = readError(error);
  return answerError(found.code ?? found.general ?? 'server_error', { provider, status: 200, headers: {}, body: error }, found.detail);
}

/** The error that came as an event of a stream. */
export function errorInStream(provider: string, error: unknown): ProviderError {
  const found = readError(error);
  return streamError(found.code ?? found.general ?? 'server_error', provider, found.detail);
}

/** Whether an answer or an event is an error. Some servers send an empty `error` beside a good answer. */
export function carriesError(wire: WireObject): boolean {
  const error = wire['error'];
  if (error === undefined || error === null) return wire['object'] === 'error';
  return isObject(error) ? Object.keys(error).length > 0 : error !== '' && error !== false;
}

interface ReadError {
  /** What a specific code or type says. */
  readonly code: ProviderCode | undefined;
  /** What a number in place of a code, or a general type, says: for errors without a status of their own. */
  readonly general: ProviderCode | undefined;
  readonly detail: WireErrorDetail;
}

/** Reads every shape an error body comes in: nested, flat, a list of one (Gemini), a bare string, FastAPI's `detail`, plain text. */
function readError(body: unknown): ReadError {
  const outer = Array.isArray(body) ? listOf(body)[0] : body;
  if (!isObject(outer)) return { code: undefined, general: undefined, detail: { message: textOr(outer) } };
  const nested = outer['error'];
  const error = isObject(nested) ? nested : outer;
  const inner = objectOf(error['innererror'] ?? error['inner_error']);
  const code = nameOf(error['code']);
  const type = nameOf(error['type'] ?? error['status']);
  const message = textOr(nested) ?? textOr(error['message']) ?? messageOf(error['detail'] ?? outer['detail']);
  return {
    code: known(code) ?? known(textOr(inner['code'])) ?? (isFlagged(error) ? 'content_filter' : undefined) ?? known(type),
    general: ofNumber(code) ?? (type === undefined ? undefined : GENERAL_TYPES[type.toLowerCase()]),
    detail: { code, type, param: textOr(error['param']), message },
  };
}

function known(name: string | undefined): ProviderCode | undefined {
  return name === undefined ? undefined : CODES.get(name.toLowerCase());
}

/** OpenRouter's moderation says what was flagged beside a bare 403. */
function isFlagged(error: WireObject): boolean {
  const metadata = objectOf(error['metadata']);
  return Array.isArray(metadata['reasons']) && 'flagged_input' in metadata;
}

/** A status in place of a code: as a number (OpenRouter, vLLM) or as its digits (Azure). */
function ofNumber(code: string | undefined): ProviderCode | undefined {
  const status = Number(code);
  return status >= 400 && status < 600 ? codeOfStatus(status) : undefined;
}

function nameOf(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : textOr(value);
}

/** FastAPI: a text, or a list of findings. */
function messageOf(detail: unknown): string | undefined {
  if (typeof detail === 'string') return detail;
  const lines = listOf(detail).map((finding) => textOr(objectOf(finding)['msg'])).filter((line) => line !== undefined);
  return lines.length > 0 ? lines.join('; ') : undefined;
}

/** Types that say no more than a status does, so a status goes before them. */
const GENERAL_TYPES: Readonly<Record<string, ProviderCode>> = {
  invalid_request_error: 'invalid_request',
  badrequesterror: 'invalid_request',
  invalid_argument: 'invalid_request',
};

const BY_CODE: Readonly<Partial<Record<ProviderCode, readonly string[]>>> = {
  quota_exhausted: [
    'insufficient_quota', 'credit_balance_exhausted', 'organization_spend_limit_exceeded', 'project_spend_limit_exceeded', 'organization_usage_limit_exceeded',
    'billing_not_active', 'billing_hard_limit_reached', 'insufficient_balance', 'insufficient_credits', 'insufficient_user_quota', 'quota_exceeded',
    'exceeded_current_quota_error', 'payment_required',
  ],
  provider_rate_limit: [
    'rate_limit_exceeded', 'rate_limit_error', 'rate_limited', 'ratelimitreached', 'rate_limit_reached_error', 'ratelimiterror', 'too_many_requests', 'resource_exhausted',
    'tokens', 'requests', // types of a 429 at OpenAI
  ],
  context_length: ['context_length_exceeded', 'context_window_exceeded', 'tokens_limit_reached', 'prompt_too_long', 'model_context_window_exceeded'],
  content_filter: [
    'content_filter', 'content_policy_violation', 'responsibleaipolicyviolation', 'moderation_blocked', 'content_moderation', 'data_inspection_failed', 'datainspectionfailed',
  ],
  authentication: [
    'invalid_api_key', 'incorrect_api_key', 'wrong_api_key', 'authentication_error', 'authenticationerror', 'invalid_authentication_error', 'invalid_authentication', 'incorrect_api_key_error',
    'unauthenticated', 'unauthorized', 'account_deactivated', 'missing_api_key',
  ],
  permission: ['permission_denied', 'permission_error', 'permissiondeniederror', 'permission_denied_error', 'unsupported_country_region_territory', 'access_denied', 'forbidden'],
  not_found: ['model_not_found', 'deploymentnotfound', 'not_found', 'not_found_error', 'notfounderror', 'resource_not_found_error', 'model_decommissioned'],
  overloaded: [
    'slow_down', 'server_is_overloaded', 'overloaded', 'overloaded_error', 'engine_overloaded', 'engine_overloaded_error', 'server_overloaded', 'service_tier_capacity_exceeded',
    'insufficient_system_resource', 'service_unavailable', 'serviceunavailable', 'service_unavailable_error', 'unavailable', 'nocapacity',
  ],
  server_error: ['server_error', 'internal_error', 'internal_server_error', 'internalservererror', 'internal', 'api_error', 'upstream_error'],
};

const CODES: ReadonlyMap<string, ProviderCode> = new Map(
  // The table's keys are codes; Object.entries forgets it.
  Object.entries(BY_CODE).flatMap(([code, names]) => names.map((name) => [name, code as ProviderCode] as const)),
);
