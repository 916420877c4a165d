import type { ServerReply } from 'headgate/testing';
import { again, FRESH, lastAgain, next, stop, type Scenario, type Verdict } from './scenario.js';
import type { VendorName } from './vendors.js';

type Raw = Extract<ServerReply, { readonly body: unknown }>;
type Body = Raw['body'];
type Family = 'openai' | 'anthropic' | 'google';

interface Row {
  readonly status: number;
  readonly what: string;
  /** What each vendor says beside it. A vendor that is not here has no such answer. */
  readonly says: Partial<Readonly<Record<Family, Body>>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Breaks the body off. */
  readonly broken?: Pick<Raw, 'endAfterBytes' | 'ending'>;
  readonly verdict: Verdict | Readonly<Record<Family, Verdict>>;
  /** A key whose limit was reached, and that was not told for how long, rests for a second. */
  readonly slow?: boolean;
}

const openai = (type: string, code: string | null = null, more: object = {}): Body => ({ error: { message: 'words of openai', type, param: null, code, ...more } });
const anthropic = (type: string, more: object = {}): Body => ({ type: 'error', error: { type, message: 'words of anthropic', ...more }, request_id: 'req_1' });
const google = (code: number, status: string, ...details: readonly object[]): Body => ({ error: { code, message: 'words of google', status, details: details as never } });
const detail = (type: string, fields: object): object => ({ '@type': `type.googleapis.com/google.rpc.${type}`, ...fields });
const quota = (quotaId: string): object => detail('QuotaFailure', { violations: [{ quotaId }] });
const everybody = (body: Body): Row['says'] => ({ openai: body, anthropic: body, google: body });
const PAGE = '<!DOCTYPE html><html><head><title>Error</title></head><body><center>nginx</center></body></html>';
/** Overloaded targets wait a second at least, where nobody says how long. */
const SOON = { 'retry-after-ms': '5' };

