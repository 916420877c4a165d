import { ProviderError } from '../errors.js';
import type { AnswerFacts } from '../types/adapter.js';
import type { ProviderCode } from '../types/codes.js';
import type { WireFailure } from './dialect.js';

/** What a provider's error body says, already picked out of its shape. */
export interface WireErrorDetail {
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  /** The field that was wrong, by path. */
  readonly param?: string | undefined;
  readonly message?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** What else such a failure may be. */
  readonly mayMean?: ProviderCode | undefined;
}

const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'apim-request-id', 'x-goog-request-id', 'x-groq-id', 'cf-ray'] as const;
const FACT_HEADERS = /^(?:x-ratelimit-|ratelimit-?|anthropic-ratelimit-|retry-after(?:-ms)?$|x-should-retry$|x-request-id$|request-id$|apim-request-id$|x-goog-request-id$|x-groq-id$|cf-ray$|openai-processing-ms$|openai-model$|x-ms-region$)/;

/** The facts of an answer that may go up: headers on the allow-list, nothing else. `headers` has lower-case names. */
export function factsOf(status: number, headers: Readonly<Record<string, string>>): AnswerFacts {
  const kept: Record<string, string> = {};
  for (const name in headers) if (FACT_HEADERS.test(name)) kept[name] = headers[name] as string;
  const id = REQUEST_ID_HEADERS.find((name) => kept[name] !== undefined);
  return { status, headers: kept, ...(id !== undefined && { requestId: kept[id] as string }) };
}

/** Builds the error of an answer. The message holds only what cannot echo a prompt or a key; the provider's own words stay in `providerMessage`. */
export function answerError(code: ProviderCode, failure: WireFailure, detail: WireErrorDetail): ProviderError {
  const { status, headers } = failure;
  const said = [label('type', detail.type), label('code', detail.code), label('field', detail.param)].filter((part) => part !== undefined);
  const message = `${failure.provider} answered ${status}${said.length > 0 ? ` (${said.join(', ')})` : ''}: ${advice(code, detail)}`;
  const shouldRetry = headers['x-should-retry'];
  return new ProviderError(code, message, {
    retryAfterMs: detail.retryAfterMs ?? retryAfterMs(headers),
    facts: factsOf(status, headers),
    providerMessage: detail.message,
    mayMean: detail.mayMean,
    // 502, 504 and Cloudflare's 524 come from a proxy that may have lost an answer that was already paid for.
    certainty: status === 200 ? 'started' : status === 502 || status === 504 || status === 524 ? 'possibly_billed' : 'refused',
    ...(shouldRetry === 'true' ? { retryable: true } : shouldRetry === 'false' ? { retryable: false } : {}),
  });
}

/** Builds the error that came inside a stream, after a 200. The core turns it into `stream_interrupted` once content was delivered. */
export function streamError(code: ProviderCode, provider: string, detail: WireErrorDetail): ProviderError {
  const said = [label('type', detail.type), label('code', detail.code)].filter((part) => part !== undefined);
  return new ProviderError(code, `${provider} sent an error inside the stream${said.length > 0 ? ` (${said.join(', ')})` : ''}: ${advice(code, detail)}`, {
    retryAfterMs: detail.retryAfterMs,
    providerMessage: detail.message,
    mayMean: detail.mayMean,
    certainty: 'started',
  });
}

/** An answer that is not in the protocol. `found` must not quote the body. */
export function malformed(provider: string, found: string): ProviderError {
  return new ProviderError('invalid_response', `${provider} sent ${found}`, { certainty: 'started' });
}

/** One event's JSON. */
export function parseEvent(provider: string, data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw malformed(provider, `a stream event of ${data.length} characters that is not JSON`);
  }
}

/** What the status alone says, for bodies that say nothing (HTML, truncated JSON, an unknown code). */
export function codeOfStatus(status: number): ProviderCode {
  switch (status) {
    case 401:
      return 'authentication';
    case 402:
      return 'quota_exhausted';
    case 403:
      return 'permission';
    case 404:
      return 'not_found';
    case 408:
    case 409:
      return 'server_error';
    case 429:
      return 'provider_rate_limit';
    case 503:
    case 529:
      return 'overloaded';
    default:
      return status >= 400 && status < 500 ? 'invalid_request' : status >= 500 ? 'server_error' : 'invalid_response';
  }
}

/** `retry-after-ms`, then `retry-after` as seconds or as an HTTP date. Nonsense (negative, NaN, 1e300) reads as undefined. */
function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
  const inMs = Number(headers['retry-after-ms'] ?? Number.NaN);
  if (inMs >= 0 && inMs <= MAX_WAIT_MS) return Math.ceil(inMs);
  const header = headers['retry-after'];
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return wait >= 0 && wait <= MAX_WAIT_MS ? Math.ceil(wait) : undefined;
}

/** A year: what is longer is a mistake, not a wait. */
const MAX_WAIT_MS = 365 * 24 * 3_600_000;

// Codes, types and field paths are identifiers. A value that is not may be content, and is left out.
const IDENTIFIER = /^[\w][\w .[\]/-]{0,95}$/;

function label(name: string, value: string | undefined): string | undefined {
  return value !== undefined && IDENTIFIER.test(value) ? `${name} ${value}` : undefined;
}

function advice(code: ProviderCode, { mayMean }: WireErrorDetail): string {
  return mayMean === undefined ? ADVICE[code] : `${ADVICE[code]}. It may also be ${mayMean}: ${ADVICE[mayMean]}`;
}

const ADVICE: Readonly<Record<ProviderCode, string>> = {
  authentication: 'the key was not accepted; check the key of this provider',
  permission: 'the key may not do this; check its permissions, project and region',
  not_found: 'no such model or endpoint; check the model name and the base URL',
  invalid_request: 'the request was refused as malformed; error.providerMessage holds its words',
  context_length: 'the prompt is longer than the model takes; shorten it or use a model with a larger context',
  content_filter: 'its content policy blocked this',
  provider_rate_limit: 'its rate limit was reached; wait, or use another key or provider',
  quota_exhausted: 'its quota or credit is used up; retrying will not help',
  overloaded: 'it is overloaded; try another provider or later',
  server_error: 'it failed; try again',
  network: 'the connection failed',
  connect_timeout: 'no connection in time',
  first_content_timeout: 'no content in time',
  idle_timeout: 'the stream stalled',
  attempt_timeout: 'no whole answer in time',
  stream_interrupted: 'the stream ended early',
  invalid_response: 'the answer is not in its protocol',
  unsupported: 'it cannot do what was asked',
};
