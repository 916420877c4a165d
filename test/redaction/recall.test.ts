import { describe, expect, it } from 'vitest';
import { haveFixtures } from '../support/fixtures.js';
import { KNOWN_FLAGS, KNOWN_MISSES } from './known-misses.js';
import { measureRecall } from './recall.js';

describe.skipIf(!haveFixtures)('on samples that others made (skipped without the shared recordings)', async () => {
  const { kinds, secrets } = haveFixtures ? await measureRecall() : { kinds: [], secrets: undefined };
  const all = [...kinds, ...(secrets === undefined ? [] : [secrets])];

  it.each(all)('$name is caught wherever it is, but for rows with a reason', ({ missed, positives }) => {
    const unexplained = missed.filter((id) => KNOWN_MISSES[id] === undefined);
    expect(unexplained).toEqual([]);
    expect(unexplained.length).toBeLessThanOrEqual(positives * 0.02);
  });

  it.each(all)('$name is seen nowhere else, but for rows with a reason', ({ flagged }) => {
    expect(flagged.filter((id) => KNOWN_FLAGS[id] === undefined)).toEqual([]);
  });

  it('every reason still has its row', () => {
    expect(Object.keys(KNOWN_MISSES).toSorted()).toEqual(all.flatMap(({ missed }) => missed).toSorted());
    expect(Object.keys(KNOWN_FLAGS).toSorted()).toEqual(all.flatMap(({ flagged }) => flagged).toSorted());
  });
});
