import { LETTER_PAIRS, WORD } from './letter-pairs.js';
import { AT, FEATURE_OF, FEATURES, isCommon, HAS_WORDS } from './scripts.js';

/** What each feature comes to in a text; the next scan overwrites it. One array for all: a text is scanned in one go, and short ones are many. */
export type Counts = Float64Array;

const counts: Counts = new Float64Array(FEATURES.length);

const [LOWER, UPPER, DIGIT, SYMBOL, SPACE, LINE, END] = [0, 1, 2, 3, 4, 5, 6];
/** Pairs of symbols that programs, JSON and Markdown are full of, and that are a token each. */
const COMMON_PAIRS = '": ", "} {" [" "] () () ); => == != <= >= // */ /* ** -- ++ && || :: -> .. </ /> }; }, ], [] {} (" (\' "\' \') \', ${ ?. .. ,\' :\' =\' =" ## __ ~~ << >> }} {{ )) (( ]] [['.split(' ');

const KIND = Uint8Array.from({ length: 0x80 }, (_, code) => {
  if (code >= 0x61 && code <= 0x7a) return LOWER;
  if (code >= 0x41 && code <= 0x5a) return UPPER;
  if (code >= 0x30 && code <= 0x39) return DIGIT;
  if (code === 0x0a || code === 0x0d) return LINE;
  return code === 0x20 || (code >= 0x09 && code <= 0x0c) ? SPACE : SYMBOL;
});
const IS_COMMON_PAIR = new Uint8Array(0x4000);
for (const pair of COMMON_PAIRS) IS_COMMON_PAIR[(pair.charCodeAt(0) << 7) | pair.charCodeAt(1)] = 1;

/** One pass over a text, a few nanoseconds for each character, whatever it holds. */
export function scanText(text: string): Counts {
  counts.fill(0);
  commonHan = 0;
  commonHangul = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const kind = kindOf(code);
    if (kind <= UPPER) at = word(text, at);
    else if (kind === DIGIT) at = number(text, at);
    else if (kind === SYMBOL) at = symbols(text, at);
    else if (kind === END) at = isAccented(code) ? word(text, at) : foreign(text, at, code);
    else at = space(text, at);
  }
  // Ordinary text has its common characters in every line. What is far from that is made of rare ones, which take two or three tokens.
  add(AT.hanRare, Math.max(0, get(AT.han) - 8 * commonHan));
  add(AT.hangulRare, Math.max(0, get(AT.hangul) - 6 * commonHangul));
  return counts;
}

let commonHan = 0;
let commonHangul = 0;

function add(feature: number, amount: number): void {
  counts[feature] = (counts[feature] as number) + amount; // features come from AT
}

function get(feature: number): number {
  return counts[feature] as number;
}

/** END for what is not ASCII, and for the NaN beyond both ends of a text. */
function kindOf(code: number): number {
  return code < 0x80 ? (KIND[code] as number) : END; // 128 entries
}

/** Letters of Latin scripts outside ASCII: they stand inside words. */
function isAccented(code: number): boolean {
  return code >= 0xc0 && (code < 0x250 || (code >= 0x1e00 && code < 0x1f00)) && code !== 0xd7 && code !== 0xf7;
}

/** A capital after a small letter begins the next word. */
function word(text: string, start: number): number {
  let sum = 0;
  let accents = 0;
  let runs = 0;
  let capitals = 0;
  let row = -1;
  let at = start;
  let small = false;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = kindOf(code);
    if (kind === LOWER) {
      small = true;
    } else if (kind === UPPER) {
      if (small) break;
      capitals++;
    } else if (kind === END && isAccented(code)) {
      accents++;
      if (row === ACCENT) runs++;
      row = ACCENT;
      small = true;
      continue;
    } else {
      break;
    }
    const letter = (code | 0x20) - 0x61;
    if (row >= 0) sum += LETTER_PAIRS[row + letter] as number; // both below 26
    row = letter * 26;
  }
  const length = at - start;
  sum += WORD.start;
  if (text.charCodeAt(start - 1) !== 0x20) sum += WORD.bare;
  if (capitals > 1) sum += (capitals - 1) * WORD.capital;
  if (length > 4) sum += (length - 4) * WORD.afterFourth;
  if (length > 12) sum += (length - 12) * WORD.afterTwelfth;
  add(AT.words, 1);
  if (sum > 0) add(AT.fragments, fragments(sum));
  if (accents > 0) {
    add(AT.accents, accents);
    add(AT.accentRuns, runs);
  }
  return at;
}

