import crypto from 'node:crypto';

/**
 * SHA-256 of a text, by its UTF-16 code units: unlike its UTF-8, they differ for any two texts, halves of characters
 * included (`'\ud800'` and `'\ufffd'` have one UTF-8). Text that is ASCII is hashed as such, which is twice as fast; the
 * first letter says which, so that the bytes of one form are never taken for the other.
 */
export function digestOf(text: string): string {
  if (Buffer.byteLength(text) === text.length) return `a${hash('sha256', text)}`;
  return `u${hash('sha256', Buffer.from(text, 'utf16le'))}`;
}

export function digestOfBytes(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

/** A second digest, by another function: what stands behind a key can be checked against it. */
export function checkOf(text: string): string {
  return hash('sha512-256', Buffer.byteLength(text) === text.length ? text : Buffer.from(text, 'utf16le'));
}

// Half the price of a Hash object for short texts; not there in every runtime that has `node:crypto`.
const hash: (algorithm: string, data: string | Uint8Array) => string =
  typeof crypto.hash === 'function' ? (algorithm, data) => crypto.hash(algorithm, data, 'hex') : (algorithm, data) => crypto.createHash(algorithm).update(data).digest('hex');
