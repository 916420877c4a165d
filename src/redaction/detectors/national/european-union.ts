import { digitAt, isDay, isLuhn, isMod11And10, weighted } from '../../checksums.js';
import { identifier, named } from './identifier.js';

/** Germany: tax identification number. No digit more than three times among the first ten, and a check digit. */
export const germanTaxId = identifier({
  kind: 'de-tax-id',
  form: /[1-9]\d(?:\d{9}| \d{3} \d{3} \d{3})/,
  maxLength: 14,
  digits: 11,
  valid: (digits) => isMod11And10(digits) && !/(.)(?:.*\1){3}/.test(digits.slice(0, 10)),
});

/** Germany: pension insurance number, with the day of birth and the first letter of the name. */
export const germanPension = identifier({
  kind: 'de-pension',
  form: /\d{2}[ ]?\d{6}[ ]?[A-Z][ ]?\d{3}/i,
  maxLength: 15,
  digits: 8,
  valid: (compact) => {
    const letter = compact.charCodeAt(8) - 64;
    const digits = `${compact.slice(0, 8)}${`${letter}`.padStart(2, '0')}${compact.slice(9, 11)}`;
    let sum = 0;
    [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1].forEach((weight, at) => {
      const product = weight * digitAt(digits, at);
      sum += Math.floor(product / 10) + (product % 10);
    });
    const day = Number(compact.slice(2, 4));
    return sum % 10 === digitAt(compact, 11) && isDay(undefined, Number(compact.slice(4, 6)), day > 50 ? day - 50 : day);
  },
});

const SPANISH_LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';

/** Spain: identity number of citizens. */
export const spanishNif = identifier({
  kind: 'es-nif',
  form: /(?:\d{7,8}|\d{1,2}\.\d{3}\.\d{3})-?[A-HJ-NP-TV-Z]/i,
  maxLength: 12,
  digits: 7,
  valid: (compact) => SPANISH_LETTERS[Number(compact.slice(0, -1)) % 23] === compact.at(-1),
});

/** Spain: identity number of foreigners. */
export const spanishNie = identifier({
  kind: 'es-nie',
  form: /[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]/i,
  maxLength: 11,
  digits: 7,
  valid: (compact) => SPANISH_LETTERS[Number(`${'XYZ'.indexOf(compact.charAt(0))}${compact.slice(1, 8)}`) % 23] === compact.at(-1),
});

/** Italy: fiscal code. The form is its own check: sixteen places, each of its kind. */
export const italianFiscalCode = identifier({
  kind: 'it-fiscal-code',
  form: /[A-Z]{6}[\dLMNP-V]{2}[A-EHLMPRST][\dLMNP-V]{2}[A-Z][\dLMNP-V]{3}[A-Z]/i,
  maxLength: 16,
  mixed: 16,
});

/** Poland: PESEL. The month tells the century too. */
export const pesel = identifier({
  kind: 'pl-pesel',
  form: /\d{11}/,
  maxLength: 11,
  digits: 11,
  valid: (digits) => weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0 && isDay(undefined, Number(digits.slice(2, 4)) % 20, Number(digits.slice(4, 6))),
});

/** Finland: personal identity code. */
export const finnishCode = identifier({
  kind: 'fi-hetu',
  form: /\d{6}[-+YXWVUABCDEF]\d{3}[\dA-Y]/i,
  maxLength: 11,
  digits: 6,
  afterLetter: true,
  valid: (compact) => {
    const day = compact.slice(0, 6);
    const serial = compact.slice(-4, -1);
    return isDay(undefined, Number(day.slice(2, 4)), Number(day.slice(0, 2))) && '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(day + serial) % 31] === compact.at(-1);
  },
});

/** Sweden: personal and coordination numbers (60 added to the day), with and without the century. */
export const swedishNumber = identifier({
  kind: 'se-personnummer',
  form: /(?:19|20)?\d{6}[-+]?\d{4}/,
  maxLength: 13,
  digits: 10,
  afterLetter: true,
  valid: (digits) => {
    const short = digits.slice(-10);
    const year = digits.length === 12 ? Number(digits.slice(0, 4)) : undefined;
    const day = Number(short.slice(4, 6));
    return isLuhn(short) && isDay(year, Number(short.slice(2, 4)), day > 60 ? day - 60 : day);
  },
});

/** France: social security number (NIR), with its key. Corsica's departments have a letter. */
export const frenchNir = identifier({
  kind: 'fr-nir',
  form: /[12][ ]?\d{2}[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?\d[\dAB][ ]?\d{3}[ ]?\d{3}[ ]?\d{2}/i,
  maxLength: 21,
  digits: 6,
  valid: (compact) => {
    const corsica = compact.charAt(6);
    const number = compact.slice(0, 13).replace(/[AB]/, '0');
    const offset = corsica === 'A' ? 1_000_000 : corsica === 'B' ? 2_000_000 : 0;
    return 97 - ((Number(number) - offset) % 97) === Number(compact.slice(13));
  },
});

/** The Netherlands: citizen service number. Its check is weak, so a word must stand before it. */
export const dutchBsn = named(
  identifier({ kind: 'nl-bsn', form: /\d{9}/, maxLength: 9, digits: 9, valid: (digits) => weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 }),
  'bsn|burgerservicenummer|sofinummer',
);

/** Belgium: national register number. Born since 2000: a 2 is put in front before the check. */
export const belgianNumber = identifier({
  kind: 'be-rijksregister',
  form: /\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}|\d{11}/,
  maxLength: 15,
  digits: 11,
  valid: (digits) => {
    const body = digits.slice(0, 9);
    const check = Number(digits.slice(9));
    return isDay(undefined, Number(digits.slice(2, 4)) % 20, Number(digits.slice(4, 6))) && (97 - (Number(body) % 97) === check || 97 - (Number(`2${body}`) % 97) === check);
  },
});
