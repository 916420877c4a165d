import { digitAt, isLuhn } from '../../checksums.js';
import { identifier, named } from './identifier.js';

const isSocialSecurity = (digits: string): boolean => !/^(?:000|666|9)|^...00|0000$/.test(digits) && !/^(.)\1{8}$|^(?:123456789|078051120)$/.test(digits);

/** United States: social security number. Nine bare digits could be anything, so they need a word before them. */
export const socialSecurity = identifier({
  kind: 'us-ssn',
  form: /\d{3}([-. \u00a0\u2011])\d{2}\1\d{4}|\d{5}-\d{4}|\d{3}-\d{6}/,
  maxLength: 11,
  digits: 9,
  valid: isSocialSecurity,
});

export const namedSocialSecurity = named(
  identifier({ kind: 'us-ssn', form: /\d{9}/, maxLength: 9, digits: 9, valid: isSocialSecurity }),
  'ssns?|ss#|social security(?: (?:number|no|nr))?',
);

/** United States: individual taxpayer identification number. */
export const taxpayer = identifier({
  kind: 'us-itin',
  form: /9\d{2}([- \u00a0]?)(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}/,
  maxLength: 11,
  digits: 9,
});

/** United States: national provider identifier of health care. Luhn over the prefix 80840 and the number. */
export const provider = identifier({
  kind: 'us-npi',
  form: /[12]\d{3}([- ]?)\d{3}\1\d{3}/,
  maxLength: 12,
  digits: 10,
  valid: (digits) => isLuhn(`80840${digits}`) && !/^(.)\1{9}$/.test(digits),
});

/** United States: Medicare beneficiary identifier. Its letters leave out S, L, O, I, B and Z. */
export const medicare = identifier({
  kind: 'us-mbi',
  form: /[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}/i,
  maxLength: 13,
  mixed: 11,
});

/** Canada: social insurance number. */
export const socialInsurance = identifier({
  kind: 'ca-sin',
  form: /[1-79]\d{2}([- \u00a0]?)\d{3}\1\d{3}/,
  maxLength: 11,
  digits: 9,
  valid: isLuhn,
});

/** Mexico: the population register's key. */
export const curp = identifier({
  kind: 'mx-curp',
  form: /[A-Z][AEIOUX][A-Z]{2}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[HMX][A-Z]{5}[A-Z\d]\d/i,
  maxLength: 18,
  mixed: 18,
  valid: (compact) => {
    const alphabet = '0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ';
    let sum = 0;
    for (let at = 0; at < 17; at++) sum += alphabet.indexOf(compact.charAt(at)) * (18 - at);
    return (10 - (sum % 10)) % 10 === digitAt(compact, 17);
  },
});
