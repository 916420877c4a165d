import type { FindDetector } from '../detector.js';
import { digitsOf, isLuhn } from '../checksums.js';

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
      if (first - at >= 4 && !(at > 0 && WORD_OR_DOT.test(text.charAt(at - 1)))) {
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

const WORD_OR_DOT = /[\w.]/;
const GAP = /[ \u00a0\u2011-]/;

/** Where a card that begins at `start` ends. Groups behind it need not belong to it: a security code, the year. 0: there is none. */
function cardEnd(text: string, start: number, first: number): number {
  const ends = [first];
  const gap = text.charAt(first);
  if (first - start === 4 && GAP.test(gap)) {
    for (let end = first; ends.length < 5 && text.charAt(end) === gap && isDigit(text, end + 1); ends.push(end)) end = groupEnd(text, end + 1);
  }
  for (let last = ends.length - 1; last >= 0; last--) {
    const end = ends[last] ?? 0;
    if (end - start < 12 || end - start > 23 || /\w/.test(text.charAt(end))) continue;
    const value = text.slice(start, end);
    if (isCard(value) && (last === 0 || GROUPED.test(value))) return end;
  }
  return 0;
}

const GROUPED = /^\d{4}\D(?:\d{4}\D\d{4}(?:\D\d{1,4}){0,2}|\d{6}\D\d{4,5})$/;

function groupEnd(text: string, from: number): number {
  let at = from;
  while (isDigit(text, at)) at++;
  return at;
}

function isCard(value: string): boolean {
  if (!isLuhn(value)) return false;
  const digits = digitsOf(value);
  return RANGES.some(([range, lengths]) => lengths.includes(digits.length) && range.test(digits));
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
