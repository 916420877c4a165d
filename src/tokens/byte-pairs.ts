import { createRankQueue } from './rank-queue.js';
import { HASH_BASE, mixed, nextHash, type Vocabulary } from './vocabulary.js';

/** Splits one piece of text, as bytes, into tokens: merges the pair of the lowest rank, of equal ones the leftmost, until none is left. */
export interface BytePairs {
  /** The number of tokens in the first `length` bytes. */
  count(bytes: Uint8Array, length: number): number;
  /** The same, with their ids in `ids` until the next call. */
  encode(bytes: Uint8Array, length: number): number;
  readonly ids: Int32Array;
}

/** Up to this many bytes, looking at all pairs for the next merge is fastest. */
const SCANNED = 24;
/** No pair to merge here. Above every rank. */
const NONE = 0x7fffffff;

/** `maxBytes`: the longest piece. Takes time in step with the length, for pieces of equal letters too; js-tiktoken's goes with the cube. */
export function createBytePairs(vocabulary: Vocabulary, maxBytes: number): BytePairs {
  // A token is named by where it starts; `ends` says where it ends, and so where the next one starts.
  const ends = new Int32Array(maxBytes + 1);
  const previous = new Int32Array(maxBytes + 1);
  /** Of the token that starts here together with the one after it. */
  const ranks = new Int32Array(maxBytes + 1);
  /** Of the first bytes, so many. With it the hash of a token takes the same time whatever its length. */
  const hashes = new Int32Array(maxBytes + 1);
  const powers = new Int32Array(maxBytes + 1).fill(1);
  for (let at = 1; at <= maxBytes; at++) powers[at] = Math.imul(powers[at - 1] as number, HASH_BASE);
  // A piece starts with a pair less than it has bytes, and every merge makes two new ones at most.
  const queue = createRankQueue(vocabulary.size, maxBytes * 3);
  const ids = new Int32Array(maxBytes);
  let bytes: Uint8Array = new Uint8Array(0);
  let length = 0;

  function idOf(start: number, end: number): number {
    const hash = ((hashes[end] as number) - Math.imul(hashes[start] as number, powers[end - start] as number)) | 0; // positions stay within the piece, here and below
    return vocabulary.idOf(bytes, start, end, mixed(hash, end - start));
  }

  function rankAt(start: number): number {
    const middle = ends[start] as number;
    if (middle >= length) return NONE;
    const id = idOf(start, ends[middle] as number);
    return id === -1 ? NONE : id;
  }

  /** Joins the token at `start` with its successor. Returns the token before it, or -1. */
  function merge(start: number): number {
    const middle = ends[start] as number;
    const end = ends[middle] as number;
    ends[start] = end;
    ranks[middle] = NONE;
    if (end < length) previous[end] = start;
    ranks[start] = rankAt(start);
    const before = previous[start] as number;
    if (before >= 0) ranks[before] = rankAt(before);
    return before;
  }

  function mergeByScan(): void {
    for (;;) {
      let lowest = NONE;
      let where = -1;
      for (let start = 0; start < length; start = ends[start] as number) {
        const rank = ranks[start] as number;
        if (rank < lowest) {
          lowest = rank;
          where = start;
        }
      }
      if (where < 0) return;
      merge(where);
    }
  }

  function mergeByQueue(): void {
    queue.clear();
    for (let start = 0; start < length - 1; start++) if (ranks[start] !== NONE) queue.add(ranks[start] as number, start);
    for (let rank = queue.next(); rank !== -1; rank = queue.next()) {
      for (let place = queue.take(); place !== -1; place = queue.take()) {
        if (ranks[place] !== rank) continue; // a merge beside it made another pair of it, or none
        let start = place;
        let before = merge(start);
        // Only a pair that was just made can be below all others.
        for (;;) {
          const [own, other] = [ranks[start] as number, before < 0 ? NONE : (ranks[before] as number)];
          if (Math.min(own, other) >= rank) break;
          if (other <= own) start = before;
          before = merge(start);
        }
        if (ranks[start] !== NONE) queue.add(ranks[start] as number, start);
        if (before >= 0 && ranks[before] !== NONE) queue.add(ranks[before] as number, before);
      }
    }
  }

  /** True when the piece is one token, whose id is the first. */
  function split(piece: Uint8Array, pieceLength: number): boolean {
    bytes = piece;
    length = pieceLength;
    for (let at = 0; at < length; at++) hashes[at + 1] = nextHash(hashes[at] as number, piece[at] as number);
    const whole = idOf(0, length);
    if (whole !== -1) {
      ids[0] = whole;
      return true;
    }
    for (let start = 0; start < length; start++) {
      ends[start] = start + 1;
      previous[start] = start - 1;
      const id = start + 1 < length ? vocabulary.idOfPair(piece[start] as number, piece[start + 1] as number) : -1;
      ranks[start] = id === -1 ? NONE : id;
    }
    if (length <= SCANNED) mergeByScan();
    else mergeByQueue();
    return false;
  }

  return {
    ids,
    count(piece, pieceLength) {
      if (split(piece, pieceLength)) return 1;
      let count = 0;
      for (let start = 0; start < length; start = ends[start] as number) count++;
      return count;
    },
    encode(piece, pieceLength) {
      if (split(piece, pieceLength)) return 1;
      let count = 0;
      for (let start = 0; start < length; start = ends[start] as number) ids[count++] = idOf(start, ends[start] as number);
      return count;
    },
  };
}
