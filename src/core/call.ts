import { CancelledError } from '../errors.js';
import type { PriceTable } from '../types/price.js';
import type { AttemptKind, Target } from '../types/report.js';
import { createOwnSignal, follow, type OwnSignal } from './abort.js';
import type { Liveness } from './liveness.js';
import type { Locals } from './locals.js';
import type { OperationName, RequestOf } from './operation.js';
import type { ResolvedRoute } from './route.js';
import { scopeOf, type SCOPE, type Scope } from './scope.js';
import type { Trace } from './trace.js';

export interface CallOf<O extends OperationName> {
  readonly id: string;
  readonly operation: O;
  readonly streaming: boolean;
  readonly request: RequestOf<O>;
  readonly route: ResolvedRoute;
  /** The first candidate until `route` chooses. */
  readonly target: Target;
  /** 1 for the first try of a target. */
  readonly attempt: number;
  readonly kind: AttemptKind;
  /** Fires on the caller's abort, the deadline, or an attempt timeout, whichever layer derived it. `reason` is a GatewayError, and it is what the attempt throws. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch; waits and retries never pass it. */
  readonly deadline: number | undefined;
  /** What the core tells of the attempt while it runs. The last to put one here, so the nearest to the attempt, hears of it. */
  readonly liveness: Liveness | undefined;
  /** Who is calling: `tenant`, `team`, `user`, `app`, `environment`, `feature`, `conversation`, or any of your own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly cache: 'use' | 'refresh' | 'skip';
  /** Prices of this call, before those of the cost meter. */
  readonly prices: PriceTable | undefined;
  readonly strict: boolean;
  /** Extra headers for the provider, validated. */
  readonly headers: Readonly<Record<string, string>>;
  readonly trace: Trace;
  /** One bag per call, shared by every call derived from it. What belongs to one attempt goes into a closure, not here. */
  readonly locals: Locals;
  /** Work the caller need not wait for: kept alive by `waitUntil`, awaited by `close()`. A failure becomes a decision. */
  background(work: Promise<unknown>): void;
  /** @internal */
  readonly [SCOPE]: Scope;
}

/** Distributes, so that `operation` narrows `request`. */
export type Call = { [O in OperationName]: CallOf<O> }[OperationName];

export type CallChanges = Partial<Pick<Call, 'request' | 'target' | 'attempt' | 'kind' | 'signal' | 'deadline' | 'liveness' | 'tags' | 'headers'>>;

/** A changed copy. A `signal` given here is joined to the call's own; a `deadline` can only come nearer, and is enforced. */
export function derive<C extends Call>(call: C, changes: CallChanges): C {
  const nearer = changes.deadline !== undefined && (call.deadline === undefined || changes.deadline < call.deadline) ? changes.deadline : undefined;
  const signal = changes.signal === undefined && nearer === undefined ? call.signal : join(call, changes.signal, nearer);
  // `request` keeps its operation: it was made from this call's own.
  return { ...call, ...changes, signal, deadline: nearer ?? call.deadline } as C;
}

function join(call: Call, own: AbortSignal | undefined, deadline: number | undefined): AbortSignal {
  const joined = createOwnSignal();
  const scope = scopeOf(call);
  const undoFollow = follow(joined, call.signal);
  scope.onEnd(() => {
    undoFollow();
    // An abort is told to the layers above first, and they end the call: those below must hear of it all the same.
    if (call.signal.aborted) joined.abort(call.signal.reason);
  });
  if (own !== undefined) scope.onEnd(follow(joined, own));
  if (deadline !== undefined) scope.onEnd(abortAt(joined, deadline));
  return joined.signal;
}

/** Aborts `own` with `deadline_exceeded` at `deadline`, in milliseconds since the epoch. Returns the undo. */
export function abortAt(own: OwnSignal, deadline: number): () => void {
  const passed = (): void => own.abort(new CancelledError('deadline_exceeded', 'the deadline passed before the answer was complete'));
  const left = deadline - Date.now();
  if (left <= 0) {
    passed();
    return () => {};
  }
  const timer = setTimeout(passed, left);
  return () => clearTimeout(timer);
}
