import type { Decision, Fact, Target } from '../types/report.js';

/** Everything decided during one call, in order. */
export interface Trace {
  readonly callId: string;
  /** The model as the caller asked for it. */
  readonly requested: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly decisions: readonly Decision[];
  /** `at` is filled in. */
  record(by: string, fact: Fact, about?: { readonly target: Target; readonly index?: number }): void;
  /** Called with every decision from now on. A listener that throws is not heard of again by this decision only. Returns the undo. */
  subscribe(listener: (decision: Decision) => void): () => void;
}

export function createTrace(callId: string, requested: string, onDecision?: (decision: Decision, callId: string) => void): Trace {
  const decisions: Decision[] = [];
  let listeners: Set<(decision: Decision) => void> | undefined;

  function tell(decision: Decision): void {
    try {
      onDecision?.(decision, callId);
    } catch {
      // a broken listener must not break the call it watches
    }
    if (listeners === undefined) return;
    for (const listener of listeners) {
      try {
        listener(decision);
      } catch {
        // the same
      }
    }
  }

  return {
    callId,
    requested,
    startedAt: Date.now(),
    decisions,
    record(by, fact, about) {
      const at = Date.now();
      const target = about === undefined ? undefined : targetName(about.target);
      const index = about?.index;
      // Spelled out, because every attempt comes by here twice and a spread that may be empty costs as much as one that is not.
      const decision: Decision = target === undefined ? { by, at, ...fact } : index === undefined ? { by, at, target, ...fact } : { by, at, target, index, ...fact };
      decisions.push(decision);
      if (onDecision !== undefined || listeners !== undefined) tell(decision);
    },
    subscribe(listener) {
      (listeners ??= new Set()).add(listener);
      return () => listeners?.delete(listener);
    },
  };
}

/** `provider/model`, the way callers write it. */
export function targetName(target: Target): string {
  return `${target.provider}/${target.model}`;
}
