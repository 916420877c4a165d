import { race } from '../core/abort.js';
import type { Call } from '../core/call.js';
import { RejectedError } from '../errors.js';
import { decodeEntry, type Entry } from './entry.js';
import type { Identity } from './identity.js';
import type { CacheStore } from './memory.js';

/** What was found under a question's key. */
export interface Found {
  /** Of this very question, whatever its age. */
  readonly entry?: Entry;
  /** As they are now; undefined in the place of one that is not there. Absent: the store could not be read. */
  readonly generations?: readonly (string | undefined)[];
  /** Something was there that is no entry of this question. */
  readonly unreadable?: boolean;
}

/** The store as the cache uses it: entries and generations, with a limit on every wait. */
export interface Shelf {
  /** Entry and generations, read together. Rejects with `store_unavailable` when the store is down and that is to be told. */
  read(call: Call, asked: Identity): Promise<Found>;
  /** The same generations, those that were not there begun. Absent: the store could not be reached. */
  begin(call: Call, asked: Identity, found: Found['generations']): Promise<readonly string[] | undefined>;
  /** Rejects when the store does. */
  write(key: string, text: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  /** Begins a new generation: what belongs to an older one is never handed out again. */
  renew(generationKey: string): Promise<void>;
}

export interface ShelfSettings {
  readonly store: CacheStore;
  readonly onStoreError: 'allow' | 'reject';
  /** How long an answer of the store is waited for, in milliseconds. Undefined: it is in this process. */
  readonly timeoutMs: number | undefined;
  /** How long entries are of use, in milliseconds. */
  readonly keepMs: number;
}

/**
 * How long a generation is kept, in milliseconds: 30 days, or longer than any entry. One that is forgotten, or was pushed out
 * of a full store, costs misses and nothing else: an entry counts only if its generation is there and is still the same.
 */
const GENERATION_MS = 30 * 24 * 3_600_000;

export function createShelf({ store, onStoreError, timeoutMs, keepMs }: ShelfSettings): Shelf {
  const generationMs = Math.max(GENERATION_MS, keepMs * 2);

  /** What the store gives in time. Stops waiting with the call, if there is one. */
  async function limited<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
    if (timeoutMs === undefined) return work;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new RejectedError('store_unavailable', `the cache's store did not answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      return await Promise.race([signal === undefined ? work : race(work, signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Undefined: the store is down, and the call goes on without it. */
  async function attempt<T>(call: Call, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await limited(work(), call.signal);
    } catch (cause) {
      if (call.signal.aborted) throw call.signal.reason;
      if (onStoreError === 'reject') throw unavailable(cause);
      return undefined;
    }
  }

  /** Whoever asked for it must know that it was not done. */
  async function told(work: () => Promise<unknown>): Promise<void> {
    try {
      await limited(work());
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  async function getAll(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
    return Promise.all(keys.map(async (key) => (await store.get(key)) ?? undefined)); // clients of Redis say null
  }

  async function start(key: string): Promise<string> {
    const fresh = crypto.randomUUID();
    if (await store.set(key, fresh, { ttlMs: generationMs, onlyIfAbsent: true })) return fresh;
    return (await store.get(key)) ?? fresh; // another was first, and its generation was forgotten since: ours gives misses
  }

  return {
    async read(call, asked) {
      const values = await attempt(call, () => getAll([asked.key, ...asked.generationKeys]));
      if (values === undefined) return {};
      const [text, ...generations] = values;
      if (text === undefined) return { generations };
      const entry = decodeEntry(text, call.operation, asked.check);
      if (entry === undefined) return { generations, unreadable: true };
      const current = entry.generations.length === generations.length && entry.generations.every((generation, at) => generation === generations[at]);
      return current ? { generations, entry } : { generations };
    },
    begin: (call, asked, found) => attempt(call, () => Promise.all(asked.generationKeys.map((key, at) => found?.[at] ?? start(key)))),
    write: (key, text) => limited(store.set(key, text, { ttlMs: keepMs })),
    remove: (key) => told(() => store.delete(key)),
    renew: (key) => told(() => store.set(key, crypto.randomUUID(), { ttlMs: generationMs })),
  };
}

function unavailable(cause: unknown): RejectedError {
  return new RejectedError('store_unavailable', "the cache's store could not be reached; bring it back, or let calls go on without it (onStoreError: 'allow')", { cause });
}
