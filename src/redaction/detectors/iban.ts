import type { PatternDetector } from '../detector.js';
import { mod97 } from '../checksums.js';

/** International bank account numbers: the length of the country, and the check digits. */
export const iban: PatternDetector = {
  kind: 'iban',
  maxLength: 44,
  // Letters of one case only: `GB29 nwbk` is nobody's way to write one, and words that follow are often of the other.
  pattern: /(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,32}|[a-z]{2}\d{2}(?:[ \u00a0-]?[a-z0-9]){11,32})/,
  characters: /[A-Za-z0-9 \u00a0-]/,
  begins: /(?<![A-Za-z0-9])(?:[A-Z]{2}|[a-z]{2})\d{2}/,
  needs: { digits: 2, mixed: 4 },
  accepts(value) {
    const length = lengthOf(value);
    if (length === 0 || /[A-Za-z0-9]/.test(value.charAt(length))) return false;
    const compact = value.slice(0, length).replace(/[ \u00a0-]/g, '');
    return mod97(compact.slice(4) + compact.slice(0, 4)) === 1 ? length : false;
  },
};

const NO_BREAK_SPACE = 0xa0;

/** How many characters of `value` are the number of its country. 0: none. */
function lengthOf(value: string): number {
  const wanted = LENGTHS[value.slice(0, 2).toUpperCase()];
  if (wanted === undefined) return 0;
  let count = 0;
  for (let at = 0; at < value.length; at++) {
    if (value.charCodeAt(at) > 47 && value.charCodeAt(at) !== NO_BREAK_SPACE) count++; // a letter or a digit
    if (count === wanted) return at + 1;
  }
  return 0;
}

/** The IBAN registry (ISO 13616), release 99, and countries that use the form without being in it. */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24, AE: 23, AL: 28, AO: 25, AT: 20, AZ: 28, BA: 20, BE: 16, BF: 28, BG: 22, BH: 22, BI: 27, BJ: 28, BR: 29, BY: 28, CF: 27, CG: 27, CH: 21, CI: 28, CM: 27, CR: 22,
  CV: 25, CY: 28, CZ: 24, DE: 22, DJ: 27, DK: 18, DO: 28, DZ: 26, EE: 20, EG: 29, ES: 24, FI: 18, FK: 18, FO: 18, FR: 27, GA: 27, GB: 22, GE: 22, GI: 23, GL: 18, GQ: 27, GR: 27,
  GT: 28, GW: 25, HN: 28, HR: 21, HU: 28, IE: 22, IL: 23, IQ: 23, IR: 26, IS: 26, IT: 27, JO: 30, KM: 27, KW: 30, KZ: 20, LB: 28, LC: 32, LI: 21, LT: 20, LU: 20, LV: 21, LY: 25,
  MA: 28, MC: 27, MD: 24, ME: 22, MG: 27, MK: 19, ML: 28, MN: 20, MR: 27, MT: 31, MU: 30, MZ: 25, NE: 28, NI: 28, NL: 18, NO: 15, OM: 23, PK: 24, PL: 28, PS: 29, PT: 25, QA: 29,
  RO: 24, RS: 22, RU: 33, SA: 24, SC: 31, SD: 18, SE: 24, SI: 19, SK: 24, SM: 27, SN: 28, SO: 23, ST: 25, SV: 28, TD: 27, TG: 28, TL: 23, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24,
  XK: 20, YE: 30,
};
