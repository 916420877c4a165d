import { ProviderError } from '../errors.js';
import type { ProviderCode } from '../types/codes.js';
import type { Certainty } from '../types/report.js';

/** How far an exchange had come. */
export interface FailurePoint {
  /** The adapter's name. */
  readonly provider: string;
  /** No connection yet; connected and no answer yet; in the body of the answer. A client that does not tell connecting from waiting (`fetch`) says `connect`. */
  readonly phase: 'connect' | 'waiting' | 'body';
  /** The request may have left this process. */
  readonly sent: boolean;
}

interface Failure {
  readonly code: ProviderCode;
  readonly certainty: Certainty;
  /** What happened, then what to do. Our words only. */
  readonly text: string;
  readonly retryable?: boolean;
}

/** What a socket, TLS, HTTP client or `fetch` threw, as one error of ours. Decides by the code of the cause and the phase alone; of the error itself only class name and code are kept. */
export function toProviderError(error: unknown, point: FailurePoint): ProviderError {
  if (error instanceof ProviderError) return error;
  const code = codeOf(error);
  const failure = point.phase === 'body' ? bodyFailure(code) : ((point.phase === 'connect' ? connectFailure(code) : undefined) ?? headFailure(code, point.sent));
  return new ProviderError(failure.code, `${point.provider}: ${failure.text}`, {
    certainty: failure.certainty,
    cause: error,
    ...(failure.retryable !== undefined && { retryable: failure.retryable }),
  });
}

/** An answer of 3xx: following it would carry the prompt, and maybe the key, to a place nobody configured. */
export function redirectError(provider: string, status: number): ProviderError {
  return new ProviderError('invalid_response', `${provider} answered with a redirect, and redirects are not followed; check the base URL (scheme, host and path)`, {
    certainty: 'refused',
    retryable: false,
    facts: { status, headers: {} },
  });
}

/** An answer or an event over its cap. */
export function tooLargeError(provider: string, what: string, maxBytes: number, option: string): ProviderError {
  return new ProviderError('invalid_response', `${provider} sent ${what} of more than ${maxBytes} bytes; the connection was closed. Raise ${option} if such sizes are expected`, {
    certainty: 'started',
  });
}

/** A stream event that made its decoder fail in a way of its own. */
export function unreadableError(provider: string, cause: unknown): ProviderError {
  return new ProviderError('invalid_response', `${provider} sent a stream event that could not be read`, { certainty: 'started', cause });
}

// OpenSSL's verification results, as Node names them, and Node's own check of the host name.
const CERTIFICATE = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_|ERROR_IN_C|ERR_TLS_CERT_)/;
const HANDSHAKE = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;
const LOOKUP = /^(?:ENOTFOUND|EAI_\w+|ENODATA)$/;
const NO_ROUTE = /^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EHOSTDOWN|ENETDOWN)$/;
// The peer closed in the middle: a cut, not a malformed answer.
const ENDED_EARLY = 'HPE_INVALID_EOF_STATE';
const MALFORMED = /^HPE_(?!INVALID_EOF_STATE$)/;
// undici's word for a head with two lengths, or a length and chunks; in a body it means that the peer closed too early.
const TWO_LENGTHS = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/** The first code in the chain of causes: `fetch` hides the socket's two levels down. */
function codeOf(error: unknown): string {
  for (let depth = 0, inner = error; depth < 5 && typeof inner === 'object' && inner !== null; depth++) {
    const { code, name, data, cause } = inner as { readonly [property: string]: unknown }; // whatever was thrown
    if (typeof code === 'string') return code;
    // undici's parser has lost its codes. It quotes the bytes it stumbled over: none when the body just ended.
    if (name === 'HTTPParserError') return data === '' ? ENDED_EARLY : 'HPE_INVALID';
    inner = cause;
  }
  return '';
}

/** Nothing can have been sent. Undefined: the code does not prove that. */
function connectFailure(code: string): Failure | undefined {
  const fails = (text: string, retryable = true): Failure => ({ code: 'network', certainty: 'not_sent', text, retryable });
  if (code === 'ECONNREFUSED') return fails('the connection was refused; check the base URL and that the server is running');
  if (LOOKUP.test(code)) return fails('its host name could not be resolved; check the base URL and the DNS of this machine');
  if (NO_ROUTE.test(code)) return fails('there is no route to its host; check the network of this machine');
  if (CERTIFICATE.test(code)) return fails('its TLS certificate was not accepted; check the base URL, or trust its authority (NODE_EXTRA_CA_CERTS)', false);
  if (HANDSHAKE.test(code)) return fails('the TLS handshake failed; check that the base URL has the right scheme (http or https) and port', false);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return { code: 'connect_timeout', certainty: 'not_sent', text: 'no connection in time; check the network, or raise connectTimeoutMs' };
  return undefined;
}

function headFailure(code: string, sent: boolean): Failure {
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return { code: 'first_content_timeout', certainty: 'possibly_billed', text: 'no answer in time' };
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === TWO_LENGTHS || MALFORMED.test(code)) {
    return { code: 'invalid_response', certainty: 'started', text: 'the head of its answer is not valid HTTP, or larger than 16 KiB; check the base URL and what stands in between' };
  }
  if (code === 'UND_ERR_INVALID_ARG') return { code: 'invalid_request', certainty: 'not_sent', text: 'the request cannot be written as HTTP; check its headers and its URL' };
  if (!sent) return { code: 'network', certainty: 'not_sent', text: 'the connection failed before the request was sent; try again' };
  return { code: 'network', certainty: 'possibly_billed', text: 'the connection was lost before any answer came; the request may have been processed' };
}

function bodyFailure(code: string): Failure {
  if (code === 'UND_ERR_BODY_TIMEOUT') return { code: 'idle_timeout', certainty: 'started', text: 'the body of its answer stalled' };
  // Z_BUF_ERROR: compressed data that ends early, a cut again.
  if (MALFORMED.test(code) || (code.startsWith('Z_') && code !== 'Z_BUF_ERROR') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR') || code.startsWith('ZSTD_')) {
    return { code: 'invalid_response', certainty: 'started', text: 'the body of its answer is malformed (chunk sizes or compression)' };
  }
  return { code: 'stream_interrupted', certainty: 'started', text: 'the connection was lost in the middle of its answer' };
}
