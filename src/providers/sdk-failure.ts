import { reduceCause } from '../cause.js';
import { ProviderError } from '../errors.js';
import { toProviderError } from '../transport/failures.js';
import type { WireAnswer } from '../transport/transport.js';
import { isRecord } from './is-record.js';
import { wholeAnswer } from './made-answer.js';

/** The answer inside an error that the `openai` or `@anthropic-ai/sdk` client threw; undefined when there was no answer. */
export function answerInError(error: unknown): WireAnswer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, headers, error: body } = error as { readonly status?: unknown; readonly headers?: unknown; readonly error?: unknown };
  if (typeof status !== 'number') return undefined;
  const lowerCase = headers instanceof Headers ? Object.fromEntries(headers.entries()) : {};
  if (body === undefined || body === null) return wholeAnswer(status, { ...lowerCase, 'content-type': 'text/plain' }, textAfterStatus(error.message, status));
  // openai unwraps the body's `error`, @anthropic-ai/sdk keeps the whole body.
  return wholeAnswer(status, lowerCase, isRecord(body) && isRecord(body['error']) ? body : { error: body });
}

/** What kept the answer from coming. */
export function failureOfClient(error: unknown, provider: string): ProviderError {
  if (className(error) === 'APIConnectionTimeoutError') {
    return new ProviderError('first_content_timeout', `${provider}: its client gave up waiting for an answer; raise the client's timeout`, { certainty: 'possibly_billed', cause: error });
  }
  // The clients' own connection errors have a `status` that is undefined; a socket's error has a code. What has neither
  // was thrown before anything was sent: a token that could not be had, an option that does not fit.
  const connection = (error instanceof Error && 'status' in error) || reduceCause(error)?.code !== undefined;
  if (connection) return toProviderError(error, { provider, phase: 'connect', sent: true });
  return new ProviderError('authentication', `${provider}: its client sent nothing; check how it gets its credentials, and its other options`, { certainty: 'not_sent', retryable: false, cause: error });
}

function className(error: unknown): string | undefined {
  return error instanceof Error ? error.constructor.name : undefined;
}

/** The clients put a body that is not JSON into the message, after the status. */
function textAfterStatus(message: string, status: number): string {
  return message.startsWith(`${status} `) ? message.slice(`${status} `.length) : '';
}
