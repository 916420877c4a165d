import type { PatternDetector } from '../detector.js';
import { digitsOf, isLuhn } from '../checksums.js';

/** Numbers of payment cards: a length that the issuer's range has, and Luhn's check digit. */
export const card: PatternDetector = {
  kind: 'card',
  maxLength: 24,
  pattern: /(?<![\w.])(?:\d{12,19}|\d{4}([ \u00a0\u2011-])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ \u00a0\u2011-])\d{6}\2\d{4,5})(?!\w)/,
  characters: /[\d \u00a0\u2011-]/,
  begins: /\d/,
  needs: { digits: 12 },
  accepts(value) {
    if (!isLuhn(value)) return false;
    const digits = digitsOf(value);
    return RANGES.some(([range, lengths]) => lengths.includes(digits.length) && range.test(digits));
  },
};

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
