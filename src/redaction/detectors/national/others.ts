import { digitAt, isDay, isLuhn, isVerhoeff, weighted } from '../../checksums.js';
import { identifier } from './identifier.js';

/** Turkey: identity number, with two check digits. */
export const turkishId = identifier({
  kind: 'tr-id',
  form: /[1-9]\d{10}/,
  maxLength: 11,
  digits: 11,
  valid: (digits) =>
    (weighted(digits, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10 + 10) % 10 === digitAt(digits, 9) && weighted(digits, Array.from({ length: 10 }, () => 1)) % 10 === digitAt(digits, 10),
});

/** South Africa: identity number, with the day of birth. */
export const southAfricanId = identifier({
  kind: 'za-id',
  form: /\d{10}[012][89]\d|\d{6} \d{4} [012][89]\d/,
  maxLength: 15,
  digits: 13,
  valid: (digits) => isLuhn(digits) && isDay(undefined, Number(digits.slice(2, 4)), Number(digits.slice(4, 6))),
});

/** Nigeria: national identification number. */
export const nigerianNin = identifier({ kind: 'ng-nin', form: /[1-9]\d{10}/, maxLength: 11, digits: 11, valid: isVerhoeff });

/** Brazil: tax number of persons. */
export const cpf = identifier({
  kind: 'br-cpf',
  form: /\d{3}\.\d{3}\.\d{3}-\d{2}|\d{11}/,
  maxLength: 14,
  digits: 11,
  valid: (digits) => !/^(.)\1{10}$/.test(digits) && checks(digits, 9) && checks(digits, 10),
});

/** Whether the digit at `count` checks those before it, as Brazil does it. */
function checks(digits: string, count: number): boolean {
  const weights = Array.from({ length: count }, (_, at) => count + 1 - at);
  return ((weighted(digits, weights) * 10) % 11) % 10 === digitAt(digits, count);
}
