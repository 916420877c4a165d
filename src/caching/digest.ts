import { nodeCrypto } from '../built-in.js';

/**
 * SHA-256 of a text, by its UTF-16 code units: unlike its UTF-8, they differ for any two texts, halves of characters
 * included (`'\ud800'` and `'\ufffd'` have one UTF-8). Text that is ASCII is hashed as such, which is twice as fast; the
 * first letter says which, so that the bytes of one form are never taken for the other.
 */
export function digestOf(text: string): string {
  if (Buffer.byteLength(text) === text.length) return `a${hash('sha256', text)}`;
  return `u${wideHash('sha256', text)}`;
}

export function digestOfBytes(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

/** A second digest, by another function: what stands behind a key can be checked against it. */
export function checkOf(text: string): string {
  return Buffer.byteLength(text) === text.length ? hash('sha512-256', text) : wideHash('sha512-256', text);
}

function wideHash(algorithm: string, text: string): string {
  return nodeCrypto().createHash(algorithm).update(text, 'utf16le').digest('hex');
}

/** Half the price of a Hash object for short texts. */
function hash(algorithm: string, data: string | Uint8Array): string {
  return nodeCrypto().hash(algorithm, data, 'hex');
}
