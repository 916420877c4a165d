import { describe, expect, it } from 'vitest';
import { chanceOf } from '../simulation/seed.ts';
import { crowd } from './crowds.ts';
import { endEverywhere } from './endings.ts';
import { lookUp } from './lookups.ts';
import { fill } from './memory.ts';

// The same at length: npm run test:cache
describe('the exact cache, in short', () => {
  it('hands no tenant the answer of another, to another question, or from before an invalidation', async () => {
    const { foreign, wrong, outdated, hits, joined, misses, invalidations } = await lookUp(20_000, chanceOf(1));
    expect({ foreign, wrong, outdated }).toEqual({ foreign: 0, wrong: 0, outdated: 0 });
    for (const count of [hits, joined, misses, invalidations]) expect(count).toBeGreaterThan(0);
  });

  it('stores no answer that was cut, failed, aborted, left, filtered or refused', async () => {
    const { bad, stored, whole } = await endEverywhere(1500, chanceOf(2));
    expect(bad).toBe(0);
    expect(whole).toBeGreaterThan(100);
    expect(stored).toBeGreaterThanOrEqual(whole);
  });

  it('makes one call for a crowd', async () => {
    expect(await crowd(2, 1000, chanceOf(3))).toMatchObject({ crowds: 2, upstream: 2, wrong: 0 });
  });

  it('stays within its bytes', async () => {
    const { mostBytes, maxBytes, kept } = await fill(20_000, 1024 * 1024, chanceOf(4));
    expect(mostBytes).toBeLessThanOrEqual(maxBytes);
    expect(kept).toBeGreaterThan(100);
  });
});
