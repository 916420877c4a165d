// Lives through many seeds, on every core, or through one of them with its story: npm run test:simulate -- [--seed N | --seeds N] [--from N]
import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { simulate } from './run.ts';
import { storyOf } from './story.ts';

/** Seeds from one to another, the second left out. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** What a process tells of a range. */
interface Tally {
  readonly seeds: number;
  readonly calls: number;
  readonly attempts: number;
  readonly failures: readonly { readonly seed: number; readonly broken: readonly string[] }[];
}

const RANGE = 250;
const SHOWN = 20;
const WORKER = '--worker';

if (process.argv.includes(WORKER)) work();
else await main();

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seed: { type: 'string' }, seeds: { type: 'string', default: '100000' }, from: { type: 'string', default: '1' } } });
  if (values.seed !== undefined) {
    const simulation = await simulate(numberOf(values.seed));
    say(storyOf(simulation));
    process.exitCode = simulation.broken.length === 0 ? 0 : 1;
    return;
  }
  const from = numberOf(values.from);
  await everySeed({ from, to: from + numberOf(values.seeds) });
}

async function everySeed({ from, to }: Range): Promise<void> {
  const startedAt = performance.now();
  const failures: Tally['failures'][number][] = [];
  let seeds = 0;
  let calls = 0;
  let attempts = 0;
  let nextFrom = from;
  let saidAt = startedAt;

  async function keepBusy(): Promise<void> {
    const worker = fork(import.meta.filename, [WORKER]);
    while (nextFrom < to) {
      const range: Range = { from: nextFrom, to: Math.min(to, nextFrom + RANGE) };
      nextFrom = range.to;
      const tally = await ask(worker, range);
      seeds += tally.seeds;
      calls += tally.calls;
      attempts += tally.attempts;
      for (const failure of tally.failures) {
        if (failures.push(failure) <= SHOWN) say(`seed ${failure.seed}:\n${failure.broken.map((problem) => `  ${problem}`).join('\n')}`);
      }
      if (performance.now() - saidAt < 30_000) continue;
      saidAt = performance.now();
      say(`${seeds} seeds, ${failures.length} with broken promises, ${seconds(startedAt)} s`);
    }
    worker.disconnect();
  }

  await Promise.all(Array.from({ length: availableParallelism() }, keepBusy));
  say(`${seeds} seeds (${from} to ${to - 1}), ${calls} calls, ${attempts} attempts, ${failures.length} seeds with broken promises, ${seconds(startedAt)} s`);
  if (failures.length > 0) say('npm run test:simulate -- --seed N tells the story of one');
  process.exitCode = failures.length === 0 ? 0 : 1;
}

function ask(worker: ChildProcess, range: Range): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error(`a process ended between the seeds ${range.from} and ${range.to}`));
    worker.once('exit', ended);
    worker.once('message', (tally) => {
      worker.off('exit', ended);
      resolve(tally as Tally); // from this same file
    });
    worker.send(range);
  });
}

/** Ends when its parent disconnects. */
function work(): void {
  process.on('message', (range) => void live(range as Range).then((tally) => process.send?.(tally))); // from this same file
}

async function live({ from, to }: Range): Promise<Tally> {
  const failures: Tally['failures'][number][] = [];
  let calls = 0;
  let attempts = 0;
  for (let seed = from; seed < to; seed++) {
    const simulation = await simulate(seed);
    calls += simulation.calls.length;
    attempts += simulation.visits.length;
    if (simulation.broken.length > 0) failures.push({ seed, broken: simulation.broken });
  }
  return { seeds: to - from, calls, attempts, failures };
}

function numberOf(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new Error(`wanted a whole number, got ${value}`);
  return number;
}

function seconds(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
