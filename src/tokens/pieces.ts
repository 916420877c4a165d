import { classOf, EITHER, LOWER, MARK, NEWLINE, NUMBER, OTHER, SPACE, UPPER } from './character-class.js';

/**
 * Where the piece of `text` that starts at `start` ends. Tokens never cross the end of a piece. Each function does what one
 * encoding's regular expression does, in one pass: V8 would look at a long run several times, and make an object for each piece.
 */
export type PieceEnd = (text: string, start: number) => number;

/** `o200k_base`: letters by case with one character before them and an English ending after, up to three digits, symbols, white space. */
export const endOfO200kPiece: PieceEnd = (text, start) => {
  const kind = classAt(text, start);
  const after = start + widthAt(text, start);
  // One character that is no letter may lead a word.
  if (kind >= MARK && kind !== NUMBER && kind !== NEWLINE) {
    // A mark can be part of a word itself: it leads one only if that has a lower part.
    const end = endOfCasedWord(text, after, kind === MARK);
    if (end > after) return endOfEnding(text, end);
  }
  if (kind <= MARK) return endOfEnding(text, endOfCasedWord(text, start));
  if (kind === NUMBER) return endOfNumber(text, start);
  const symbols = endOfRun(text, kind === SPACE && text.charCodeAt(start) === 0x20 ? after : start, isSymbolOrMark);
  if (symbols > after || (symbols === after && kind === OTHER)) return endOfRun(text, symbols, isNewlineOrSlash);
  return endOfSpace(text, start);
};

/** `cl100k_base`: an English ending alone, letters with one character before them, up to three digits, symbols, white space. */
export const endOfCl100kPiece: PieceEnd = (text, start) => {
  const ending = endOfEnding(text, start);
  if (ending > start) return ending;
  const kind = classAt(text, start);
  const after = start + widthAt(text, start);
  if (kind >= MARK && kind !== NUMBER && kind !== NEWLINE) {
    const end = endOfRun(text, after, isLetter);
    if (end > after) return end;
  }
  if (kind < MARK) return endOfRun(text, start, isLetter);
  if (kind === NUMBER) return endOfNumber(text, start);
  const symbols = endOfRun(text, kind === SPACE && text.charCodeAt(start) === 0x20 ? after : start, isSymbolOrMark);
  if (symbols > after || (symbols === after && kind >= MARK && kind !== SPACE && kind !== NEWLINE)) return endOfRun(text, symbols, isNewline);
  return endOfSpace(text, start);
};

/** Upper case then lower case, or, unless `needsLower`, upper case alone; what has no case may be in either. `start` where there is no word. */
function endOfCasedWord(text: string, start: number, needsLower = false): number {
  let at = start;
  /** After the last that could be the lower part. */
  let lowerEnd = -1;
  for (; at < text.length; at += widthAt(text, at)) {
    const kind = classAt(text, at);
    if (kind === UPPER) continue;
    if (kind !== EITHER && kind !== MARK) break;
    lowerEnd = at + widthAt(text, at);
  }
  const end = endOfRun(text, at, isLower);
  if (end > at) return end;
  // Without a lower part of its own, the word ends with the last that can be one: the pattern gives the rest back.
  if (lowerEnd !== -1) return lowerEnd;
  return needsLower ? start : at;
}

/** `'s`, `'t`, `'re` …, in any case. `at` where there is none. */
function endOfEnding(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x27) return at;
  // Lower case by one bit: only A–Z and a–z come out as the letters asked for, other than by the two below.
  const [first, second] = [text.charCodeAt(at + 1), text.charCodeAt(at + 2)];
  const [one, two] = [isAsciiLetter(first) ? first | 0x20 : 0, isAsciiLetter(second) ? second | 0x20 : 0];
  if (one === S || one === T || one === M || one === D) return at + 2;
  if (((one === R || one === V) && two === E) || (one === L && two === L)) return at + 3;
  return at;
}

const [S, T, M, D, R, V, E, L] = [0x73, 0x74, 0x6d, 0x64, 0x72, 0x76, 0x65, 0x6c];

function endOfNumber(text: string, start: number): number {
  let at = start;
  for (let digits = 0; digits < 3 && at < text.length && classAt(text, at) === NUMBER; digits++) at += widthAt(text, at);
  return at;
}

/** Up to the last line break; else all of it, but for the last character when a word follows, which is the word's. */
function endOfSpace(text: string, start: number): number {
  let at = start;
  let lineEnd = -1;
  for (; at < text.length; at++) {
    const kind = classAt(text, at);
    if (kind === NEWLINE) lineEnd = at + 1;
    else if (kind !== SPACE) break;
  }
  if (lineEnd !== -1) return lineEnd;
  return at === text.length || at - 1 === start ? at : at - 1;
}

function endOfRun(text: string, start: number, belongs: (kind: number, code: number) => boolean): number {
  let at = start;
  while (at < text.length && belongs(classAt(text, at), text.charCodeAt(at))) at += widthAt(text, at);
  return at;
}

const isLetter = (kind: number): boolean => kind < MARK;
const isLower = (kind: number): boolean => kind === LOWER || kind === EITHER || kind === MARK;
const isSymbolOrMark = (kind: number): boolean => kind === OTHER || kind === MARK;
const isNewline = (kind: number): boolean => kind === NEWLINE;
const isNewlineOrSlash = (kind: number, code: number): boolean => kind === NEWLINE || code === 0x2f;

function isAsciiLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

const ASCII = Uint8Array.from({ length: 0x80 }, (_, code) => classOf(code));

function classAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0x80) return ASCII[code] as number; // 128 entries
  return classOf(text.codePointAt(at) ?? 0);
}

/** Two for a character of two halves, else one. */
function widthAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0xd800 || code > 0xdbff) return 1;
  const next = text.charCodeAt(at + 1);
  return next >= 0xdc00 && next <= 0xdfff ? 2 : 1;
}
