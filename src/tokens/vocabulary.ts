/** Which byte sequences are tokens, and their ids. The id is the rank too: of two merges the one with the smaller id comes first. */
export interface Vocabulary {
  /** One above the greatest id of a token of text. */
  readonly size: number;
  /** Of `bytes` from `start` to `end`, whose hash is `hash`; -1 where that is no token. */
  idOf(bytes: Uint8Array, start: number, end: number, hash: number): number;
  /** The same for two bytes. */
  idOfPair(first: number, second: number): number;
}

/**
 * Reads the ranks as js-tiktoken ships them: lines of `! offset token token …`, each token in base64, their ids counting up
 * from the offset. Two flat arrays and an open hash table: a third of the memory of a Map of strings, and no string to make
 * for a look-up.
 */
export function createVocabulary(ranks: string): Vocabulary {
  const bytes = new Uint8Array(Math.ceil((ranks.length * 3) / 4));
  const starts: number[] = [];
  const ids: number[] = [];
  let used = 0;
  for (const line of ranks.split('\n')) {
    const [, offset, tokens] = /^\S+ (\d+) (.+)$/.exec(line) ?? [];
    if (offset === undefined || tokens === undefined) continue;
    let id = Number(offset);
    let at = 0;
    while (at < tokens.length) {
      starts.push(used);
      ids.push(id++);
      let bits = 0;
      let held = 0;
      for (; at < tokens.length; at++) {
        const code = tokens.charCodeAt(at);
        if (code === SPACE) break;
        if (code === PADDING) continue;
        bits = (bits << 6) | (SIXTETS[code] ?? 0);
        held += 6;
        if (held >= 8) {
          held -= 8;
          bytes[used++] = bits >> held;
          bits &= (1 << held) - 1;
        }
      }
      at++;
    }
  }
  starts.push(used);

  // Each slot holds a token and its hash, side by side: most look-ups are for what is no token, and end there.
  const size = 1 << (32 - Math.clz32(ids.length * 2));
  const slots = new Int32Array(size * 2).fill(-1);
  /** A bit for each hash that is there: small enough to stay in a near cache, where the table is not. */
  const present = new Uint32Array(PRESENT_BITS / 32);
  const pairs = new Int32Array(0x10000).fill(-1);
  let longest = 0;
  for (let entry = 0; entry < ids.length; entry++) {
    const [start = 0, end = 0] = [starts[entry], starts[entry + 1]];
    longest = Math.max(longest, end - start);
    if (end - start === 2) pairs[((bytes[start] ?? 0) << 8) | (bytes[start + 1] ?? 0)] = ids[entry] ?? -1;
    const hash = hashOf(bytes, start, end);
    present[(hash >>> PRESENT_SHIFT) >>> 5] = (present[(hash >>> PRESENT_SHIFT) >>> 5] ?? 0) | (1 << ((hash >>> PRESENT_SHIFT) & 31));
    let slot = hash & (size - 1);
    while (slots[slot * 2] !== -1) slot = (slot + 1) & (size - 1);
    slots[slot * 2] = entry;
    slots[slot * 2 + 1] = hash;
  }
  const entryStarts = Int32Array.from(starts);
  const entryIds = Int32Array.from(ids);
  const text = bytes.slice(0, used);

  return {
    size: ids.reduce((greatest, id) => Math.max(greatest, id), -1) + 1,
    idOf(piece, start, end, hash) {
      if (end - start > longest) return -1;
      if (((present[(hash >>> PRESENT_SHIFT) >>> 5] as number) & (1 << ((hash >>> PRESENT_SHIFT) & 31))) === 0) return -1;
      for (let slot = hash & (size - 1); ; slot = (slot + 1) & (size - 1)) {
        const entry = slots[slot * 2] as number; // the mask keeps it inside
        if (entry === -1) return -1;
        if (slots[slot * 2 + 1] !== hash) continue;
        const from = entryStarts[entry] as number; // entries come from the table
        if ((entryStarts[entry + 1] as number) - from !== end - start) continue;
        let same = 0;
        while (start + same < end && text[from + same] === piece[start + same]) same++;
        if (start + same === end) return entryIds[entry] as number;
      }
    },
    idOfPair: (first, second) => pairs[(first << 8) | second] as number, // two bytes are at most 0xffff
  };
}

const PRESENT_BITS = 1 << 21;
/** From 32 bits of hash to 21: the upper ones, since the table uses the lower. */
const PRESENT_SHIFT = 11;
const SPACE = 0x20;
const PADDING = 0x3d;
const SIXTETS = new Uint8Array(128);
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.split('').forEach((letter, value) => (SIXTETS[letter.charCodeAt(0)] = value));

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = nextHash(hash, bytes[at] as number); // within the callers' bounds
  return mixed(hash, end - start);
}

/** A polynomial, so that the hash of any stretch follows from those of two beginnings: see `createBytePairs`. */
export const HASH_BASE = 0x01000193;

export function nextHash(hash: number, byte: number): number {
  return (Math.imul(hash, HASH_BASE) + byte + 1) | 0;
}

/** The polynomial's lower bits say little: spreads the upper ones over them. */
export function mixed(hash: number, length: number): number {
  const spread = Math.imul(hash ^ (hash >>> 15) ^ length, 0x2c1b3c6d);
  return spread ^ (spread >>> 13);
}
