import { LRUCache } from 'lru-cache';
import { ConfigError } from '../errors.js';
import type { Store } from '../types/store.js';

/** What a cache needs of a store: any `Store` will do. */
export type CacheStore = Pick<Store, 'get' | 'set' | 'delete'>;

export interface MemoryCacheOptions {
  /** How much memory the values, their keys and what holds them may take, in bytes. @default 67108864, 64 MiB */
  readonly maxBytes?: number;
}

export interface MemoryCache extends CacheStore {
  /** Memory taken now, in bytes, as it is counted here. Never above `maxBytes`. */
  readonly bytes: number;
  readonly size: number;
}

interface Value {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * A cache in this process, bounded by bytes. Beyond them the values not read for longest are forgotten; a value that would
 * take more than an eighth of the whole is not kept, and `set` says false, so that no single one empties the rest.
 */
export function memoryCache({ maxBytes = DEFAULT_MAX_BYTES }: MemoryCacheOptions = {}): MemoryCache {
  if (!(Number.isSafeInteger(maxBytes) && maxBytes >= MIN_BYTES)) throw new ConfigError(`memoryCache: maxBytes: wanted a whole number of bytes, ${MIN_BYTES} or more, got ${String(maxBytes)}`);
  const values = new LRUCache<string, Value>({ maxSize: maxBytes, maxEntrySize: Math.floor(maxBytes / MAX_SHARE) });

  function valid(key: string): Value | undefined {
    const value = values.get(key);
    if (value === undefined || value.expiresAt > Date.now()) return value;
    values.delete(key);
    return undefined;
  }

  return {
    get bytes() {
      return values.calculatedSize;
    },
    get size() {
      return values.size;
    },
    async get(key) {
      return valid(key)?.text;
    },
    async set(key, text, { ttlMs, onlyIfAbsent } = {}) {
      if (onlyIfAbsent === true && valid(key) !== undefined) return false;
      const size = bytesOf(key) + bytesOf(text) + BYTES_PER_VALUE;
      values.set(key, { text, expiresAt: ttlMs === undefined ? Infinity : Date.now() + ttlMs }, { size });
      return size <= values.maxEntrySize;
    },
    async delete(key) {
      values.delete(key);
    },
  };
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** Less holds no answer of ordinary size. */
const MIN_BYTES = 64 * 1024;
const MAX_SHARE = 8;
/** What one value takes beside its characters and those of its key. */
const BYTES_PER_VALUE = 256;

/** V8 keeps a string at one byte a character only if all of them fit. */
function bytesOf(text: string): number {
  return WIDE.test(text) ? text.length * 2 : text.length;
}

const WIDE = /[\u0100-\uffff]/;
