import { ARMS, type ArmName } from './arms.ts';
import { evaluate, run } from './processes.ts';
import { median } from './statistics.ts';

/** What a program writes to get ready for its first call. */
const IMPORTS = {
  headgate: ['headgate'],
  'headgate and its openai provider': ['headgate', 'headgate/providers/openai'],
  undici: ['undici'],
  openai: ['openai'],
  'ai and @ai-sdk/openai': ['ai', '@ai-sdk/openai'],
} as const;

type Imported = keyof typeof IMPORTS;

/** Milliseconds, each a median over processes that did nothing before. */
export async function importTimes(processes: number): Promise<ReadonlyMap<Imported, number>> {
  const wanted = Object.keys(IMPORTS) as Imported[];
  return medians(wanted, processes, (name) => evaluate(`const start = performance.now(); ${IMPORTS[name].map((specifier) => `await import('${specifier}');`).join(' ')} console.log(performance.now() - start);`));
}

/** Milliseconds from nothing loaded to the first answer, by title; each a median over processes. */
export async function firstCallTimes(url: string, arms: readonly ArmName[], processes: number): Promise<ReadonlyMap<string, number>> {
  const times = await medians(arms, processes, (arm) => run('first-call.ts', [arm, url]));
  return new Map([...times].map(([arm, ms]) => [ARMS[arm].title, ms]));
}

/** One process of each kind after the other, and again, so that a busy moment of the machine hits all alike. */
async function medians<Name extends string>(names: readonly Name[], processes: number, measure: (name: Name) => Promise<unknown>): Promise<ReadonlyMap<Name, number>> {
  const samples = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < processes; round++) {
    for (const [name, values] of samples) values.push((await measure(name)) as number); // each writes one number
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}
