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
  const calls = new Set<OpenCall>();
  let idle: (() => void) | undefined;
  return {
    add: (call) => void calls.add(call),
    delete(call) {
      if (calls.delete(call) && calls.size === 0) idle?.();
    },
    async drain(graceMs) {
      if (calls.size === 0) return;
      const drained = new Promise<void>((resolve) => (idle = resolve));
      const timer = setTimeout(() => {
        for (const call of calls) call.abort(new CancelledError('cancelled', 'the gateway was closed while the call was under way'));
      }, graceMs);
      await drained;
      clearTimeout(timer);
    },
  };
}
