import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRankQueue } from '../../src/tokens/rank-queue.js';

it('a queue gives the lowest rank first, and of one rank the leftmost place first, whatever the order they came in', () => {
  const queue = createRankQueue(10, 200);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 1000 })), { maxLength: 200, size: 'max' }), (entries) => {
      queue.clear();
      for (const [rank, place] of entries) queue.add(rank, place);
      const given: (readonly [number, number])[] = [];
      for (let rank = queue.next(); rank !== -1; rank = queue.next()) for (let place = queue.take(); place !== -1; place = queue.take()) given.push([rank, place]);
      expect(given).toEqual(entries.toSorted(([rank, place], [otherRank, otherPlace]) => rank - otherRank || place - otherPlace));
    }),
  );
});
