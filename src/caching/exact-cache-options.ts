import { ConfigError } from '../errors.js';
import type { Eligibility } from './eligibility.js';
import type { IdentitySettings } from './identity.js';
import { memoryCache, type CacheStore } from './memory.js';
import { scopeReader, type CacheScope } from './scope.js';
import type { ShelfSettings } from './shelf.js';

export interface ExactCacheOptions {
  /** Who may share answers: `{ tag: 'tenant' }`, those with the same value of that tag; a function of the call; `'shared'`, everybody. There is no default: it is the one thing a cache must not guess. */
  readonly scope: CacheScope;
  /** How long an answer is fresh, in milliseconds. @default 3600000, an hour */
  readonly ttlMs?: number;
  /** How much longer it is handed out, marked as stale, while one call in the background makes it anew, in milliseconds. @default 0 */
  readonly staleWhileRevalidateMs?: number;
  /** Where answers are kept. @default memory of this process, bounded by `maxBytes` */
  readonly store?: CacheStore;
  /** What happens to a call while `store` is down: it goes on as if nothing were cached (`allow`), or fails with `store_unavailable` (`reject`). Must be said where `store` is. */
  readonly onStoreError?: 'allow' | 'reject';
  /** How long an answer of `store` is waited for before it counts as down, in milliseconds. @default 1000 */
  readonly storeTimeoutMs?: number;
  /** How much memory the answers may take when there is no `store`, in bytes. @default 67108864, 64 MiB */
  readonly maxBytes?: number;
  /** Cache answers to requests with a temperature above 0 too. @default false */
  readonly cacheSampled?: boolean;
  /** Cache answers that rest on what tools gave too: tool messages in the request, tools that the provider runs itself. @default false */
  readonly cacheToolResults?: boolean;
  /** Tags by whose value answers can be invalidated. They are part of the question: calls with different values share nothing. @default none */
  readonly invalidateBy?: readonly string[];
  /** Headers of the call that change no answer, in addition to `traceparent` and `tracestate`. All others are part of the question. @default none */
  readonly ignoreHeaders?: readonly string[];
  /** Begins every key in the store. Whoever shares a store but not its answers has one of their own. @default 'headgate' */
  readonly namespace?: string;
}

export interface ExactCacheSettings extends Eligibility, IdentitySettings, ShelfSettings {
  readonly ttlMs: number;
  readonly staleWhileRevalidateMs: number;
}

/** The options with their defaults. Throws ConfigError for what makes no sense. */
export function checkedCacheOptions(by: string, options: ExactCacheOptions): ExactCacheSettings {
  function wrong(option: string, wanted: string, got: unknown): ConfigError {
    return new ConfigError(`${by}: ${option}: wanted ${wanted}, got ${typeof got === 'object' ? 'an object' : String(got)}`);
  }
  function milliseconds(option: string, value: number, least: number): void {
    if (!(Number.isFinite(value) && value >= least && value <= YEAR_MS)) throw wrong(option, `milliseconds, ${least} to ${YEAR_MS}`, value);
  }
  function names(option: string, list: readonly string[]): void {
    if (!Array.isArray(list) || !list.every((name) => typeof name === 'string' && name !== '')) throw wrong(option, 'a list of names', list);
  }

  const given: Partial<ExactCacheOptions> = options ?? {};
  const scope = scopeReader(by, given.scope);
  const { ttlMs = HOUR_MS, staleWhileRevalidateMs = 0, storeTimeoutMs = 1000, invalidateBy = [], ignoreHeaders = [], namespace = 'headgate' } = given;
  milliseconds('ttlMs', ttlMs, 1);
  milliseconds('staleWhileRevalidateMs', staleWhileRevalidateMs, 0);
  milliseconds('storeTimeoutMs', storeTimeoutMs, 1);
  names('invalidateBy', invalidateBy);
  names('ignoreHeaders', ignoreHeaders);
  if (typeof namespace !== 'string' || namespace === '') throw wrong('namespace', 'a text', namespace);
  for (const option of ['cacheSampled', 'cacheToolResults'] as const) if (given[option] !== undefined && typeof given[option] !== 'boolean') throw wrong(option, 'true or false', given[option]);

  const { store, onStoreError, maxBytes } = given;
  if (store === undefined) {
    if (onStoreError !== undefined) throw wrong('onStoreError', 'a store that it is about; memory does not fail', onStoreError);
  } else {
    if (typeof store?.get !== 'function' || typeof store.set !== 'function' || typeof store.delete !== 'function') throw wrong('store', 'a store with get, set and delete', store);
    if (onStoreError !== 'allow' && onStoreError !== 'reject') throw wrong('onStoreError', "what happens while the store is down: 'allow' (go on as if nothing were cached) or 'reject'", onStoreError);
    if (maxBytes !== undefined) throw wrong('maxBytes', 'no bound beside a store: it has its own', maxBytes);
  }

  return {
    scope,
    namespace,
    tags: invalidateBy,
    ignoredHeaders: new Set([...TRACE_HEADERS, ...ignoreHeaders.map((name) => name.toLowerCase())]),
    cacheSampled: given.cacheSampled ?? false,
    cacheToolResults: given.cacheToolResults ?? false,
    ttlMs,
    staleWhileRevalidateMs,
    store: store ?? memoryCache(maxBytes === undefined ? {} : { maxBytes }),
    onStoreError: onStoreError ?? 'allow',
    timeoutMs: store === undefined ? undefined : storeTimeoutMs,
    keepMs: ttlMs + staleWhileRevalidateMs,
  };
}

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
/** They name a trace and nothing else (W3C Trace Context), and differ with every call. */
const TRACE_HEADERS = ['traceparent', 'tracestate'];
