import type { CallOptions, CancelledCode, Certainty, ErrorCode, FinishReason, Gateway, Interceptor, RecommendedOptions } from 'headgate';
import type { Fault, Host } from './host.js';
import type { Vendor, VendorName } from './vendors.js';

/** How the call is made, and where in its answer the fault is: `midway` is after the first content. */
export type Moment = 'unary' | 'stream' | 'midway';

/** What one fault of the first target has to come to. */
export interface Verdict {
  /** How each attempt ends, and the call too when nobody else can answer it. */
  readonly code: 'ok' | ErrorCode;
  /** How the attempts ended where the call ended otherwise: between two of them. */
  readonly attempted?: ErrorCode;
  readonly certainty: Certainty;
  /** Attempts at the first target. */
  readonly tries: number;
  /** Whether the call goes to the second target after them. */
  readonly onward: 'next' | 'stop';
  /** Attempts at the second target, when it fails too. @default 1 */
  readonly last?: number;
  /** Of an answer that counts as one all the same. */
  readonly finishReason?: FinishReason;
}

/** One row of the matrix. */
export interface Scenario {
  readonly name: string;
  /** @default all */
  readonly vendors?: readonly VendorName[];
  readonly moments: readonly Moment[];
  readonly fault: (vendor: Vendor, moment: Moment) => Fault | Promise<Fault>;
  readonly verdict: (vendor: VendorName, moment: Moment) => Verdict;
  /** What reached the reader before it broke, midway. @default PARTIAL */
  readonly partial?: string;
  /** Deadline of the call, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
  /** Of a connection, in milliseconds. @default the adapter's */
  readonly connectTimeoutMs?: number;
  /** Each attempt takes a second: only with a target that is well. */
  readonly slow?: boolean;
  readonly local?: Local;
}

/** What happens in this process. */
export interface Local {
  /** Stand below retry. `targets`: the names of those that are to fail. */
  readonly interceptors?: (targets: readonly string[]) => readonly Interceptor[];
  /** Of the pipeline. */
  readonly pipeline?: RecommendedOptions;
  /** What has happened before the call. Gives what is to be undone after it. */
  readonly before?: (stage: Stage) => Promise<void | (() => Promise<void>)>;
  /** The caller aborts: before the call, when the first target has the request, or when a wait has begun. */
  readonly abort?: 'before' | 'asked' | 'waiting';
  readonly options?: Omit<CallOptions, 'signal'>;
}

/** Where something happens before the call. */
export interface Stage {
  readonly gateway: Gateway;
  /** Those that are to fail, and the servers behind them. */
  readonly targets: readonly { readonly model: string; readonly host: Host }[];
}

/** Tried once more at the same target, then at the next. */
export function again(code: ErrorCode, certainty: Certainty): Verdict {
  return { code, certainty, tries: 2, onward: 'next' };
}

/** Straight to the next target. */
export function next(code: ErrorCode, certainty: Certainty): Verdict {
  return { code, certainty, tries: 1, onward: 'next' };
}

/** Straight to the next target, and tried once more there: nobody is left who could answer sooner. */
export function lastAgain(code: ErrorCode, certainty: Certainty): Verdict {
  return { ...next(code, certainty), last: 2 };
}

/** Told to the caller at once. */
export function stop(code: ErrorCode | CancelledCode, certainty: Certainty): Verdict {
  return { code, certainty, tries: 1, onward: 'stop' };
}

/** No fault at all, to the caller. */
export function fine(finishReason: FinishReason = 'stop'): Verdict {
  return { code: 'ok', certainty: 'started', tries: 1, onward: 'stop', finishReason };
}

/** Before the first content as given; after it, the reader has some of the answer and nothing is tried again. */
export function orBroken(verdict: Verdict): Scenario['verdict'] {
  return (_vendor, moment) => (moment === 'midway' ? BROKEN : verdict);
}

export const BROKEN: Verdict = stop('stream_interrupted', 'started');
export const ALL: readonly Moment[] = ['unary', 'stream', 'midway'];
export const FRESH: readonly Moment[] = ['unary', 'stream'];
export const STREAMS: readonly Moment[] = ['stream', 'midway'];
