import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What this process holds on to. */
export interface Leftovers {
  readonly timers: number;
  readonly sockets: number;
  /** Undefined where the system has no list of them. */
  readonly files: number | undefined;
  /** Bytes, after collecting garbage. */
  readonly heap: number;
}

// What `--expose-gc` gives, without the flag.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Counts timers from now on: `process.getActiveResourcesInfo()` does not show those that are unref'd. */
export function watchLeftovers(): { count(): Promise<Leftovers> } {
  const timers = new Set<object>();
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

  function set(callback: (...values: unknown[]) => void, ms?: number, ...values: unknown[]): NodeJS.Timeout {
    const timer = real.setTimeout(() => {
      timers.delete(timer);
      callback(...values);
    }, ms);
    timers.add(timer);
    return timer;
  }

  function clear(timer: NodeJS.Timeout | undefined): void {
    if (timer !== undefined) timers.delete(timer);
    real.clearTimeout(timer);
  }

  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });

  return {
    async count() {
      for (let turn = 0; turn < 6; turn++) {
        collectGarbage();
        await new Promise((resolve) => real.setTimeout(resolve, 50));
      }
      return {
        timers: timers.size,
        sockets: process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP')).length,
        files: openFiles(),
        heap: process.memoryUsage().heapUsed,
      };
    },
  };
}

function openFiles(): number | undefined {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined; // not on Linux
  }
}