/** The regression's line is bent: too high for words a little out of the ordinary, most of which are one token, too low for what is no word at all. */
function fragments(sum: number): number {
  return sum > 1 ? sum + (sum - 1) * 0.15 : sum * (0.5 + 0.5 * sum);
}

/** In place of a row of pairs: they are of ASCII letters only. */
const ACCENT = -2;

/** Three digits a token. */
function number(text: string, start: number): number {
  let at = start;
  while (at < text.length && kindOf(text.charCodeAt(at)) === DIGIT) at++;
  add(AT.certain, Math.ceil((at - start) / 3));
  return at;
}

function symbols(text: string, start: number): number {
  let before = text.charCodeAt(start);
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (kindOf(code) !== SYMBOL) break;
    if (code === before) add(AT.equalPairs, 1);
    else add(IS_COMMON_PAIR[(before << 7) | code] === 1 ? AT.commonPairs : AT.symbolPairs, 1);
    before = code;
  }
  if (at === start + 1 && kindOf(text.charCodeAt(start - 1)) === DIGIT && kindOf(text.charCodeAt(at)) === DIGIT) {
    add(AT.certain, 1); // between digits it is a token for sure
    return at;
  }
  // A single one right before a word is often part of it; before a letter or two, that are no word, it is not.
  const leads = at === start + 1 && kindOf(text.charCodeAt(at)) <= UPPER && kindOf(text.charCodeAt(at + 2)) <= UPPER && !(start > 0 && text.charCodeAt(start - 1) === 0x20);
  add(leads ? AT.led : AT.symbols, 1);
  return at;
}

/** One space before a word costs nothing; a run is one token, or one for each end of a line with what stands before it. */
function space(text: string, start: number): number {
  let at = start;
  let lines = false;
  let changes = 0;
  let before = text.charCodeAt(start);
  let run = 0;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const kind = kindOf(code);
    if (kind !== SPACE && kind !== LINE) break;
    lines ||= kind === LINE;
    if (code !== before && !(before === 0x0d && code === 0x0a)) changes++;
    if (code === before && ++run % 16 === 0) add(AT.longSpaces, 1);
    before = code;
  }
  // A line break right after symbols is often part of them.
  if (lines) add(kindOf(text.charCodeAt(start - 1)) === SYMBOL ? AT.lines : AT.certain, 1);
  if (changes > 0) add(AT.spaceChanges, changes);
  // The last space of a run belongs to the word after it; a number takes none.
  if (kindOf(text.charCodeAt(at)) === DIGIT && before === 0x20) add(AT.certain, 1);
  if (!lines && (at - start > 1 || before !== 0x20 || at === text.length)) add(AT.spaces, 1);
  return at;
}

/** A run of one script, or one character of none. */
function foreign(text: string, start: number, first: number): number {
  if (first >= 0xd800 && first <= 0xdfff) return pair(text, start, first);
  const feature = FEATURE_OF[first >> 7] as number; // 16 bits
  if (first === 0x200d || (first >= 0xfe00 && first <= 0xfe0f)) {
    add(AT.joiners, 1);
    return start + 1;
  }
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x80 || FEATURE_OF[code >> 7] !== feature || code === 0x200d || isAccented(code)) break;
    if (feature === AT.han) commonHan += isCommon(code) ? 1 : 0;
    else if (feature === AT.hangul) commonHangul += isCommon(code) ? 1 : 0;
  }
  add(feature, at - start);
  // No language writes such words: whatever it is, it is not in the vocabularies.
  if (HAS_WORDS[feature] === 1 && at - start > 20) add(AT.longWords, at - start - 20);
  return at;
}

/** A character of two halves, or a half of one. */
function pair(text: string, start: number, first: number): number {
  const second = first < 0xdc00 ? text.charCodeAt(start + 1) : Number.NaN;
  if (!(second >= 0xdc00 && second <= 0xdfff)) {
    add(AT.halves, 1);
    return start + 1;
  }
  // U+1F000 to U+1FFFF.
  add(first >= 0xd83c && first <= 0xd83f ? AT.emoji : AT.astral, 1);
  return start + 2;
}
