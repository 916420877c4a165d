import { createBytePairs, type BytePairs } from './byte-pairs.js';
import type { PieceEnd } from './pieces.js';
import type { Vocabulary } from './vocabulary.js';

/** Counts text, and gives its token ids. */
export interface ExactCounter {
  count(text: string): number;
  encode(text: string): number[];
}

/** A piece of more bytes is encoded in parts, each with a token or two more than it would have as a whole. No text in any language has such a piece; it bounds time and memory, and a part stays in a near cache. */
const MAX_PIECE_BYTES = 16384;

/** Never throws, whatever the text: what looks like a special token is plain text, and half a character counts as U+FFFD, as encoding to UTF-8 makes it. */
export function createExactCounter(vocabulary: Vocabulary, endOfPiece: PieceEnd): ExactCounter {
  const pairs = createBytePairs(vocabulary, MAX_PIECE_BYTES);
  const bytes = new Uint8Array(MAX_PIECE_BYTES);
  const before = new Uint8Array(MAX_PIECE_BYTES);
  let lengthBefore = 0;
  let countBefore = 0;

  /** Of an endless run of one character every part is the same: what was found of the last is still there. */
  function partOf(length: number, look: BytePairs['count']): number {
    if (length < MIN_REPEATED_BYTES) {
      lengthBefore = 0;
      return look(bytes, length);
    }
    if (length !== lengthBefore || !isSame(bytes, before, length)) {
      countBefore = look(bytes, length);
      before.set(bytes.subarray(0, length));
      lengthBefore = length;
    }
    return countBefore;
  }

  function each(text: string, look: BytePairs['count'], found: (count: number) => void): void {
    lengthBefore = 0;
    for (let at = 0; at < text.length; ) {
      const end = endOfPiece(text, at);
      while (at < end) {
        let length = 0;
        for (; at < end && length <= MAX_PIECE_BYTES - 4; at++) {
          const code = text.charCodeAt(at);
          if (code < 0x80) {
            bytes[length++] = code;
          } else if (code < 0x800) {
            bytes[length++] = 0xc0 | (code >> 6);
            bytes[length++] = 0x80 | (code & 0x3f);
          } else if (code < 0xd800 || code > 0xdfff) {
            length = threeBytes(bytes, length, code);
          } else {
            const next = code < 0xdc00 ? text.charCodeAt(at + 1) : Number.NaN;
            if (next >= 0xdc00 && next <= 0xdfff) {
              const codePoint = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
              bytes[length++] = 0xf0 | (codePoint >> 18);
              bytes[length++] = 0x80 | ((codePoint >> 12) & 0x3f);
              bytes[length++] = 0x80 | ((codePoint >> 6) & 0x3f);
              bytes[length++] = 0x80 | (codePoint & 0x3f);
              at++;
            } else {
              length = threeBytes(bytes, length, 0xfffd);
            }
          }
        }
        found(partOf(length, look));
      }
    }
  }

  return {
    count(text) {
      let tokens = 0;
      each(text, pairs.count, (count) => (tokens += count));
      return tokens;
    },
    encode(text) {
      const all: number[] = [];
      each(text, pairs.encode, (count) => {
        for (let at = 0; at < count; at++) all.push(pairs.ids[at] ?? -1);
      });
      return all;
    },
  };
}

/** Shorter pieces are words: looking whether one comes twice would cost more than it saves. */
const MIN_REPEATED_BYTES = 1024;

function isSame(one: Uint8Array, other: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; at++) if (one[at] !== other[at]) return false;
  return true;
}

function threeBytes(bytes: Uint8Array, length: number, code: number): number {
  bytes[length] = 0xe0 | (code >> 12);
  bytes[length + 1] = 0x80 | ((code >> 6) & 0x3f);
  bytes[length + 2] = 0x80 | (code & 0x3f);
  return length + 3;
}
