import type { Needs } from './detector.js';

/** What one pass over a text tells: enough to leave most detectors out for most texts. */
export class Features {
  readonly #text: string;
  readonly #digits: number;
  readonly #word: number;
  readonly #mixed: number;

  constructor(text: string) {
    this.#text = text;
    let digits = 0, gap = 0, word = 0, mixed = 0;
    let digitsNow = 0, wordNow = 0;
    let hasDigit = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const type = code < 128 ? (TYPES[code] ?? OTHER) : code === NO_BREAK_SPACE || code === NO_BREAK_HYPHEN ? GAP : OTHER;
      if (type === DIGIT) {
        digitsNow++;
        gap = 0;
        if (digitsNow > digits) digits = digitsNow;
        hasDigit = true;
      } else if (type === OTHER || type === LETTER || ++gap > 2) {
        digitsNow = 0;
      }
      if (type === DIGIT || type === LETTER || type === DASH) {
        wordNow++;
        if (wordNow > word) word = wordNow;
        if (hasDigit && wordNow > mixed) mixed = wordNow;
      } else {
        wordNow = 0;
        hasDigit = false;
      }
    }
    this.#digits = digits;
    this.#word = word;
    this.#mixed = mixed;
  }

  /** False: a detector with these needs finds nothing. */
  meet({ digits = 0, word = 0, mixed = 0, any }: Needs): boolean {
    if (this.#digits < digits || this.#word < word || this.#mixed < mixed) return false;
    return any === undefined || any.some((part) => this.#text.includes(part));
  }
}

const OTHER = 0, LETTER = 1, DIGIT = 2, GAP = 3, DASH = 4;
const NO_BREAK_SPACE = 0xa0;
const NO_BREAK_HYPHEN = 0x2011;

const TYPES = Uint8Array.from({ length: 128 }, (_, code) => typeOf(String.fromCharCode(code)));

function typeOf(character: string): number {
  if (/[A-Za-z_]/.test(character)) return LETTER;
  if (/\d/.test(character)) return DIGIT;
  if (character === '-') return DASH;
  return /[ .\-/:()+]/.test(character) ? GAP : OTHER;
}
