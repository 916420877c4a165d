// What a stream that waits costs its reader: many of them, each after its first chunk. Writes JSON and ends.
import { ARMS, type ArmName } from './arms.ts';

export interface IdleStreams {
  /** KiB each. Heap: used, external and array buffers. */
  readonly heap: number;
  readonly resident: number;
}

const STREAMS = 500;

const [name, url] = process.argv.slice(2) as [ArmName, string]; // our parent gives them
const open = await ARMS[name].load();
const arm = open(url);

// Everything is loaded and compiled before it counts.
await Promise.all(Array.from({ length: 50 }, () => arm.stream('bunches')));
const before = await settledMemory();
for (let opened = 0; opened < STREAMS; opened += 50) await Promise.all(Array.from({ length: 50 }, begin));
const after = await settledMemory();
const figures: IdleStreams = { heap: (after.heap - before.heap) / STREAMS / 1024, resident: (after.resident - before.resident) / STREAMS / 1024 };
console.log(JSON.stringify(figures));
process.exit(0);

/** Resolves with the first chunk; the stream stays. */
function begin(): Promise<void> {
  return new Promise((resolve, reject) => {
    arm.stream('idle', resolve).then(() => reject(new Error('a stream that should wait has ended')), reject);
  });
}

async function settledMemory(): Promise<IdleStreams> {
  for (let turn = 0; turn < 5; turn++) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed + external + arrayBuffers, resident: rss };
}
