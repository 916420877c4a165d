import { createHook } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a piece of work left behind, by kind: timers count even when they are unref'd, which `process.getActiveResourcesInfo()` does not show. */
export interface LeakWatch {
  /** Kinds with something left, after waiting for what is on its way out. */
  left(): Promise<Readonly<Record<string, number>>>;
  stop(): void;
}

const WATCHED: ReadonlySet<string> = new Set(['Timeout', 'TCPWRAP', 'TLSWRAP', 'TCPSERVERWRAP']);

/** One timer for all: undici's clock, and the date that servers of node:http keep. Both stop by themselves within a second of their last user. */
export const SHARED_TIMERS = /undici\/(?:lib\/util\/timers\.js|undici:)|node:internal\/http:/;

/** `but`: what was begun by code whose stack matches is not counted. */
export function watchLeaks({ but }: { readonly but?: RegExp } = {}): LeakWatch {
  const open = new Map<number, string>();
  const hook = createHook({
    init(id, type) {
      if (WATCHED.has(type) && but?.test(new Error('who began it').stack ?? '') !== true) open.set(id, type);
    },
    destroy(id) {
      open.delete(id);
    },
  }).enable();

  function count(): Record<string, number> {
    const kinds: Record<string, number> = {};
    for (const kind of open.values()) kinds[kind] = (kinds[kind] ?? 0) + 1;
    return kinds;
  }

  return {
    async left() {
      // Looked at without timers of our own, which would be counted.
      const startedAt = performance.now();
      let collected = false;
      while (open.size > 0 && performance.now() - startedAt < 1000) {
        await new Promise((resolve) => setImmediate(resolve));
        if (collected || performance.now() - startedAt < 50) continue;
        collected = true;
        // A TLS handle counts as destroyed when it is collected, however long its socket has been closed.
        if (count()['TLSWRAP'] !== undefined) collect();
      }
      return count();
    },
    stop: () => void hook.disable(),
  };
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void; // what the flag puts there
  gc();
}
