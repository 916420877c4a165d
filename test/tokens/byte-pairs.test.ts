import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBytePairs } from '../../src/tokens/byte-pairs.js';
import { createVocabulary } from '../../src/tokens/vocabulary.js';

const LETTERS = ['a', 'b', 'c'];
const word = (minLength: number, maxLength: number) => fc.array(fc.constantFrom(...LETTERS), { minLength, maxLength, size: 'max' }).map((letters) => letters.join(''));

/** In the form that js-tiktoken ships. */
const ranksOf = (tokens: readonly string[]): string => `! 0 ${tokens.map((token) => Buffer.from(token).toString('base64')).join(' ')}`;

/** By definition: the pair of the lowest rank, of equal ones the leftmost, until there is none. */
function merged(text: string, tokens: readonly string[]): readonly string[] {
  const parts = text.split('');
  for (;;) {
    let [lowest, where] = [tokens.length, -1];
    for (let at = 0; at + 1 < parts.length; at++) {
      const rank = tokens.indexOf(`${parts[at]}${parts[at + 1]}`);
      if (rank !== -1 && rank < lowest) [lowest, where] = [rank, at];
    }
    if (where === -1) return tokens.includes(text) ? [text] : parts;
    parts.splice(where, 2, `${parts[where]}${parts[where + 1]}`);
  }
}

describe('merging pairs of bytes', () => {
  it('gives what the definition gives, for any vocabulary and pieces short and long', () => {
    // Vocabularies that no training would make: tokens before their parts, and of parts that are none.
    const vocabularies = fc.uniqueArray(word(2, 5), { minLength: 3, maxLength: 25, size: 'max' }).map((longer) => [...LETTERS, ...longer]);
    fc.assert(
      fc.property(vocabularies, fc.array(fc.oneof(word(1, 10), word(25, 70)), { minLength: 1, maxLength: 8 }), (tokens, pieces) => {
        const pairs = createBytePairs(createVocabulary(ranksOf(tokens)), 70);
        for (const piece of pieces) {
          const count = pairs.encode(new TextEncoder().encode(piece), piece.length);
          const found = Array.from(pairs.ids.subarray(0, count), (id) => tokens[id]);
          if (JSON.stringify(found) !== JSON.stringify(merged(piece, tokens))) return false;
        }
        return true;
      }),
      { numRuns: 3000 },
    );
  });

  it('knows the tokens of every line of a vocabulary by the offset of its line', () => {
    const vocabulary = createVocabulary(`${ranksOf(['a', 'b'])}\n! 7 ${Buffer.from('ab').toString('base64')}`);
    const pairs = createBytePairs(vocabulary, 8);
    expect(pairs.encode(new TextEncoder().encode('aba'), 3)).toBe(2);
    expect([...pairs.ids.subarray(0, 2)]).toEqual([7, 0]);
  });
});
