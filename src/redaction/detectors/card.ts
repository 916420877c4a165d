import type { PatternDetector } from '../detector.js';
import { digitsOf, isLuhn } from '../checksums.js';

/** Numbers of payment cards: a length that the issuer's range has, and Luhn's check digit. */
export const card: PatternDetector = {
  kind: 'card',
  maxLength: 24,
  pattern: /(?<![\w.])\d{4}(?:\d{8,15}|([ \u00a0\u2011-])\d{4}(?:\1\d{1,4}){2,3}|([ \u00a0\u2011-])\d{6}\2\d{4,5})(?!\w)/,
  characters: /[\d \u00a0\u2011-]/,
  begins: /\d/,
  needs: { digits: 12 },
  accepts(value) {
    // Groups behind it need not belong to it: a security code, the year it ends.
    for (let length = value.length; length >= 12; length = lastGap(value, length)) if (isCard(value.slice(0, length))) return length;
    return false;
  },
};

function isCard(value: string): boolean {
  if (!isLuhn(value)) return false;
  const digits = digitsOf(value);
  return RANGES.some(([range, lengths]) => lengths.includes(digits.length) && range.test(digits));
}

function lastGap(value: string, before: number): number {
  let at = before - 1;
  while (at > 0 && isDigit(value, at)) at--;
  return at;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 47 && code < 58;
}

/** ISO/IEC 7812 issuer ranges, and how long their numbers are. */
const RANGES: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^1/, [15]],
  [/^2131|^1800/, [15]],
  [/^2[2-7]/, [16]],
  [/^3(?:0[0-59]|[689])/, [14, 15, 16, 17, 18, 19]],
  [/^3[47]/, [15]],
  [/^35/, [16, 17, 18, 19]],
  [/^4/, [13, 16, 19]],
  [/^5[1-5]/, [16]],
  [/^(?:50|5[6-9]|6)/, [12, 13, 14, 15, 16, 17, 18, 19]],
  [/^81/, [16, 17, 18, 19]],
  [/^9/, [16]],
];
