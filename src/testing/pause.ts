/** Waits, or rejects with the signal's reason when it fires. `Infinity` waits for the signal alone, without a timer. */
export function pause(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    // A timer of Infinity would fire at once.
    const timer = delayMs === Infinity ? undefined : setTimeout(done, delayMs);
    signal?.addEventListener('abort', stop);
    function done(): void {
      signal?.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      reject(signal?.reason);
    }
  });
}
