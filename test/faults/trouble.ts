/** What must not happen while a call goes wrong: rejections and exceptions that nobody met, warnings of the process. */
export interface TroubleWatch {
  /** What came so far, after whatever is about to come. */
  seen(): Promise<readonly string[]>;
  stop(): void;
}

const EVENTS = ['unhandledRejection', 'uncaughtExceptionMonitor', 'warning'] as const;

export function watchTrouble(): TroubleWatch {
  const seen: string[] = [];
  const listeners = EVENTS.map((name) => {
    const listener = (what: unknown): void => void seen.push(`${name}: ${String(what)}`);
    process.on(name, listener);
    return () => process.off(name, listener);
  });
  return {
    async seen() {
      // Both are told after the microtasks of a turn.
      for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
      return seen;
    },
    stop() {
      for (const off of listeners) off();
    },
  };
}
