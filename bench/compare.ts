import { ARMS, type ArmName } from './arms.ts';
import { companion } from './processes.ts';
import type { SliceOrder } from './slice.ts';
import { median } from './statistics.ts';

export interface Comparison extends SliceOrder {
  /** Slices of each arm that count. */
  readonly rounds: number;
  /** Of each arm before that, in milliseconds, while its code is compiled and its sockets are opened. */
  readonly warmUpMs: number;
}

/** One arm's figures over all rounds. */
export interface Measured {
  readonly arm: ArmName;
  readonly title: string;
  /** Median, in microseconds of CPU per call or chunk. */
  readonly micros: number;
  /** Median of the ratios to another arm's slice of the same round. */
  ratioTo(arm: ArmName): number;
}

/** All arms at the same job. They take turns in short slices, so that whatever else the machine does hits all alike. */
export async function compare(url: string, arms: readonly ArmName[], comparison: Comparison): Promise<readonly Measured[]> {
  const { rounds, warmUpMs, ...order } = comparison;
  const runners = await Promise.all(arms.map(async (arm) => ({ arm, samples: [] as number[], process: await companion('client.ts', [arm, url]) })));
  try {
    for (const runner of runners) await runner.process.ask({ ...order, sliceMs: warmUpMs });
    for (let round = 0; round < rounds; round++) {
      // Another one begins each time: nobody always follows the same neighbour.
      const start = round % runners.length;
      for (const runner of [...runners.slice(start), ...runners.slice(0, start)]) runner.samples.push((await runner.process.ask(order)) as number); // what client.ts answers
    }
  } finally {
    for (const runner of runners) runner.process.stop();
  }
  const samplesOf = (name: ArmName): readonly number[] => runners.find(({ arm }) => arm === name)?.samples ?? [];
  return runners.map(({ arm, samples }) => ({
    arm,
    title: ARMS[arm].title,
    micros: median(samples),
    ratioTo: (other) => median(samplesOf(other).map((base, at) => (samples[at] ?? Number.NaN) / base)),
  }));
}
