import { followCall } from '../accounting/call-rows.js';
import { createWriteBehind } from '../accounting/write-behind.js';
import type { Call } from '../core/call.js';
import { isTimeout, MAX_TIMEOUT_MS } from '../core/check-options.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Outcome, Reply } from '../core/reply.js';
import { ConfigError, isGatewayError, RejectedError } from '../errors.js';
import type { Ledger, LedgerEntry, LedgerQuery, LedgerTotal } from '../types/store.js';

export interface LedgerOptions {
  /** Where the rows go. It stays yours: close it after the gateway. */
  readonly store: Ledger;
  /** The end of an answer, and an error, wait until the rows of their call are in the store. After a cancellation nobody waits. @default false, written soon after */
  readonly durable?: boolean;
  /**
   * What a store that cannot be written does to calls. `allow`: nothing; rows wait in the buffer, and what finds it full is lost.
   * `reject`: calls are refused with `store_unavailable` before anything is sent, with `durable` from the first failed write on,
   * else while the buffer is full. With `durable`, an answer whose rows could not be written is replaced by that error, which has
   * it as `partial`. Must be said with `durable`. @default 'allow' without `durable`
   */
  readonly onStoreError?: 'allow' | 'reject';
  /** Names of the tags that go into rows. @default all of them */
  readonly tags?: readonly string[];
  /** Rows older than this, in milliseconds, are removed, about once an hour while calls are made. @default none, they stay */
  readonly retentionMs?: number;
  /** How long a row may wait to be written with others, in milliseconds. @default 250 */
  readonly flushMs?: number;
  /** Rows written at once. @default 100 */
  readonly batchSize?: number;
  /** Rows kept while they cannot be written; what comes beyond is lost, and counted. @default 10000 */
  readonly maxBuffered?: number;
  /** A write that takes longer counts as failed, and is tried again, in milliseconds. @default 10000 */
  readonly writeTimeoutMs?: number;
  /** Gets rows that will never be written: no room, refused as such, or left when the gateway closed. @default undefined */
  readonly onLoss?: (entries: readonly LedgerEntry[], cause: unknown) => void;
  /** Hears of each write that failed and will be tried again. @default undefined */
  readonly onError?: (cause: unknown) => void;
}

export interface LedgerInterceptor extends Interceptor {
  /** Resolves when every row so far is in the store. Throws RejectedError('store_unavailable') when they cannot be written now; they stay. */
  flush(): Promise<void>;
  /** Rows that were never written. */
  readonly lost: number;
}

/**
 * One row for every attempt that reached a provider, or may have: failed, retried, hedged, cancelled and abandoned ones too;
 * and one for every cache hit. `gateway.spend()` adds them up.
 */
