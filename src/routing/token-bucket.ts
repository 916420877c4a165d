/**
 * Holds up to `capacity` and refills evenly. What is taken before it is there is owed: who took it waits, and who comes
 * later waits longer, so that nobody overtakes. Moments are milliseconds on one clock that does not go back.
 */
export interface TokenBucket {
  /** Milliseconds until `amount` is there; 0: it is. More than the bucket can hold is there when the bucket is full. */
  waitMs(amount: number, now: number): number;
  /** Takes `amount`, there or not. A negative amount goes back. */
  take(amount: number, now: number): void;
  /** Somebody knows better: this much is in it now. */
  set(level: number, size: BucketSize, now: number): void;
}

export interface BucketSize {
  readonly capacity: number;
  /** From empty to full, in milliseconds. */
  readonly refillMs: number;
}

export function createTokenBucket(size: BucketSize, now: number): TokenBucket {
  let { capacity, refillMs } = size;
  let level = capacity;
  let at = now;

  function refill(moment: number): void {
    if (moment > at) {
      level = Math.min(capacity, level + ((moment - at) * capacity) / refillMs);
      at = moment;
    }
  }

  return {
    waitMs(amount, now) {
      refill(now);
      const missing = Math.min(amount, capacity) - level;
      return missing <= 0 ? 0 : (missing * refillMs) / capacity;
    },
    take(amount, now) {
      refill(now);
      level = Math.min(capacity, level - amount);
    },
    set(known, next, now) {
      ({ capacity, refillMs } = next);
      level = Math.min(capacity, known);
      at = now;
    },
  };
}
