import { digitAt, weighted } from '../../checksums.js';
import { identifier } from './identifier.js';

/** National Health Service number: ten digits, the last of which checks the others modulo 11. */
export const nhs = identifier({
  kind: 'uk-nhs',
  form: /\d{3}([- \u00a0]?)\d{3}\1\d{4}/,
  maxLength: 12,
  digits: 10,
  valid: (digits) => !/^(.)\1{9}$/.test(digits) && (11 - (weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digitAt(digits, 9),
});

/** National Insurance number. Its letters leave out some, and some pairs were never given. */
export const nationalInsurance = identifier({
  kind: 'uk-nino',
  form: /(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]/i,
  maxLength: 13,
  digits: 6,
});
