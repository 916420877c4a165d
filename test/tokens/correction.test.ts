import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCorrection } from '../../src/tokens/correction.js';

describe('a correction', () => {
  it('is 1 for a target of which nothing is known', () => {
    expect(createCorrection().factor('a/b')).toBe(1);
  });

  it('comes near what providers report, in a few calls, for each target alone', () => {
    const correction = createCorrection();
    for (let call = 0; call < 8; call++) correction.learn('a/dear', 1000, 1300);
    expect(correction.factor('a/dear')).toBeGreaterThan(1.25);
    expect(correction.factor('a/dear')).toBeLessThan(1.31);
    expect(correction.factor('a/other')).toBe(1);
  });

  it('is moved little by one call that is far off', () => {
    const correction = createCorrection();
    for (let call = 0; call < 20; call++) correction.learn('a/b', 1000, 1000);
    correction.learn('a/b', 1000, 1_000_000);
    expect(correction.factor('a/b')).toBeLessThan(1.15);
  });

  it('follows a target that changes', () => {
    const correction = createCorrection();
    for (let call = 0; call < 50; call++) correction.learn('a/b', 1000, 1000);
    for (let call = 0; call < 50; call++) correction.learn('a/b', 1000, 1500);
    expect(correction.factor('a/b')).toBeGreaterThan(1.4);
  });

  it('stays between a quarter and four, whatever it is told', () => {
    const anything = fc.oneof(fc.double(), fc.constantFrom(0, -1, NaN, Infinity, 1e300, 50, 1000));
    fc.assert(fc.property(fc.array(fc.tuple(anything, anything), { maxLength: 40 }), (told) => {
      const correction = createCorrection();
      for (const [estimated, reported] of told) correction.learn('a/b', estimated, reported);
      const factor = correction.factor('a/b');
      return factor >= 0.2499 && factor <= 4.0001;
    }));
  });

  it('does not learn from short requests, whose overheads say nothing of text', () => {
    const correction = createCorrection();
    for (let call = 0; call < 20; call++) correction.learn('a/b', 10, 30);
    expect(correction.factor('a/b')).toBe(1);
  });

  it('wants the first eight calls of a target, then one in 64', () => {
    const correction = createCorrection();
    const due = Array.from({ length: 640 }, () => correction.isDue('a/b'));
    expect(due.slice(0, 8).every(Boolean)).toBe(true);
    expect(due.slice(8).filter(Boolean)).toHaveLength(9);
  });

  it('remembers no more targets than it may, and forgets the oldest', () => {
    const correction = createCorrection(2);
    for (const target of ['a', 'b', 'c']) correction.learn(target, 1000, 2000);
    expect(['a', 'b', 'c'].map((target) => correction.factor(target) > 1)).toEqual([false, true, true]);
  });
});
