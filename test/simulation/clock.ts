/** Time as the simulated process sees it. Nothing passes but what it is told to let pass. */
export interface Clock {
  /** Milliseconds on the clock that only goes forward. */
  readonly now: number;
  /** Timers that would fire some day. */
  readonly pending: number;
  /** Lets time pass; each timer fires when it is due, and all that follows from it has happened before the next. */
  pass(ms: number): Promise<void>;
  /** The process stands still: time passes, and what was due meanwhile fires late. */
  suspend(ms: number): Promise<void>;
  /** Somebody sets the clock on the wall. */
  setBy(ms: number): void;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Gives the real clocks back. */
  uninstall(): void;
}

interface Timer {
  at: number;
  readonly order: number;
  readonly run: () => void;
}

/** A real setTimeout takes what does not fit into 31 bits for 1. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Puts itself in place of setTimeout, Date.now and performance.now. Fake timers made for tests give every timer a turn of
 * the real event loop with a millisecond's pause; this one needs a hundredth of that.
 */
export function installClock(startAt: number): Clock {
  const real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, dateNow: Date.now };
  const timers = new Map<object, Timer>();
  let now = 0;
  let offset = startAt;
  let order = 0;

  function set(callback: (...values: unknown[]) => void, ms: number = 1, ...values: unknown[]): object {
    const delay = ms >= 1 && ms <= MAX_DELAY_MS ? Math.trunc(ms) : 1;
    const handle = { unref: () => handle, ref: () => handle, hasRef: () => true };
    timers.set(handle, { at: now + delay, order: ++order, run: () => callback(...values) });
    return handle;
  }

  function clear(handle: object | undefined): void {
    if (handle !== undefined) timers.delete(handle);
  }

  /** Fires the next timer that is due, if there is one. */
  async function fire(until: number): Promise<boolean> {
    let next: [object, Timer] | undefined;
    for (const entry of timers) {
      if (entry[1].at > until) continue;
      if (next === undefined || entry[1].at < next[1].at || (entry[1].at === next[1].at && entry[1].order < next[1].order)) next = entry;
    }
    if (next === undefined) return false;
    const [handle, timer] = next;
    timers.delete(handle);
    now = Math.max(now, timer.at);
    timer.run();
    await settle();
    return true;
  }

  Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  Date.now = () => offset + now;
  // `now` lives on the prototype: an own property hides it, and goes without a trace.
  Object.defineProperty(performance, 'now', { value: () => now, configurable: true });

  return {
    get now() {
      return now;
    },
    get pending() {
      return timers.size;
    },
    async pass(ms) {
      await settle();
      const until = now + ms;
      while (await fire(until)) continue;
      now = until;
    },
    async suspend(ms) {
      await settle();
      now += ms;
      const until = now;
      while (await fire(until)) continue;
    },
    setBy(ms) {
      offset += ms;
    },
    settle,
    uninstall() {
      Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
      Date.now = real.dateNow;
      Reflect.deleteProperty(performance, 'now');
    },
  };
}

/** All microtasks have run when the event loop comes round. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
