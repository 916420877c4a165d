import { CancelledError } from '../errors.js';
import type { OpenCall } from './open-call.js';

/** The calls that have begun and not ended. */
export interface UnderWay {
  add(call: OpenCall): void;
  delete(call: OpenCall): void;
  /** Resolves when there are none left; those that are still there after `graceMs` are cancelled. */
  drain(graceMs: number): Promise<void>;
}

export function createUnderWay(): UnderWay {
  // No Set: V8 gives a busy one a new table every so often, and old tables that have outlived two small collections
  // hold on to every later call until the next full one.
  const calls: OpenCall[] = [];
  let idle: (() => void) | undefined;
  return {
    add: (call) => void calls.push(call),
    delete(call) {
      const at = calls.indexOf(call);
      if (at === -1) return;
      const last = calls.pop();
      if (last !== undefined && last !== call) calls[at] = last;
      if (calls.length === 0) idle?.();
    },
    async drain(graceMs) {
      if (calls.length === 0) return;
      const drained = new Promise<void>((resolve) => (idle = resolve));
      const timer = setTimeout(() => {
        for (const call of calls) call.abort(new CancelledError('cancelled', 'the gateway was closed while the call was under way'));
      }, graceMs);
      await drained;
      clearTimeout(timer);
    },
  };
}
