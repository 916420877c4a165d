import type { ProviderError } from '../../errors.js';
import type { ProviderCode } from '../../types/codes.js';
import type { JsonObject } from '../../types/json.js';
import type { WireFailure } from '../dialect.js';
import { answerError, codeOfStatus, streamError, type WireErrorDetail } from '../failure.js';
import { isObject, objectsIn, stringIn } from './wire.js';

/** google.rpc.Code by name. */
const CODE_OF_STATUS: Readonly<Record<string, ProviderCode>> = {
  INVALID_ARGUMENT: 'invalid_request',
  OUT_OF_RANGE: 'invalid_request',
  // The region is not served, or billing is not set up: the key may not do this as things are.
  FAILED_PRECONDITION: 'permission',
  UNAUTHENTICATED: 'authentication',
  PERMISSION_DENIED: 'permission',
  NOT_FOUND: 'not_found',
  RESOURCE_EXHAUSTED: 'provider_rate_limit',
  UNIMPLEMENTED: 'unsupported',
  UNAVAILABLE: 'overloaded',
  INTERNAL: 'server_error',
  UNKNOWN: 'server_error',
  ABORTED: 'server_error',
  DATA_LOSS: 'server_error',
  CANCELLED: 'server_error',
  DEADLINE_EXCEEDED: 'server_error',
};

/** google.rpc.ErrorInfo reasons that say more than the status beside them: a bad key is a mere INVALID_ARGUMENT otherwise. */
const CODE_OF_REASON: Readonly<Record<string, ProviderCode>> = {
  API_KEY_INVALID: 'authentication',
  API_KEY_EXPIRED: 'authentication',
  ACCESS_TOKEN_EXPIRED: 'authentication',
  ACCESS_TOKEN_TYPE_UNSUPPORTED: 'authentication',
  CREDENTIALS_MISSING: 'authentication',
  BILLING_DISABLED: 'quota_exhausted',
};

/** Limits that a wait of minutes does not lift. */
const LONG_QUOTA = /Per(?:Day|Week|Month)/i;
/** A year: what is longer is a mistake, not a wait. */
const MAX_WAIT_MS = 365 * 24 * 3_600_000;

/** The error of an answer with an error status. */
export function toProviderError(failure: WireFailure): ProviderError {
  const error = errorIn(failure.body);
  return error === undefined ? answerError(codeOfStatus(failure.status), failure, {}) : answerError(codeOf(error, failure.status), failure, detailOf(error));
}

/** The error that an answer with status 200 carries as its whole body, if it does. */
export function bodyError(provider: string, body: unknown): ProviderError | undefined {
  const error = errorIn(body);
  return error && answerError(codeOf(error, ownStatus(error)), { provider, status: 200, headers: {}, body }, detailOf(error));
}

/** The error that a chunk of a stream is, if it is one. */
export function chunkError(provider: string, chunk: unknown): ProviderError | undefined {
  const error = errorIn(chunk);
  return error && streamError(codeOf(error, ownStatus(error)), provider, detailOf(error));
}

/** `{error}`, or a list with it: how errors come where a stream was asked for without server-sent events. */
function errorIn(body: unknown): JsonObject | undefined {
  for (const candidate of Array.isArray(body) ? body : [body]) {
    const error: unknown = isObject(candidate) ? candidate['error'] : undefined;
    if (isObject(error)) return error;
    if (typeof error === 'string') return { message: error };
  }
  return undefined;
}

function ownStatus(error: JsonObject): number {
  const code = error['code'];
  return typeof code === 'number' && code >= 400 && code < 600 ? code : 500;
}

function codeOf(error: JsonObject, status: number): ProviderCode {
  const byReason = lookup(CODE_OF_REASON, reasonOf(error));
  if (byReason !== undefined) return byReason;
  const byStatus = lookup(CODE_OF_STATUS, stringIn(error['status'])) ?? codeOfStatus(status);
  return byStatus === 'provider_rate_limit' && quotaIds(error).some((id) => LONG_QUOTA.test(id)) ? 'quota_exhausted' : byStatus;
}

function detailOf(error: JsonObject): WireErrorDetail {
  const violations = ofType(error, 'BadRequest').flatMap((detail) => objectsIn(detail['fieldViolations']));
  const status = stringIn(error['status']);
  return {
    type: status,
    code: reasonOf(error) ?? quotaIds(error)[0],
    param: stringIn(violations[0]?.['field']),
    message: stringIn(error['message']),
    retryAfterMs: retryDelayMs(ofType(error, 'RetryInfo')[0]?.['retryDelay']),
    // So the API's own troubleshooting page has it; nothing but the message would tell the two apart.
    mayMean: status === 'INTERNAL' && reasonOf(error) === undefined ? 'context_length' : undefined,
  };
}

function reasonOf(error: JsonObject): string | undefined {
  return stringIn(ofType(error, 'ErrorInfo')[0]?.['reason']);
}

function quotaIds(error: JsonObject): readonly string[] {
  return ofType(error, 'QuotaFailure')
    .flatMap((detail) => objectsIn(detail['violations']))
    .map((violation) => stringIn(violation['quotaId']))
    .filter((id) => id !== undefined);
}

function ofType(error: JsonObject, name: string): readonly JsonObject[] {
  return objectsIn(error['details']).filter((detail) => stringIn(detail['@type'])?.endsWith(`google.rpc.${name}`));
}

/** `"34.4s"`, the JSON form of google.protobuf.Duration. */
function retryDelayMs(delay: unknown): number | undefined {
  const seconds = typeof delay === 'string' ? /^(\d{1,10}(?:\.\d{1,9})?)s$/.exec(delay)?.[1] : undefined;
  if (seconds === undefined) return undefined;
  const wait = Math.ceil(Number(seconds) * 1000);
  return wait <= MAX_WAIT_MS ? wait : undefined;
}

/** Names come from the wire, so `constructor` must not find anything. */
function lookup(table: Readonly<Record<string, ProviderCode>>, name: string | undefined): ProviderCode | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
