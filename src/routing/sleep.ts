import { onAbort } from '../core/abort.js';

/** Waits; rejects with the signal's reason as soon as it fires. Leaves neither timer nor listener. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(() => {
      undo();
      resolve();
    }, ms);
    const undo = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
