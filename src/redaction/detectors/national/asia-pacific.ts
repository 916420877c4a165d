import { digitAt, isDay, isVerhoeff, weighted } from '../../checksums.js';
import { identifier } from './identifier.js';

/** India: Aadhaar. Never begins with 0 or 1, never reads the same backwards. */
export const aadhaar = identifier({
  kind: 'in-aadhaar',
  form: /[2-9]\d{3}([-: \u00a0]?)\d{4}\1\d{4}/,
  maxLength: 14,
  digits: 12,
  valid: (digits) => isVerhoeff(digits) && [...digits].toReversed().join('') !== digits,
});

/** India: permanent account number of the tax office. */
export const pan = identifier({ kind: 'in-pan', form: /[A-Z]{5}\d{4}[A-Z]/i, maxLength: 10, digits: 4, mixed: 10 });

/** Australia: business number. */
export const abn = identifier({
  kind: 'au-abn',
  form: /[1-9]\d(?:\d{9}|([ -])\d{3}\1\d{3}\1\d{3})/,
  maxLength: 14,
  digits: 11,
  valid: (digits) => (weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0,
});

/** Australia: company number. */
export const acn = identifier({
  kind: 'au-acn',
  form: /\d{3}([ -]?)\d{3}\1\d{3}/,
  maxLength: 11,
  digits: 9,
  valid: (digits) => digits !== '000000000' && (10 - (weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digitAt(digits, 8),
});

/** Australia: tax file number. */
export const tfn = identifier({
  kind: 'au-tfn',
  form: /\d{3}([ -]?)\d{3}\1\d{3}/,
  maxLength: 11,
  digits: 9,
  valid: (digits) => digits !== '000000000' && weighted(digits, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
});

/** Australia: Medicare card. */
export const australianMedicare = identifier({
  kind: 'au-medicare',
  form: /[2-6]\d{3}([ -]?)\d{5}\1\d/,
  maxLength: 12,
  digits: 10,
  valid: (digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(digits, 8),
});

/** Singapore: identity cards of citizens and foreigners. The check letter of a mistyped one is wrong, and it is one all the same. */
export const nric = identifier({ kind: 'sg-nric', form: /[STFGM]\d{7}[A-Z]/i, maxLength: 9, digits: 7 });

/** South Korea: resident registration number. Those given since October 2020 have no check digit, so the hyphen must be there. */
export const rrn = identifier({
  kind: 'kr-rrn',
  form: /\d{6}-[1-8]\d{6}|\d{6}[1-8]\d{6}/,
  maxLength: 14,
  digits: 13,
  valid: (digits) => isDay(undefined, Number(digits.slice(2, 4)), Number(digits.slice(4, 6))),
});

/** Thailand: national identity number. Its second and third digit are a province. */
export const thaiNumber = identifier({
  kind: 'th-tnin',
  form: /[1-8]([- ]?)(?:1\d|2[0-7]|[34]\d|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])\d{2}\1\d{5}\1\d{2}\1\d/,
  maxLength: 17,
  digits: 13,
  valid: (digits) => (11 - (weighted(digits, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(digits, 12),
});

/** China: resident identity number, GB 11643, with the day of birth. */
export const chineseId = identifier({
  kind: 'cn-id',
  form: /[1-8]\d{5}(?:19|20)\d{9}[\dX]/i,
  maxLength: 18,
  digits: 17,
  valid: (compact) =>
    isDay(Number(compact.slice(6, 10)), Number(compact.slice(10, 12)), Number(compact.slice(12, 14))) &&
    '10X98765432'[weighted(compact, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] === compact.charAt(17),
});