const rows: readonly Row[] = [
  { status: 400, what: 'a malformed request', says: { openai: openai('invalid_request_error'), anthropic: anthropic('invalid_request_error'), google: google(400, 'INVALID_ARGUMENT') }, verdict: stop('invalid_request', 'refused') },
  {
    status: 400,
    what: 'a prompt that is too long, which only one vendor has a code for',
    says: { openai: openai('invalid_request_error', 'context_length_exceeded'), anthropic: anthropic('invalid_request_error'), google: google(400, 'INVALID_ARGUMENT') },
    verdict: { openai: stop('context_length', 'refused'), anthropic: stop('invalid_request', 'refused'), google: stop('invalid_request', 'refused') },
  },
  { status: 400, what: 'a filtered prompt', says: { openai: openai('invalid_request_error', 'content_policy_violation') }, verdict: stop('content_filter', 'refused') },
  { status: 400, what: 'a jailbreak that Azure found', says: { openai: openai('', '400', { innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { jailbreak: { detected: true, filtered: true } } } }) }, verdict: stop('content_filter', 'refused') },
  { status: 400, what: 'a bad key by its reason alone', says: { google: google(400, 'INVALID_ARGUMENT', detail('ErrorInfo', { reason: 'API_KEY_INVALID' })) }, verdict: stop('authentication', 'refused') },
  { status: 400, what: 'a region that is not served', says: { google: google(400, 'FAILED_PRECONDITION') }, verdict: stop('permission', 'refused') },
  { status: 400, what: 'a refusal that asks to be tried again', says: everybody({ error: { message: 'm' } }), headers: { 'x-should-retry': 'true' }, verdict: { ...stop('invalid_request', 'refused'), tries: 2 } },
  { status: 401, what: 'a bad key', says: { openai: openai('invalid_request_error', 'invalid_api_key'), anthropic: anthropic('authentication_error'), google: google(401, 'UNAUTHENTICATED') }, verdict: stop('authentication', 'refused') },
  { status: 402, what: 'an unpaid bill', says: { openai: openai('insufficient_balance', 'insufficient_balance'), anthropic: anthropic('billing_error'), google: '' }, verdict: next('quota_exhausted', 'refused') },
  { status: 403, what: 'a key without the permission', says: { openai: openai('permission_error', 'unsupported_country_region_territory'), anthropic: anthropic('permission_error'), google: google(403, 'PERMISSION_DENIED') }, verdict: stop('permission', 'refused') },
  { status: 404, what: 'a model that is not there', says: { openai: openai('invalid_request_error', 'model_not_found'), anthropic: anthropic('not_found_error'), google: google(404, 'NOT_FOUND') }, verdict: next('not_found', 'refused') },
  { status: 408, what: 'a request timeout', says: everybody(''), verdict: again('server_error', 'refused') },
  { status: 409, what: 'a conflict', says: { openai: openai('conflict_error'), anthropic: anthropic('conflict_error'), google: google(409, 'ABORTED') }, verdict: again('server_error', 'refused') },
  { status: 413, what: 'the page of an edge that takes no such size', says: everybody(PAGE), verdict: stop('invalid_request', 'refused') },
  { status: 422, what: 'a field that FastAPI does not take', says: { openai: { detail: [{ loc: ['body', 'top_k'], msg: 'extra', type: 'extra_forbidden' }] } }, verdict: stop('invalid_request', 'refused') },
  { status: 429, what: 'a rate limit', says: { openai: openai('tokens', 'rate_limit_exceeded'), anthropic: anthropic('rate_limit_error'), google: google(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerMinutePerProjectPerModel')) }, slow: true, verdict: lastAgain('provider_rate_limit', 'refused') },
  { status: 429, what: 'a rate limit that ends in a moment', says: { openai: openai('requests', 'rate_limit_exceeded'), anthropic: anthropic('rate_limit_error'), google: google(429, 'RESOURCE_EXHAUSTED', detail('RetryInfo', { retryDelay: '0.005s' })) }, headers: SOON, verdict: lastAgain('provider_rate_limit', 'refused') },
  { status: 429, what: 'a rate limit that ends in an hour', says: { openai: openai('requests', 'rate_limit_exceeded'), anthropic: anthropic('rate_limit_error'), google: google(429, 'RESOURCE_EXHAUSTED', detail('RetryInfo', { retryDelay: '3600s' })) }, headers: { 'retry-after': '3600' }, verdict: next('provider_rate_limit', 'refused') },
  {
    status: 429,
    what: 'a quota that is used up',
    says: { openai: openai('insufficient_quota', 'insufficient_quota'), anthropic: anthropic('rate_limit_error', { details: { error_code: 'enforced_spend_limit_reached' } }), google: google(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier')) },
    verdict: next('quota_exhausted', 'refused'),
  },
  { status: 499, what: 'a call that the server cancelled', says: { google: google(499, 'CANCELLED') }, verdict: again('server_error', 'refused') },
  { status: 500, what: 'a failure', says: { openai: openai('server_error'), anthropic: anthropic('api_error'), google: google(500, 'INTERNAL') }, verdict: again('server_error', 'refused') },
  { status: 500, what: 'a failure that asks not to be tried again', says: everybody(''), headers: { 'x-should-retry': 'false' }, verdict: next('server_error', 'refused') },
  { status: 500, what: 'a failure whose words break off', says: everybody(openai('invalid_request_error', 'context_length_exceeded')), broken: { endAfterBytes: 20, ending: 'reset' }, verdict: again('server_error', 'refused') },
  { status: 500, what: 'a failure of a megabyte', says: everybody(PAGE + 'x'.repeat(1_000_000)), verdict: again('server_error', 'refused') },
  { status: 502, what: 'the page of a proxy that lost the answer', says: everybody(PAGE), verdict: again('server_error', 'possibly_billed') },
  { status: 503, what: 'no capacity', says: { openai: openai('server_error', 'server_is_overloaded'), anthropic: anthropic('overloaded_error'), google: google(503, 'UNAVAILABLE') }, headers: SOON, verdict: again('overloaded', 'refused') },
  { status: 504, what: 'the timeout of a gateway', says: { openai: PAGE, anthropic: anthropic('timeout_error'), google: google(504, 'DEADLINE_EXCEEDED') }, verdict: again('server_error', 'possibly_billed') },
  { status: 520, what: 'an edge that did not understand its origin', says: everybody(PAGE), verdict: again('server_error', 'refused') },
  { status: 529, what: 'an overload', says: everybody({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }), headers: SOON, verdict: again('overloaded', 'refused') },
  { status: 307, what: 'a redirect to another place', says: everybody(''), headers: { location: 'http://127.0.0.1:9/elsewhere' }, verdict: next('invalid_response', 'refused') },
];

/** An answer with a status that is not 200, in the words of each vendor. */
export const statusScenarios: readonly Scenario[] = rows.map(({ status, what, says, headers, broken, verdict, slow = false }) => ({
  name: `${status}, ${what},`,
  moments: FRESH,
  slow,
  vendors: (['openai responses', 'openai chat', 'anthropic', 'google'] as const).filter((name) => says[familyOf(name)] !== undefined),
  fault: ({ name }) => ({ reply: { status, body: says[familyOf(name)] ?? '', ...(headers !== undefined && { headers }), ...broken } }),
  verdict: (vendor) => ('code' in verdict ? verdict : verdict[familyOf(vendor)]),
}));

function familyOf(vendor: VendorName): Family {
  return vendor === 'anthropic' || vendor === 'google' ? vendor : 'openai';
}
