import type { ErrorCode } from './codes.js';
import type { PriceStatus } from './price.js';
import type { AttemptKind, CallReport, Certainty, Target } from './report.js';
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

/**
 * Append-only spend records; the invoice must be reproducible from it. A store that is down rejects. Half characters (lone
 * surrogates) and NUL become U+FFFD, in entries and in queries alike: no database takes both.
 */
export interface Ledger {
  /**
   * All or none. An entry whose `id` is there already is skipped, so a repeated append counts once. When it resolves, the entries
   * are as durable as this ledger makes them. Throws ConfigError for an entry that could not be added up: a count that is no whole
   * number from 0 to 1e12, an amount outside 0 to 1e6 USD, an id that does not begin with its call's.
   */
  append(entries: readonly LedgerEntry[]): Promise<void>;
  /** Ordered by group (text by its UTF-16 units) and bucket; none where there are no entries. Throws ConfigError for a query that makes no sense. */
  totals(query: LedgerQuery): Promise<readonly LedgerTotal[]>;
  /** The entries themselves, oldest first, those of one millisecond in the order they were appended, a page at a time: for exports. */
  entries(query: Pick<LedgerQuery, 'from' | 'to' | 'where'>): AsyncIterable<LedgerEntry>;
  /** Retention: removes what began before `before`, milliseconds since the epoch; resolves with how many entries. */
  prune(before: number): Promise<number>;
  close?(): Promise<void>;
}

/** One attempt that may have reached a provider, or one cache hit. No content. */
export interface LedgerEntry {
  /** `callId:index`; a cache hit is `callId:0`. */
  readonly id: string;
  readonly callId: string;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  /** Who was asked; of a hit, who answered at the time. */
  readonly target: Target;
  /** The model that answered, as the provider names it, when that is not the target's. */
  readonly model?: string;
  /** 1 for the first try of the target; 0 of a hit. */
  readonly attempt: number;
  readonly kind: AttemptKind;
  readonly outcome: 'ok' | ErrorCode;
  /** A hit was `not_sent`. */
  readonly certainty: Certainty;
  /** Of a hit: what the answer used when it was made. */
  readonly usage: Usage;
  readonly serviceTier?: string;
  /** USD, a whole number of nano-USD. Null: no price known, never a silent zero. A hit costs 0. */
  readonly costUsd: number | null;
  /** Where the price comes from. Absent: nobody priced it. */
  readonly price?: PriceStatus;
  /** What a hit avoided. Null: no price known. Absent when it is no hit. */
  readonly savedUsd?: number | null;
  readonly cache: CallReport['cache'];
  readonly durationMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface LedgerQuery {
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number;
  /** Milliseconds since the epoch, exclusive. */
  readonly to?: number;
  /** Only entries with these values, by the names that `groupBy` takes. */
  readonly where?: Readonly<Record<string, string>>;
  /** `provider`, `model`, `credential`, `outcome`, `kind`, `cache`, or the name of any tag; an entry without the tag is under ''. A tag that has one of these names is `tag:provider`. Up to 16. @default [] */
  readonly groupBy?: readonly string[];
  /** Splits every group into stretches of this many milliseconds, counted from the epoch. @default undefined, one stretch */
  readonly bucketMs?: number;
}

export interface LedgerTotal {
  /** In the order of `groupBy`. */
  readonly group: Readonly<Record<string, string>>;
  /** Start of the bucket, milliseconds since the epoch. */
  readonly bucket?: number;
  /** Different calls. */
  readonly calls: number;
  /** Entries that are no hits. */
  readonly attempts: number;
  /** Attempts whose outcome is not `ok`. */
  readonly errors: number;
  readonly hits: number;
  /** Tokens of attempts; what hits used at the time is not counted again. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  /** What hits avoided. */
  readonly savedUsd: number;
  /** Attempts whose usage was counted here because the provider did not say. `costUsd` holds them. */
  readonly estimated: number;
  /** What those cost. */
  readonly estimatedUsd: number;
  /** Attempts without a price: `costUsd` lacks them. */
  readonly unpriced: number;
}
