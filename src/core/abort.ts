// A listener on a long-lived signal costs memory until it is removed, and Node warns from the eleventh on. So each signal
// gets one native listener however many layers wait on it, and none once the last of them has gone.
const fans = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `listener` once when `signal` fires (at once if it has). Returns the undo. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return nothing;
  }
  let fan = fans.get(signal);
  if (fan === undefined) {
    fan = new Set();
    fans.set(signal, fan);
    signal.addEventListener('abort', fire, { once: true });
  }
  const listeners = fan;
  // An own function each time: the same listener given twice counts twice.
  const entry = (): void => listener();
  listeners.add(entry);
  return () => {
    if (!listeners.delete(entry) || listeners.size > 0 || fans.get(signal) !== listeners) return;
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

/** Aborts `controller` with the reason of `signal` when that fires. Returns the undo. */
export function follow(controller: AbortController, signal: AbortSignal): () => void {
  return onAbort(signal, () => controller.abort(signal.reason));
}

function fire(this: AbortSignal): void {
  const listeners = fans.get(this);
  fans.delete(this);
  if (listeners !== undefined) for (const listener of listeners) listener();
}

function nothing(): void {}
