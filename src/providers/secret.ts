import { ProviderError } from '../errors.js';
import { kindOf, wrongOption } from './check-options.js';

/** A key, or where to get one: a function is called for every request, so a key can be rotated. */
export type ApiKey = string | (() => string | Promise<string>);

// A key travels in a header: visible ASCII without spaces. A line break in it (a key file read whole) would let the
// HTTP client print the key in its own error.
const KEY = /^[\x21-\x7e]+$/;

/** Checks a key as an option. The error says what is wrong with it and never what it is. */
export function checkApiKey(factory: string, field: string, value: unknown): ApiKey {
  if (typeof value === 'function') return value as () => string | Promise<string>; // what it gives is checked at every call
  if (typeof value !== 'string' || value === '') throw wrongOption(factory, field, kindOf(value), 'a key, or a function that gives one');
  if (!KEY.test(value)) throw wrongOption(factory, field, `a key with ${flawOf(value)}`, 'visible ASCII characters only');
  return value;
}

/** The key for one request. Throws ProviderError('authentication'), nothing sent, when the function fails or gives no usable key. */
export async function readApiKey(provider: string, key: ApiKey): Promise<string> {
  if (typeof key === 'string') return key;
  let value: unknown;
  try {
    value = await key();
  } catch (error) {
    throw unusable(`the apiKey function of ${provider} failed; its cause says how`, error);
  }
  if (typeof value !== 'string' || value === '') throw unusable(`the apiKey function of ${provider} gave ${kindOf(value)}; let it give a key`);
  if (!KEY.test(value)) throw unusable(`the apiKey function of ${provider} gave a key with ${flawOf(value)}; let it give visible ASCII characters only`);
  return value;
}

function flawOf(key: string): string {
  return /[\r\n]/.test(key) ? 'a line break' : /\s/.test(key) ? 'a space' : 'a character outside ASCII';
}

function unusable(message: string, cause?: unknown): ProviderError {
  return new ProviderError('authentication', message, { certainty: 'not_sent', cause });
}
