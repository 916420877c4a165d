// What the tokenizers' patterns ask of a character. Looked up, because asking a regular expression for each would take longer than all the rest.

export const UPPER = 0; // Lu, Lt
export const LOWER = 1; // Ll
export const EITHER = 2; // Lm, Lo: letters without case
export const MARK = 3; // M
export const NUMBER = 4; // N
export const NEWLINE = 5; // \r and \n
export const SPACE = 6; // the rest of \s
export const OTHER = 7;

/** In the order of their numbers. Written with u as the tokenizers' own patterns are, so that both speak of the same Unicode. */
const PATTERNS = [/[\p{Lu}\p{Lt}]+/gu, /\p{Ll}+/gu, /[\p{Lm}\p{Lo}]+/gu, /\p{M}+/gu, /\p{N}+/gu, /[\r\n]+/gu, /[^\S\r\n]+/gu];

const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;
/** By the first bits of the code point; made when one of its characters is met. */
const blocks: (Uint8Array | undefined)[] = Array.from({ length: 0x110000 >> BLOCK_BITS });

export function classOf(codePoint: number): number {
  const block = blocks[codePoint >> BLOCK_BITS] ?? makeBlock(codePoint >> BLOCK_BITS);
  return block[codePoint & (BLOCK - 1)] as number; // the mask keeps it inside
}

function makeBlock(index: number): Uint8Array {
  const block = new Uint8Array(BLOCK).fill(OTHER);
  const first = index << BLOCK_BITS;
  // Halves of pairs are OTHER to the patterns too, and would join if they stood in one text.
  const isText = (codePoint: number): boolean => codePoint < 0xd800 || codePoint > 0xdfff;
  let text = '';
  const places: number[] = [];
  for (let offset = 0; offset < BLOCK; offset++) {
    if (!isText(first + offset)) continue;
    const character = String.fromCodePoint(first + offset);
    for (let unit = 0; unit < character.length; unit++) places.push(offset);
    text += character;
  }
  PATTERNS.forEach((pattern, value) => {
    for (const { 0: run, index: at } of text.matchAll(pattern)) for (let unit = at; unit < at + run.length; unit++) block[places[unit] ?? 0] = value;
  });
  blocks[index] = block;
  return block;
}
