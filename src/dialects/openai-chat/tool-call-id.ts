import type { ChatQuirks } from './quirks.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 9;

/** The id as this server takes it. Mistral wants exactly nine letters and digits: one that fits stays, any other becomes a hash of itself, the same each time. */
export function wireCallId(id: string, rule: ChatQuirks['toolCallIds']): string {
  return rule === 'any' || /^[0-9A-Za-z]{9}$/.test(id) ? id : hashed(id);
}

/** An id for a call that came without one: the same for the same answer, however its stream was cut. */
export function inventedId(answerId: string, position: number): string {
  return `call_${hashed(`${answerId}#${position}`)}`;
}

/** 53 bits of hash in nine digits of base 62 (cyrb53). Not for secrets. */
function hashed(text: string): string {
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
