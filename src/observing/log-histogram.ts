import type { Percentiles } from '../types/stats.js';

/** Each bucket is a tenth wider than the one before, so that its middle is within 5 % of every value in it. */
const GROWTH = 1.1;
const LOG_GROWTH = Math.log(GROWTH);
/** The upper end of the first bucket, in milliseconds, and the number of them: the last ends beyond nine hours. */
const SMALLEST = 0.01;
const BUCKETS = 230;

/** Durations counted by bucket, in a few kilobytes however many there are. */
export class DurationCounts {
  readonly counts = new Map<number, number>();
  max = 0;

  add(milliseconds: number): void {
    if (!(milliseconds >= 0)) return; // no number at all is no duration
    const bucket = milliseconds <= SMALLEST ? 0 : Math.min(BUCKETS, Math.ceil(Math.log(milliseconds / SMALLEST) / LOG_GROWTH));
    this.counts.set(bucket, (this.counts.get(bucket) ?? 0) + 1);
    if (milliseconds > this.max) this.max = milliseconds;
  }
}

/** Of everything in these together. */
export function percentiles(parts: readonly DurationCounts[]): Percentiles | undefined {
  const counts = new Map<number, number>();
  let total = 0;
  let max = 0;
  for (const part of parts) {
    for (const [bucket, count] of part.counts) {
      counts.set(bucket, (counts.get(bucket) ?? 0) + count);
      total += count;
    }
    max = Math.max(max, part.max);
  }
  if (total === 0) return undefined;
  const buckets = [...counts].toSorted(([one], [other]) => one - other);
  const at = (share: number): number => {
    let left = Math.ceil(total * share);
    for (const [bucket, count] of buckets) {
      left -= count;
      if (left <= 0) return Math.min(max, middleOf(bucket));
    }
    return max;
  };
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max };
}

function middleOf(bucket: number): number {
  return bucket === 0 ? SMALLEST : (SMALLEST * GROWTH ** bucket * 2) / (GROWTH + 1);
}
