import { CancelledError, copyError, RejectedError, type GatewayError } from '../errors.js';
import type { CallReport } from '../types/report.js';
import { createOwnSignal, onAbort } from './abort.js';
import type { Background } from './background.js';
import { abortAt, type Call } from './call.js';
import { createLocals } from './locals.js';
import type { OperationName, RequestOf } from './operation.js';
import type { CallOptions } from './options.js';
import { reportOf } from './report.js';
import type { ResolvedRoute } from './route.js';
import { createScope, SCOPE } from './scope.js';
import type { Trace } from './trace.js';
import { toGatewayError } from './wrap-error.js';

export interface NewCall {
  readonly operation: OperationName;
  readonly streaming: boolean;
  readonly request: RequestOf<OperationName>;
  readonly route: ResolvedRoute;
  readonly options: CallOptions;
  readonly timeoutMs: number | undefined;
  readonly trace: Trace;
}

/** A call under way: what goes down the pipeline, and what its owner needs to end it. */
export interface OpenCall {
  readonly call: Call;
  abort(reason: GatewayError): void;
  /** Undoes everything the call holds: timers, listeners. Safe to repeat. */
  end(): void;
}

const NONE: Readonly<Record<string, string>> = {};

/** Makes the call and ties it to the caller's signal and to its deadline. */
export function openCall(made: NewCall, background: Background): OpenCall {
  const { options, trace } = made;
  const own = createOwnSignal();
  const scope = createScope();
  const { signal } = options;
  if (signal !== undefined) {
    scope.onEnd(onAbort(signal, () => own.abort(new CancelledError('cancelled', 'the caller aborted the call', { cause: signal.reason }))));
  }
  const deadline = made.timeoutMs === undefined ? undefined : Date.now() + made.timeoutMs;
  if (deadline !== undefined) scope.onEnd(abortAt(own, deadline));
  const [first] = made.route.candidates;
  if (first === undefined) throw new RejectedError('no_eligible_target', `model: there is no target for '${made.route.name}'`);
  const call = {
    id: trace.callId,
    operation: made.operation,
    streaming: made.streaming,
    request: made.request,
    route: made.route,
    target: first.target,
    attempt: 1,
    kind: 'first',
    signal: own.signal,
    deadline,
    liveness: undefined,
    tags: options.tags ?? NONE,
    priority: options.priority ?? 0,
    cache: options.cache ?? 'use',
    prices: options.prices,
    strict: options.strict ?? false,
    headers: options.headers ?? NONE,
    trace,
    locals: createLocals(),
    background: (work: Promise<unknown>) => background.add(work, trace),
    [SCOPE]: scope,
  } as Call; // `request` is that of `operation`: the gateway's methods pair them
  return { call, abort: own.abort, end: () => scope.end() };
}

/** The error as the caller gets it: a copy with the report of this call. */
export function explained(cause: unknown, trace: Trace): GatewayError {
  return copyError(toGatewayError(cause), { report: reportNow(trace) });
}

export function reportNow(trace: Trace): CallReport {
  return reportOf(trace, Date.now());
}
