import type { ProviderError } from '../../errors.js';
import type { ProviderCode } from '../../types/codes.js';
import type { WireFailure } from '../dialect.js';
import { answerError, codeOfStatus, streamError, type WireErrorDetail } from '../failure.js';
import { isObject, objectOf, textOf } from './wire.js';

/** `error.details.error_code`, where it says more than the type beside it. */
const BY_CODE: Readonly<Record<string, ProviderCode>> = {
  contract_spend_limit_reached: 'quota_exhausted',
  enforced_spend_limit_reached: 'quota_exhausted',
  linked_organization_spend_limit_reached: 'quota_exhausted',
  linked_organization_billing_unavailable: 'quota_exhausted',
  organization_on_hold: 'permission',
  ramp_limit_exceeded: 'provider_rate_limit',
};

const BY_TYPE: Readonly<Record<string, ProviderCode>> = {
  invalid_request_error: 'invalid_request',
  request_too_large: 'invalid_request',
  authentication_error: 'authentication',
  billing_error: 'quota_exhausted',
  permission_error: 'permission',
  not_found_error: 'not_found',
  rate_limit_error: 'provider_rate_limit',
  conflict_error: 'server_error',
  api_error: 'server_error',
  timeout_error: 'server_error',
  overloaded_error: 'overloaded',
};

/** Code, then type, then status; never the words of the message: the vendor says that they may change. */
export function fromError(failure: WireFailure): ProviderError {
  const { status, headers, body } = failure;
  const detail = detailOf(body);
  const requestId = isObject(body) ? textOf(body['request_id']) : undefined;
  const known = requestId === undefined || headers['request-id'] !== undefined ? failure : { ...failure, headers: { ...headers, 'request-id': requestId } };
  return answerError(codeOf(detail) ?? codeOfStatus(status), known, detail);
}

/** The error that `wire` is, when it is one: an `error` event, or the body of a 200 that failed all the same. */
export function errorInside(wire: unknown, provider: string): ProviderError | undefined {
  if (!isObject(wire)) return undefined;
  if (wire['type'] !== 'error' && (wire['error'] === undefined || wire['error'] === null)) return undefined;
  const detail = detailOf(wire);
  return streamError(codeOf(detail) ?? 'server_error', provider, detail);
}

function codeOf({ code, type }: WireErrorDetail): ProviderCode | undefined {
  return lookUp(BY_CODE, code) ?? lookUp(BY_TYPE, type);
}

function lookUp(table: Readonly<Record<string, ProviderCode>>, key: string | undefined): ProviderCode | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function detailOf(body: unknown): WireErrorDetail {
  if (!isObject(body)) return { message: textOf(body) };
  const error = body['error'];
  // Proxies in front of the API, and the clouds that host it, put the words straight into the body.
  if (!isObject(error)) return { type: textOf(body['type']), message: textOf(error) ?? textOf(body['message']) };
  const code = textOf(objectOf(error['details'])['error_code']) ?? textOf(error['code']);
  return { code, type: textOf(error['type']), message: textOf(error['message']) };
}
