import type { Arm } from './arms.ts';
import { CHUNKS, lengthOf, type Question } from './scenario.ts';

export interface SliceOrder {
  readonly question: Question;
  /** Calls under way at once. */
  readonly callers: number;
  /** No call begins after it, in milliseconds; those under way end. */
  readonly sliceMs: number;
}

/** Keeps an arm busy for a short while. Gives microseconds of CPU, user and system, of this process: per call, or per chunk of a stream. */
export async function slice(arm: Arm, { question, callers, sliceMs }: SliceOrder): Promise<number> {
  const wanted = lengthOf(question);
  const once = question === 'unary' ? () => arm.call(question) : () => arm.stream(question);
  const until = performance.now() + sliceMs;
  let done = 0;

  async function caller(): Promise<void> {
    do {
      const read = await once();
      if (read < wanted) throw new Error(`an answer of ${wanted} characters gave ${read}`);
      done++;
    } while (performance.now() < until);
  }

  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: callers }, caller));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / done / (question === 'unary' ? 1 : CHUNKS);
}
