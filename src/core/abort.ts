// A listener on a long-lived signal costs memory until it is removed, and Node warns from the eleventh on. So each signal
// gets one native listener however many layers wait on it, and none once the last of them has gone. A signal of our own
// gets none at all: who aborts it tells the others.
interface Fan {
  readonly listeners: Set<() => void>;
  /** Fired by its `OwnSignal`, not by an event. */
  readonly own: boolean;
}

const fans = new WeakMap<AbortSignal, Fan>();

/** A signal that only the core aborts. */
export interface OwnSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
}

export function createOwnSignal(): OwnSignal {
  const controller = new AbortController();
  const { signal } = controller;
  fans.set(signal, { listeners: new Set(), own: true });
  return {
    signal,
    abort(reason) {
      if (signal.aborted) return;
      controller.abort(reason);
      tell(signal);
    },
  };
}

/** Calls `listener` once when `signal` fires (at once if it has). Returns the undo. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return nothing;
  }
  let fan = fans.get(signal);
  if (fan === undefined) {
    fan = { listeners: new Set(), own: false };
    fans.set(signal, fan);
    signal.addEventListener('abort', fire, { once: true });
  }
  const { listeners, own } = fan;
  // An own function each time: the same listener given twice counts twice.
  const entry = (): void => listener();
  listeners.add(entry);
  return () => {
    if (!listeners.delete(entry) || listeners.size > 0 || own || fans.get(signal)?.listeners !== listeners) return;
    fans.delete(signal);
    signal.removeEventListener('abort', fire);
  };
}

/** Settles with `work`, or rejects with the signal's reason as soon as it fires, however deaf `work` is to it. */
export function race<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const undo = onAbort(signal, () => reject(signal.reason));
    work.then(
      (value) => {
        undo();
        resolve(value);
      },
      (error: unknown) => {
        undo();
        reject(error);
      },
    );
  });
}

/** Aborts `own` with the reason of `signal` when that fires. Returns the undo. */
export function follow(own: OwnSignal, signal: AbortSignal): () => void {
  return onAbort(signal, () => own.abort(signal.reason));
}

function fire(this: AbortSignal): void {
  tell(this);
}

function tell(signal: AbortSignal): void {
  const fan = fans.get(signal);
  fans.delete(signal);
  if (fan !== undefined) for (const listener of fan.listeners) listener();
}

function nothing(): void {}