export function ledger(options: LedgerOptions): LedgerInterceptor {
  const { store, durable, onStoreError, tags, retentionMs, onLoss, onError, ...limits } = checked(options);
  const buffer = createWriteBehind<LedgerEntry>({ ...limits, write: async (entries) => store.append(entries), onLoss: (entries, cause) => onLoss?.(entries, cause), onError: (cause) => onError?.(cause) });
  let prunedAt = -Infinity;

  function tagsOf(call: Call): LedgerEntry['tags'] {
    // A copy: who calls may use the same object for the next call, before this row is written.
    return tags === undefined ? { ...call.tags } : Object.fromEntries(Object.entries(call.tags).filter(([name]) => tags.has(name)));
  }

  /** What cannot be recorded is not bought. */
  function admit(call: Call): void {
    const closed = onStoreError === 'reject' && (durable ? buffer.failing : buffer.buffered >= limits.maxBuffered);
    if (!closed) return;
    buffer.flush().catch(nothing); // perhaps it is back: the next call will know
    call.trace.record(NAME, { what: 'rejected', code: 'store_unavailable' });
    throw new RejectedError('store_unavailable', "nothing was sent, because the ledger cannot be written; repair the store, or set onStoreError to 'allow'");
  }

  function prune(call: Call): void {
    const now = Date.now();
    if (retentionMs === undefined || now - prunedAt < HOUR_MS) return;
    prunedAt = now;
    call.background((async () => store.prune(now - retentionMs))());
  }

  function intercept(call: Call, next: Next): Promise<Reply> {
    admit(call);
    prune(call);
    let written = 0;
    let refused = 0;
    const rows = followCall(call, tagsOf(call), (entry) => {
      if (buffer.add(entry)) return void written++;
      refused++;
      call.trace.record(NAME, { what: 'custom', name: 'row-lost', data: { id: entry.id } });
    });
    if (!durable) return next(call);

    async function stored(outcome: Outcome): Promise<void> {
      let cause: unknown;
      try {
        await buffer.flush();
        if (refused === 0) return;
      } catch (failure) {
        cause = failure;
      }
      call.trace.record(NAME, { what: 'custom', name: 'rows-not-stored' });
      if (onStoreError === 'reject' && outcome.status === 'ok') throw notStored(outcome, cause);
    }

    return observe(call, next, (outcome) => {
      rows.finish();
      // A store that is known to be down is not waited for once more, where nothing depends on it.
      const waits = written + refused > 0 && !(onStoreError === 'allow' && buffer.failing);
      return waits ? stored(outcome) : undefined;
    });
  }

  async function flush(): Promise<void> {
    try {
      await buffer.flush();
    } catch (cause) {
      throw new RejectedError('store_unavailable', `${buffer.buffered} rows could not be written to the ledger; they are kept and tried again`, { cause });
    }
  }

  async function spend(query: LedgerQuery): Promise<readonly LedgerTotal[]> {
    await flush(); // totals that lack what was spent a moment ago would be wrong
    try {
      return await store.totals(query);
    } catch (cause) {
      if (isGatewayError(cause)) throw cause;
      throw new RejectedError('store_unavailable', 'the ledger could not be read; try again later', { cause });
    }
  }

  return {
    name: NAME,
    stage: 'audit',
    intercept,
    queries: { spend },
    flush,
    close: () => buffer.close(),
    get lost() {
      return buffer.lost;
    },
  };
}

const NAME = 'ledger';
const HOUR_MS = 3_600_000;

/** The answer was paid for, so it goes with the error; asking again would pay for it again. */
function notStored(outcome: Extract<Outcome, { readonly status: 'ok' }>, cause: unknown): RejectedError {
  const partial = 'content' in outcome.response ? outcome.response : undefined;
  return new RejectedError('store_unavailable', 'the answer is here (see partial), but the ledger could not be written; its rows are kept and tried again', { partial, retryable: false, cause });
}

function checked(options: LedgerOptions) {
  const { store, durable = false, onStoreError, tags, retentionMs, flushMs = 250, batchSize = 100, maxBuffered = 10_000, writeTimeoutMs = 10_000, onLoss, onError } = options;
  if (typeof store?.append !== 'function') throw wrong('store', 'a Ledger, such as memoryLedger()', store);
  if (typeof durable !== 'boolean') throw wrong('durable', 'true or false', durable);
  if (onStoreError !== 'allow' && onStoreError !== 'reject' && (durable || onStoreError !== undefined)) throw wrong('onStoreError', durable ? "'allow' or 'reject', said with durable" : "'allow' or 'reject'", onStoreError);
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((name) => typeof name === 'string'))) throw wrong('tags', 'a list of names', tags);
  if (retentionMs !== undefined && !(Number.isFinite(retentionMs) && retentionMs >= 1)) throw wrong('retentionMs', 'milliseconds, 1 or more', retentionMs);
  for (const [option, value] of Object.entries({ flushMs, writeTimeoutMs })) if (!isTimeout(value)) throw wrong(option, `milliseconds, 1 to ${MAX_TIMEOUT_MS}`, value);
  for (const [option, value] of Object.entries({ batchSize, maxBuffered })) if (!(Number.isInteger(value) && value >= 1)) throw wrong(option, 'a whole number, 1 or more', value);
  return { store, durable, onStoreError: onStoreError ?? 'allow', tags: tags === undefined ? undefined : new Set(tags), retentionMs, flushMs, batchSize, maxBuffered, writeTimeoutMs, onLoss, onError } as const;
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`ledger: ${option}: wanted ${wanted}, got ${String(got)}`);
}

function nothing(): void {}
