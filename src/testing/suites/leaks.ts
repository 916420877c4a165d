import { must } from './suite.js';

/** A rejection that nobody handles ends a Node process: what is tested must not leave one, however it failed. */
export async function withoutUnhandled(run: () => Promise<void>): Promise<void> {
  if (typeof process === 'undefined') return run();
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  try {
    await run();
    // Node tells of them after the microtasks of the turn in which nobody took them.
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    process.off('unhandledRejection', listener);
  }
  must(unhandled.length === 0, 'no rejection may be left unhandled', unhandled[0]);
}

/** Watches the timers made from now on. */
export interface TimerWatch {
  /** Fails the case when timers that keep the process alive are still there after a moment. */
  mustBeGone(): Promise<void>;
  stop(): void;
}

export async function watchTimers(): Promise<TimerWatch> {
  const hooks = await import('node:async_hooks').catch(() => undefined);
  if (hooks === undefined) return { mustBeGone: async () => {}, stop: () => {} }; // not on Node: nobody can tell
  const open = new Map<number, { hasRef?(): boolean }>();
  const hook = hooks
    .createHook({
      init(id, type, _trigger, resource: { hasRef?(): boolean }) {
        if (type === 'Timeout') open.set(id, resource);
      },
      destroy(id) {
        open.delete(id);
      },
    })
    .enable();
  const left = (): number => [...open.values()].filter((timer) => timer.hasRef?.() !== false).length;
  return {
    async mustBeGone() {
      const end = performance.now() + GONE_WITHIN_MS;
      // By turns of the event loop: waiting by timers would find its own.
      while (left() > 0 && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
      must(left() === 0, 'every timer must be gone', left());
    },
    stop() {
      hook.disable();
    },
  };
}

/** Node tells of a cleared timer a little later, in milliseconds. */
const GONE_WITHIN_MS = 300;

/** A signal that knows how many listeners it has. */
export function countingSignal(): { readonly signal: AbortSignal; count(): number } {
  const { signal } = new AbortController();
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions) => {
    listeners.add(listener);
    addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions) => {
    listeners.delete(listener);
    removeEventListener.call(signal, type, listener, options);
  };
  return { signal, count: () => listeners.size };
}
