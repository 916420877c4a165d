/** What estimates of one gateway are off by, for each target, learned from the counts that providers report. */
export interface Correction {
  /** Whether this call of a target should be learned from: its first few are, then one in many, so that the cost of a call stays flat. */
  isDue(target: string): boolean;
  /** `estimated` and `reported`: tokens of the same request. Counts that are no positive numbers, and small ones, are ignored. */
  learn(target: string, estimated: number, reported: number): void;
  /** To multiply an estimate with. 1 until something is known; never outside 1/4 to 4. */
  factor(target: string): number;
}

/** Below this many tokens what goes around a message hides how long its text is. */
const WORTH_LEARNING = 50;
const FIRST = 8;
const THEN_ONE_IN = 64;
/** One call may move the answer so far, as a logarithm: a hidden prompt or a picture counted wrongly must not decide. */
const LARGEST_STEP = Math.log(1.5);
const LARGEST_FACTOR = Math.log(4);
/** The weight of the newest of many. */
const SLOWEST = 1 / 16;

interface Learned {
  calls: number;
  samples: number;
  /** Of reported over estimated: the mean of its logarithm, so that twice and half weigh the same. */
  logRatio: number;
}

/** `maxTargets`: beyond it the one learned of first is forgotten. */
export function createCorrection(maxTargets = 1000): Correction {
  const targets = new Map<string, Learned>();

  function entry(target: string): Learned {
    let known = targets.get(target);
    if (known === undefined) {
      if (targets.size >= maxTargets) for (const oldest of targets.keys()) { targets.delete(oldest); break; }
      known = { calls: 0, samples: 0, logRatio: 0 };
      targets.set(target, known);
    }
    return known;
  }

  return {
    isDue(target) {
      const known = entry(target);
      const { calls } = known;
      known.calls++;
      return calls < FIRST || calls % THEN_ONE_IN === 0;
    },
    learn(target, estimated, reported) {
      if (!(Number.isFinite(estimated) && Number.isFinite(reported) && estimated >= WORTH_LEARNING && reported > 0)) return;
      const known = entry(target);
      known.samples++;
      const observed = clamp(Math.log(reported / estimated), LARGEST_FACTOR);
      // The first is not believed whole either: it moves the mean by half.
      const weight = Math.max(1 / (known.samples + 1), SLOWEST);
      known.logRatio += clamp((observed - known.logRatio) * weight, LARGEST_STEP);
    },
    factor(target) {
      const known = targets.get(target);
      return known === undefined ? 1 : Math.exp(known.logRatio);
    },
  };
}

function clamp(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
