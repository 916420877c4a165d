import type { Warning } from './chat.js';
import type { ErrorCode } from './codes.js';
import type { Json } from './json.js';
import type { PriceStatus } from './price.js';
import type { Usage } from './usage.js';

/** `credential` names one of the provider's keys (never the key). Absent: the only one. */
export interface Target {
  readonly provider: string;
  readonly model: string;
  readonly credential?: string;
}

export type AttemptKind = 'first' | 'retry' | 'fallback' | 'hedge' | 'continue';

/** What may have happened at the provider. Decides whether a retry can be paid twice, and whether the ledger needs a row. */
export type Certainty = 'not_sent' | 'refused' | 'possibly_billed' | 'started';

export interface AttemptReport {
  /** 1 for the first attempt of the call, counted over all targets. `callId` and `index` name an attempt everywhere. */
  readonly index: number;
  readonly target: Target;
  /** 1 for the first try of this target. */
  readonly attempt: number;
  readonly kind: AttemptKind;
  readonly outcome: 'ok' | ErrorCode;
  readonly certainty: Certainty;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly timeToFirstContentMs?: number;
  readonly requestId?: string;
  /** The model that answered, as the provider names it, when that is not the target's. */
  readonly model?: string;
  /** As the provider reports it. */
  readonly serviceTier?: string;
  /** Of every attempt that may have been billed; counted here, and marked so, where the provider did not say. */
  readonly usage?: Usage;
  /** Absent: no price known, or nothing that could be billed. */
  readonly costUsd?: number;
}

/** Everything the gateway decided on the way, on every response and every error. */
export interface CallReport {
  readonly callId: string;
  /** The model as the caller asked for it. */
  readonly requested: string;
  /** Who answered. Undefined when nobody did, or when no provider was asked. */
  readonly served: Target | undefined;
  readonly attempts: readonly AttemptReport[];
  readonly cache: 'none' | 'miss' | 'bypass' | 'exact' | 'semantic';
  /** `totalUsd` counts every attempt; `servedUsd` only the one that answered (the last, of an answer that was continued); `savedUsd` what a cache hit avoided, 0 without one. `undefined`: no price known. */
  readonly cost: { readonly totalUsd: number | undefined; readonly servedUsd: number | undefined; readonly savedUsd: number | undefined };
  readonly durationMs: number;
  readonly timeToFirstContentMs?: number;
  readonly decisions: readonly Decision[];
}

/** One closed union, so telemetry and the docs can be exhaustive. */
export type Fact =
  /** By the core, before the adapter is called. */
  | { readonly what: 'attempt-start'; readonly kind: AttemptKind; readonly attempt: number }
  /** By the core, exactly once per start, after the stream's last event. */
  | { readonly what: 'attempt-end'; readonly report: AttemptReport }
  /** A candidate that was not tried, and why. */
  | { readonly what: 'excluded'; readonly why: string }
  | { readonly what: 'selected'; readonly strategy: string; readonly score?: number }
  | { readonly what: 'retry'; readonly waitMs: number; readonly code: ErrorCode }
  | { readonly what: 'next-target'; readonly to: string; readonly code: ErrorCode }
  | CacheHit
  /** `key` names the entry in its cache. */
  | { readonly what: 'cache-miss' | 'cache-store'; readonly kind: 'exact' | 'semantic'; readonly similarity?: number; readonly key?: string }
  /** The cache was not asked, and why. */
  | { readonly what: 'cache-bypass'; readonly kind: 'exact' | 'semantic'; readonly why: string }
  | { readonly what: 'rejected'; readonly code: ErrorCode }
  /** In a queue from now on, until the `waited` that says so too. */
  | { readonly what: 'queued' }
  | { readonly what: 'waited'; readonly waitMs: number; readonly code: ErrorCode; readonly queued?: true }
  /** A key that is not asked for `forMs` milliseconds from now on, and the failure that is why. `credential` is its name. */
  | { readonly what: 'set-aside'; readonly forMs: number; readonly code: ErrorCode; readonly credential?: string }
  /** `forMs`: how long it is open, in milliseconds, before it lets probes through. */
  | { readonly what: 'circuit'; readonly state: 'open' | 'half-open' | 'closed'; readonly forMs?: number }
  | { readonly what: 'redacted'; readonly kinds: Readonly<Record<string, number>> }
  /** Once per rule and stage, when it found something or could not look. `reason` holds no content. */
  | { readonly what: 'guardrail'; readonly rule: string; readonly verdict: 'pass' | 'flag' | 'rewrite' | 'repair' | 'block'; readonly stage?: 'input' | 'output'; readonly reason?: string }
  /** What one attempt cost; `index` says which. Undefined: no price known. */
  | { readonly what: 'cost'; readonly usd: number | undefined; readonly usage: Usage; readonly price?: PriceStatus }
  | { readonly what: 'warning'; readonly warning: Warning }
  | { readonly what: 'custom'; readonly name: string; readonly data?: Json };

/** An answer that was there already. The decision's `target` is who gave it at the time. */
export interface CacheHit {
  readonly what: 'cache-hit';
  readonly kind: 'exact' | 'semantic';
  readonly similarity?: number;
  /** How old the answer is, in milliseconds. */
  readonly ageMs?: number;
  /** Its lifetime had passed: it is being made anew in the background. */
  readonly stale?: boolean;
  /** The answer of an identical call that was under way. */
  readonly joined?: boolean;
  /** What the answer cost when it was made. Undefined: no price known. */
  readonly savedUsd?: number | undefined;
  /** Who gave the answer. */
  readonly from?: Target;
  /** What it used when it was made. */
  readonly usage?: Usage;
  /** Names the entry in its cache. */
  readonly key?: string;
}

export type Decision = {
  /** Name of the interceptor, or `core`. */
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly target?: string;
  readonly index?: number;
} & Fact;
