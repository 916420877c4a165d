import type { ProviderError } from '../../errors.js';
import type { ProviderCode } from '../../types/codes.js';
import type { WireFailure } from '../dialect.js';
import { answerError, streamError, type WireErrorDetail } from '../failure.js';
import { errorInAnswer as chatErrorInAnswer, errorInStream as chatErrorInStream, fromError as chatError } from '../openai-chat/error.js';
import { nameOf, objectOf, textOf } from './wire.js';

/**
 * The error of an answer with an error status. The bodies are those of openai-chat, and so is the table, but for the codes
 * that only this protocol has. Decides on code, then type, then status; never on message text.
 */
export function fromError(failure: WireFailure): ProviderError {
  const { code, detail } = readError(failure.body);
  return code === undefined ? chatError(failure) : answerError(code, failure, detail);
}

/** The error of a response that failed, in an answer with status 200. */
export function errorInAnswer(provider: string, error: unknown): ProviderError {
  const { code, detail } = readError(error);
  return code === undefined ? chatErrorInAnswer(provider, error) : answerError(code, { provider, status: 200, headers: {}, body: undefined }, detail);
}

/** The error of a `response.failed` or `error` event. */
export function errorInStream(provider: string, error: unknown): ProviderError {
  const { code, detail } = readError(error);
  return code === undefined ? chatErrorInStream(provider, error) : streamError(code, provider, detail);
}

function readError(body: unknown): { readonly code: ProviderCode | undefined; readonly detail: WireErrorDetail } {
  const outer = objectOf(body);
  const error = objectOf(outer?.['error']) ?? outer;
  const code = nameOf(error?.['code']);
  const detail = { code, type: nameOf(error?.['type']), param: nameOf(error?.['param']), message: textOf(error?.['message']) };
  return { code: code === undefined ? undefined : CODES.get(code), detail };
}

/** From the list of `ResponseErrorCode` in OpenAI's published description. What is not here is in openai-chat's table. */
const CODES: ReadonlyMap<string, ProviderCode> = new Map<string, ProviderCode>([
  // OpenAI's usage policy, in spite of the name: every such answer says that the prompt was flagged.
  ['invalid_prompt', 'content_filter'],
  ['bio_policy', 'content_filter'],
  ['image_content_policy_violation', 'content_filter'],
  ['vector_store_timeout', 'server_error'],
  ['data_residency_mismatch', 'invalid_request'],
  ['invalid_request_error', 'invalid_request'],
  ['invalid_image', 'invalid_request'],
  ['invalid_image_format', 'invalid_request'],
  ['invalid_base64_image', 'invalid_request'],
  ['invalid_image_url', 'invalid_request'],
  ['invalid_image_mode', 'invalid_request'],
  ['image_too_large', 'invalid_request'],
  ['image_too_small', 'invalid_request'],
  ['image_parse_error', 'invalid_request'],
  ['image_file_too_large', 'invalid_request'],
  ['unsupported_image_media_type', 'invalid_request'],
  ['empty_image_file', 'invalid_request'],
  ['failed_to_download_image', 'invalid_request'],
  ['image_file_not_found', 'invalid_request'],
]);
