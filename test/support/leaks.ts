import { createHook } from 'node:async_hooks';

/** What a piece of work left behind, by kind: timers count even when they are unref'd, which `process.getActiveResourcesInfo()` does not show. */
export interface LeakWatch {
  /** Kinds with something left, after waiting for what is on its way out. */
  left(): Promise<Readonly<Record<string, number>>>;
  stop(): void;
}

const WATCHED: ReadonlySet<string> = new Set(['Timeout', 'TCPWRAP', 'TLSWRAP', 'TCPSERVERWRAP']);

export function watchLeaks(): LeakWatch {
  const open = new Map<number, string>();
  const hook = createHook({
    init(id, type) {
      if (WATCHED.has(type)) open.set(id, type);
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
      const until = performance.now() + 1000;
      while (open.size > 0 && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
      return count();
    },
    stop: () => void hook.disable(),
  };
}
