import { isContent } from '../message/content.js';
import type { ChatDelta } from '../types/stream.js';

/** Times between chunks, told at the stream's end: what they are told with is known only then, and a chunk costs a look at the clock. */
export interface ChunkClock {
  readonly see: (delta: ChatDelta) => void;
  /** Gives every gap so far to `take`, in seconds, and forgets it. */
  drain(take: (seconds: number) => void): void;
}

/** Gaps kept. A stream of more chunks than that tells of the first ones only: by then another one changes no percentile. */
const MAX_KEPT = 100_000;

export function createChunkClock(): ChunkClock {
  let gaps: number[] = [];
  let last: number | undefined;
  return {
    see(delta) {
      if (!isContent(delta)) return;
      const now = performance.now();
      if (last !== undefined && gaps.length < MAX_KEPT) gaps.push(now - last);
      last = now;
    },
    drain(take) {
      const taken = gaps;
      gaps = [];
      for (const milliseconds of taken) take(milliseconds / 1000);
    },
  };
}
