import type { FindDetector } from '../detector.js';
import { isLuhn } from '../checksums.js';

/** Numbers of payment cards: a length that the issuer's range has, and Luhn's check digit. */
export const card: FindDetector = {
  kind: 'card',
  maxLength: 24,
  characters: /[\d \u00a0\u2011-]/,
  begins: /\d/,
  needs: { digits: 12 },
  *find(text, from) {
    for (let at = from; at < text.length; at++) {
      if (!isDigit(text, at)) continue;
      const first = groupEnd(text, at);
      if (first - at >= 4 && !isWord(text, at - 1) && text[at - 1] !== '.') {
        const end = cardEnd(text, at, first);
        if (end > 0) {
          yield { start: at, end };
          at = end - 1;
          continue;
        }
      }
      at = first;
    }
  },
};

const GAPS = ' -\u00a0\u2011';

/** Where a card that begins at `start` ends. Groups behind it need not belong to it: a security code, the year. 0: there is none. */
function cardEnd(text: string, start: number, first: number): number {
  const lengths = lengthsOf(Number(text.slice(start, start + 4)));
  const gap = text.charAt(first);
  const grouped = first - start === 4 && gap !== '' && GAPS.includes(gap);
  let found = 0;
  let digits = first - start;
  /** The lengths of the groups, a digit each. */
  let shape = 4;
  for (let end = first, groups = 1; digits <= 19; groups++) {
    if (lengths.includes(digits) && !isWord(text, end) && (groups === 1 || isShape(shape)) && isLuhn(text.slice(start, end))) found = end;
    if (!grouped || groups === 5 || text.charAt(end) !== gap || !isDigit(text, end + 1)) break;
    const next = groupEnd(text, end + 1);
    const length = next - end - 1;
    if (length > 6) break; // no card is written so
    digits += length;
    shape = shape * 10 + length;
    end = next;
  }
  return found;
}

/** Four, four and four, with one or two more groups of up to four; or American Express's and Diners' four, six, and four or five. */
function isShape(shape: number): boolean {
  if (shape === 464 || shape === 465 || shape === 444) return true;
  if (shape >= 4441 && shape <= 4444) return true;
  return shape >= 44_411 && shape <= 44_444 && shape % 10 >= 1 && shape % 10 <= 4 && Math.floor(shape / 10) % 10 <= 4;
}

function groupEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text, at)) at++;
  return at;
}

/** How long a card can be whose number begins with these four digits. */
function lengthsOf(beginning: number): readonly number[] {
  for (const [from, to, lengths] of RANGES) if (beginning >= from && beginning <= to) return lengths;
  return [];
}

function isWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 32; // small letters
  return isDigit(text, at) || (code > 96 && code < 123) || text[at] === '_';
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 47 && code < 58;
}

const UP_TO_19 = [12, 13, 14, 15, 16, 17, 18, 19];

/** ISO/IEC 7812: the first four digits of each network, from and to, and how long its numbers are. */
const RANGES: readonly (readonly [number, number, readonly number[]])[] = [
  [1000, 1999, [15]],
  [2131, 2131, [15]],
  [2200, 2799, [16]],
  [3000, 3059, UP_TO_19.slice(2)],
  [3090, 3099, UP_TO_19.slice(2)],
  [3400, 3499, [15]],
  [3500, 3599, [16, 17, 18, 19]],
  [3600, 3699, UP_TO_19.slice(2)],
  [3700, 3799, [15]],
  [3800, 3999, UP_TO_19.slice(2)],
  [4000, 4999, [13, 16, 19]],
  [5000, 5099, UP_TO_19],
  [5100, 5599, [16]],
  [5600, 6999, UP_TO_19],
  [8100, 8199, [16, 17, 18, 19]],
  [9000, 9999, [16]],
];
