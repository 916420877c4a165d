import type { ErrorCode } from './codes.js';
import type { CallReport, Target } from './report.js';
import type { Usage } from './usage.js';

/**
 * Shared state: small values with a lifetime, and counters. `reserve` is the one hard thing: atomic over every counter,
 * on the store's own clock. Amounts are integers (tokens, nano-USD, calls), so no two stores round differently.
 * A store that is down rejects; who uses it decides what that means.
 */
export interface Store {
  get(key: string): Promise<string | undefined>;
  /** False, and nothing changed, when `onlyIfAbsent` and the key is there. Without `ttlMs` the value stays. */
  set(key: string, value: string, options?: { readonly ttlMs?: number; readonly onlyIfAbsent?: boolean }): Promise<boolean>;
  delete(key: string): Promise<void>;
  /**
   * Adds to every counter, or to none if one would pass its limit (reaching it is allowed). The hold is released by `settle`.
   * When its lease runs out it turns into spend, which a late `settle` still corrects; of a `concurrent` counter it is given back.
   */
  reserve(counters: readonly CounterRequest[], options: { readonly leaseMs: number }): Promise<ReserveResult>;
  /** Replaces the held amounts by what was really used, in the order of `reserve`. Never refused, even past the limit; safe to repeat; one that the store does not know is ignored. */
  settle(reservation: string, actual: readonly number[]): Promise<void>;
  /** The state of each counter now, in order. Changes nothing. */
  read(counters: readonly Omit<CounterRequest, 'amount'>[]): Promise<readonly CounterState[]>;
  close?(): Promise<void>;
}

export interface CounterRequest {
  readonly key: string;
  /** A whole number, zero or more. */
  readonly amount: number;
  /** The counter refuses what would take `used + held` above this. */
  readonly limit: number;
  readonly window: CounterWindow;
}

export type CounterWindow =
  /** The last `ms` milliseconds, at every moment. */
  | { readonly kind: 'sliding'; readonly ms: number }
  /** Starts over with the hour, day, week (Monday) or month of `timeZone`, an IANA name. @default 'UTC' */
  | { readonly kind: 'calendar'; readonly unit: 'hour' | 'day' | 'week' | 'month'; readonly timeZone?: string }
  /** Never starts over. */
  | { readonly kind: 'lifetime' }
  /** What is held now. Settling gives it back, whatever `actual` says. */
  | { readonly kind: 'concurrent' };

export interface CounterState {
  /** Settled in this window, holds whose lease ran out included. */
  readonly used: number;
  /** Reserved and not settled yet. */
  readonly held: number;
  readonly limit: number;
  /** Milliseconds until the window starts over, or until a sliding one next gives something back. Undefined when it never does, or nothing is counted. */
  readonly resetsInMs: number | undefined;
}

export type ReserveResult =
  | {
      readonly ok: true;
      /** Names the hold for `settle`. */
      readonly reservation: string;
      /** After the hold, in the order of the counters. */
      readonly states: readonly CounterState[];
    }
  | {
      readonly ok: false;
      /** Index of the counter that refused; of several, the first. */
      readonly refusedBy: number;
      /** When the same request could pass, as far as time alone decides. Undefined: not by waiting for the clock. */
      readonly retryAfterMs: number | undefined;
      /** Unchanged, in the order of the counters. */
      readonly states: readonly CounterState[];
    };

/** Embeddings with a value each, found by likeness. A partition never sees another. */
export interface VectorStore {
  /** Replaces the entry of the same id. */
  upsert(partition: string, entry: VectorEntry): Promise<void>;
  /** The `count` nearest, the nearest first. `similarity` is the cosine, 1 for equal directions. */
  nearest(partition: string, vector: Float32Array, count: number): Promise<readonly VectorMatch[]>;
  /** One entry, or without `id` the whole partition. */
  delete(partition: string, id?: string): Promise<void>;
}

export interface VectorEntry {
  readonly id: string;
  readonly vector: Float32Array;
  readonly value: string;
  readonly ttlMs: number;
}

export interface VectorMatch {
  readonly id: string;
  readonly value: string;
  readonly similarity: number;
}

/** Append-only spend records; the invoice must be reproducible from it. */
export interface Ledger {
  /** All or none. An entry whose `id` is there already is skipped, so a repeated append counts once. */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  totals(query: LedgerQuery): Promise<readonly LedgerTotal[]>;
}

/** One attempt that may have reached a provider, or one cache hit. */
export interface LedgerEntry {
  readonly id: string;
  readonly callId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly target: Target;
  readonly attempt: number;
  readonly outcome: 'ok' | ErrorCode;
  readonly usage: Usage;
  /** Null: no price known. Never a silent zero. */
  readonly costUsd: number | null;
  readonly cache: CallReport['cache'];
  readonly durationMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LedgerQuery {
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly to?: number;
  /** Tag or `provider`, `model`, `outcome` by value. */
  readonly where?: Readonly<Record<string, string>>;
  readonly groupBy: readonly string[];
  /** Splits every group into stretches of this many milliseconds. */
  readonly bucketMs?: number;
}

export interface LedgerTotal {
  readonly group: Readonly<Record<string, string>>;
  /** Start of the bucket, milliseconds since the epoch. */
  readonly bucket?: number;
  readonly calls: number;
  readonly attempts: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** Entries without a price: `costUsd` lacks them. */
  readonly unpriced: number;
}
