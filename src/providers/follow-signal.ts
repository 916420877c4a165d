/** A signal of our own that fires with another one, until told to stop. */
export interface Following {
  readonly signal: AbortSignal;
  /** Fires it now. */
  abort(): void;
  /** Takes the listener away: a signal that lives long must not collect one for every call. */
  stop(): void;
}

/** Vendor clients leave listeners on the signal they are given; ours is left to them instead, and goes with the call. */
export function followSignal(signal: AbortSignal): Following {
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  const stop = (): void => signal.removeEventListener('abort', follow);
  return {
    signal: controller.signal,
    abort() {
      stop();
      controller.abort();
    },
    stop,
  };
}
