import type { Needs } from './detector.js';

/** What one pass over a text tells: enough to leave most detectors out for most texts. */
export class Features {
  readonly #text: string;
  #lower: string | undefined;
  #digits = 0;
  #mixed = 0;
  #hex = 0;

  constructor(text: string) {
    this.#text = text;
    this.#read(text);
  }

  /** False: a detector with these needs finds nothing. */
  meet({ digits = 0, mixed = 0, hex = 0, any }: Needs): boolean {
    if (this.#digits < digits || this.#mixed < mixed || this.#hex < hex) return false;
    if (any === undefined) return true;
    const lower = (this.#lower ??= this.#text.toLowerCase());
    for (const part of any) if (lower.includes(part)) return true;
    return false;
  }

  #read(text: string): void {
    let digits = 0, digitsNow = 0, gap = 0;
    let mixed = 0, wordNow = 0, digitsInWord = 0;
    let hex = 0, hexNow = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const type = code < 128 ? (TYPES[code] as number) : code === NO_BREAK_SPACE || code === NO_BREAK_HYPHEN ? GAP : 0; // the table has 128 entries
      if (type === WORD) {
        // Most characters of most texts.
        wordNow++;
        digitsNow = 0;
        if (hexNow > hex) hex = hexNow;
        hexNow = 0;
        continue;
      }
      if ((type & DIGIT) !== 0) {
        digitsNow++;
        gap = 0;
        digitsInWord++;
        if (digitsNow > digits) digits = digitsNow;
      } else if ((type & GAP) === 0 || ++gap > 2) {
        digitsNow = 0;
      }
      if ((type & WORD) !== 0) {
        wordNow++;
      } else if (wordNow > 0) {
        if (wordNow > mixed && (digitsInWord > 0 || wordNow >= LONG_WORD)) mixed = wordNow;
        wordNow = digitsInWord = 0;
      }
      if ((type & HEX) !== 0) hexNow++;
      else if (hexNow > 0) {
        if (hexNow > hex) hex = hexNow;
        hexNow = 0;
      }
    }
    this.#digits = digits;
    this.#mixed = wordNow > mixed && (digitsInWord > 0 || wordNow >= LONG_WORD) ? wordNow : mixed;
    this.#hex = Math.max(hex, hexNow);
  }
}

const DIGIT = 1, GAP = 2, WORD = 4, HEX = 8;
/** Longer than words mostly are. */
const LONG_WORD = 20;
const NO_BREAK_SPACE = 0xa0;
const NO_BREAK_HYPHEN = 0x2011;

const TYPES = Uint8Array.from({ length: 128 }, (_, code) => typeOf(String.fromCharCode(code)));

function typeOf(character: string): number {
  return (/\d/.test(character) ? DIGIT : 0) | (/[ .\-/:()+]/.test(character) ? GAP : 0) | (/[\w-]/.test(character) ? WORD : 0) | (/[\da-fA-F:. -]/.test(character) ? HEX : 0);
}
