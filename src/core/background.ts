import { reduceCause } from '../cause.js';
import type { Trace } from './trace.js';

/** Work that outlives the answer: kept until done, handed to `waitUntil`, awaited by `close()`. */
export interface Background {
  /** A failure becomes a `custom` decision named `background-failed`; it never reaches the caller. */
  add(work: Promise<unknown>, trace: Trace): void;
  /** Resolves when everything added so far, and by that, is done, or after `graceMs`. */
  drain(graceMs: number): Promise<void>;
}

export function createBackground(waitUntil: ((work: Promise<unknown>) => void) | undefined): Background {
  const running = new Set<Promise<void>>();
  return {
    add(work, trace) {
      const guarded: Promise<void> = Promise.resolve(work).then(
        () => void running.delete(guarded),
        (error: unknown) => {
          running.delete(guarded);
          trace.record('core', { what: 'custom', name: 'background-failed', data: { ...reduceCause(error) } });
        },
      );
      running.add(guarded);
      waitUntil?.(guarded);
    },
    async drain(graceMs) {
      const patience = Promise.withResolvers<'late'>();
      const timer = setTimeout(patience.resolve, graceMs, 'late');
      while (running.size > 0) if ((await Promise.race([Promise.all(running), patience.promise])) === 'late') break;
      clearTimeout(timer);
    },
  };
}
