import { ProviderError } from '../errors.js';
import { factsOf } from '../dialects/failure.js';
import type { WireAnswer } from '../transport/transport.js';

/** `content-type` without its parameters, lower case; empty when the answer names none. */
export function mediaTypeOf(answer: WireAnswer): string {
  return (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** JSON by its name (`application/json`, `application/problem+json`). */
export function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json');
}

const TYPE = /^[\w.+-]{1,64}\/[\w.+-]{1,64}$/;

/** A success that cannot be one: the page of a proxy or a login in front of the provider. Closes the socket. */
export function foreignAnswer(answer: WireAnswer, provider: string, wanted: string): ProviderError {
  const mediaType = mediaTypeOf(answer);
  answer.cancel();
  const came = mediaType === '' ? 'no content type' : TYPE.test(mediaType) ? mediaType : 'an unreadable content type';
  return new ProviderError('invalid_response', `${provider} answered ${answer.status} with ${came} where ${wanted} was due; check the base URL and any proxy before it`, {
    certainty: 'started',
    facts: factsOf(answer.status, answer.headers),
  });
}
