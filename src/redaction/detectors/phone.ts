import type { PatternDetector } from '../detector.js';
import { digitsOf } from '../checksums.js';
import { isNationalNumber } from './numbering-plans.js';

/** Telephone numbers that show by their form: international, North American, or with the leading 0 of other countries. */
export const phone: PatternDetector = {
  kind: 'phone',
  maxLength: 66,
  pattern: /(?<![\w@#=./\\:+-])(?:\+|\()?\d(?:(?:[ \u00a0.\-/\u2011]|[ \u00a0.\-/\u2011]?[()][ \u00a0.\-/\u2011]?)?\d){6,16}(?!\w)/,
  characters: /[\d \u00a0().\-/\u2011+]/,
  begins: /[+(\d]/,
  needs: { digits: 7 },
  accepts(value) {
    const first = value[0] ?? '';
    if (first !== '+') {
      const american = NORTH_AMERICAN.exec(value)?.[0].length;
      if (american !== undefined) return american;
    }
    if (!'+(0'.includes(first)) {
      const groups = FOUR_GROUPS.exec(value)?.[0] ?? '';
      return CALLING_CODE.test(digitsOf(groups)) && /[^\d.]/.test(groups) && groups.length;
    }
    // The run may go on into what is no part of the number: an extension, another number.
    const most = first === '+' || value.startsWith('00') ? 15 : 12;
    let length = value.length;
    for (let cut = 0; cut < 8 && length >= 7; cut++) {
      if (countDigits(value, length) <= most && isPhone(value.slice(0, length), first)) return length;
      length = lastGap(value, length);
    }
    return false;
  },
};

/** Digits that nothing but the word before them makes a telephone number. */
export const namedPhone: PatternDetector = {
  kind: 'phone',
  maxLength: 24,
  pattern: /(?<=\b(?:phone|mobile|cell|tel|telephone|whatsapp|fax|sms|telefon|handy|t[eé]l[eé]phone|tel[eé]fono|celular|telefone)\b[^\d\n+]{0,24})\d[\d \u00a0().\-/]{5,20}\d(?!\w)/i,
  characters: /[\d \u00a0().\-/]/,
  begins: /\d/,
  needs: { digits: 7 },
  accepts: (value) => digitsOf(value).length <= 15 && !DATE.test(value),
};

function lastGap(value: string, before: number): number {
  let at = before - 1;
  while (at > 0 && isDigit(value, at)) at--;
  while (at > 0 && !isDigit(value, at - 1)) at--;
  return at;
}

function countDigits(value: string, end: number): number {
  let count = 0;
  for (let at = 0; at < end; at++) if (isDigit(value, at)) count++;
  return count;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function isPhone(value: string, first: string): boolean {
  const digits = digitsOf(value);
  if (digits.length < 8 || TOO_FAR_APART.test(value) || DATE.test(value)) return false;
  if (first === '+') return CALLING_CODE.test(digits);
  if (digits.startsWith('00')) return digits.length >= 11 && CALLING_CODE.test(digits.slice(2));
  return /^\(?0[1-9]/.test(value) && isNationalNumber(digits);
}

/** Gaps that no number has, and parentheses that do not close. */
const TOO_FAR_APART = /[ .\-/]{3}|\([^)]{0,30}$|^[^(]{0,30}\)/;
const DATE = /^(?:(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)?\d\d)(?:\D|$)/;
/** ITU-T E.164: the assigned country codes. */
const CALLING_CODE = /^(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2(?:1[1-368]|[2-46]\d|5[0-8]|9[01789])|3(?:5\d|7[0-8]|8[0-35-79])|42[0134]|5(?:0\d|9\d)|6(?:7[02-9]|8[0-35-9]|9[0-2])|8(?:5[02356]|7[08]|8[0-368])|9(?:6[0-8]|7[0-7]|9[2-68]))/;
/** The second group of three never begins with 0 or 1. */
const NORTH_AMERICAN = /^(?:1[-. ]?)?(?:\([2-9]\d\d\)[-. ]{0,2}|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}(?!\d)/;
const FOUR_GROUPS = /^\d{1,3}[-. ]\(?\d{2,4}\)?[-. ]\d{3,4}[-. ]\d{3,4}(?!\d)/;
