import { memoryCache } from 'headgate';
import type { Chance } from '../simulation/seed.ts';

export interface MemoryCounts {
  readonly sets: number;
  readonly kept: number;
  /** The most that was ever counted, in bytes. */
  readonly mostBytes: number;
  /** Counted at the end, in bytes. */
  readonly bytes: number;
  /** What the heap grew by, in bytes. Undefined without `--expose-gc`. */
  readonly heapBytes: number | undefined;
  readonly maxBytes: number;
}

/** Many different entries of all sizes, in one byte a character and in two, into a memory that holds a small part of them. */
export async function fill(sets: number, maxBytes: number, chance: Chance): Promise<MemoryCounts> {
  const before = heapUsed();
  const memory = memoryCache({ maxBytes });
  let mostBytes = 0;
  for (let at = 0; at < sets; at++) {
    const key = `headgate:exact:a${at.toString(16).padStart(64, '0')}`;
    // A string of its own, as JSON.stringify makes them: not a rope over one that all share.
    const text = JSON.stringify({ at, text: (chance.maybe(0.2) ? '日' : 'x').repeat(chance.scale(8000)) });
    await memory.set(key, text, { ttlMs: 3_600_000 });
    if (memory.bytes > mostBytes) mostBytes = memory.bytes;
  }
  const after = heapUsed();
  return { sets, kept: memory.size, mostBytes, bytes: memory.bytes, heapBytes: before === undefined || after === undefined ? undefined : after - before, maxBytes };
}

function heapUsed(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  for (let round = 0; round < 4; round++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
