const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Digits of a hash. */
const LENGTH = 9;

/** The id itself, or where it is longer than the server takes, its beginning and a hash of the whole: the same each time, so that a call and its result still meet. */
export function shortened(id: string, length: number): string {
  return id.length <= length ? id : `${id.slice(0, length - LENGTH)}${hashed(id)}`;
}

/** 53 bits of hash in nine digits of base 62 (cyrb53). Not for secrets. */
export function hashed(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  let rest = 4_294_967_296 * (0x1fffff & low) + (high >>> 0);
  let id = '';
  while (id.length < LENGTH) {
    id += ALPHABET.charAt(rest % ALPHABET.length);
    rest = Math.floor(rest / ALPHABET.length);
  }
  return id;
}
