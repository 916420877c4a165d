import CircuitBreaker, { type Options, type RotateBucketController } from 'opossum';

export type BreakerStateName = 'closed' | 'open' | 'half-open';

export interface BreakerStateOptions {
  /** 0 to 1: it opens when this share of the window's outcomes failed. */
  readonly failureRate: number;
  /** Milliseconds. */
  readonly windowMs: number;
  /** With fewer outcomes in the window nothing opens. */
  readonly minOutcomes: number;
}

/** A rolling window of outcomes, and the state that follows from it. It is told what happened; it never runs the work. */
export interface BreakerState {
  /** `open` turns into `half-open` by itself, when its time is over. */
  readonly name: BreakerStateName;
  succeeded(): void;
  /** True when this opened it: past the threshold while closed, at once while half-open. It stays open for `openMs` then. */
  failed(openMs: number): boolean;
  /** Stops its timer. It must not be told anything after that. */
  shutdown(): void;
}

/** The window moves on in steps of a tenth: opossum's own default. */
const BUCKETS = 10;

/** The one place that knows opossum. Its events carry what `fire` was given, so that is a boolean and never the call. */
export function createBreakerState({ failureRate, windowMs, minOutcomes }: BreakerStateOptions): BreakerState {
  const clock = createWindowClock(windowMs / BUCKETS);
  const options: Options = {
    timeout: false, // it would let the work go on and forget its result
    errorThresholdPercentage: failureRate * 100 - ROUNDING, // opossum opens above its threshold, not at it
    volumeThreshold: minOutcomes,
    rollingCountTimeout: windowMs,
    rollingCountBuckets: BUCKETS,
    rollingPercentilesEnabled: false, // sorts every latency of the window at every failure
    enableSnapshots: false, // a timer for each breaker
    rotateBucketController: clock.controller,
    resetTimeout: 0, // set before each failure: opossum reads it when it opens
  };
  const breaker = new CircuitBreaker(act, options);

  return {
    get name() {
      if (breaker.opened) return 'open';
      return breaker.halfOpen ? 'half-open' : 'closed';
    },
    succeeded() {
      clock.catchUp();
      void breaker.fire(false);
    },
    failed(openMs) {
      clock.catchUp();
      options.resetTimeout = openMs;
      breaker.fire(true).catch(told);
      return breaker.opened;
    },
    shutdown: () => breaker.shutdown(),
  };
}

/** Less than any share of whole outcomes differs from another. */
const ROUNDING = 1e-9;
const SUCCESS = Promise.resolve();
const FAILURE = new Error('the target failed');

/** Throws rather than rejects: then opossum has changed its state when `fire` returns, not some microtasks later. */
function act(failed: boolean): Promise<void> {
  if (failed) throw FAILURE;
  return SUCCESS;
}

/** `fire` rejects with the failure it was told of. */
function told(): void {}

/**
 * Turns the window by the clock when it is next used, in place of opossum's interval: a thousand idle breakers with a
 * timer each cost 2.3 % of a core, and without one they cost nothing.
 */
function createWindowClock(bucketMs: number): { readonly controller: RotateBucketController; catchUp(): void } {
  let turn: (() => void) | undefined;
  let turnedAt = performance.now();
  return {
    controller: {
      on: (_event, listener) => void (turn = listener),
      removeListener: () => void (turn = undefined),
      listenerCount: () => (turn === undefined ? 0 : 1),
    },
    catchUp() {
      const passed = Math.floor((performance.now() - turnedAt) / bucketMs);
      if (passed <= 0) return;
      turnedAt += passed * bucketMs;
      for (let turns = Math.min(passed, BUCKETS); turns > 0; turns--) turn?.();
    },
  };
}
