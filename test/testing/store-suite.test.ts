import { describe, expect, it } from 'vitest';
import { ConformanceError, storeSuite } from '../../src/testing/index.js';
import type { Store } from '../../src/types/store.js';
import { memoryStore } from './memory-store.js';

describe('storeSuite passes a store that keeps the contract', () => {
  for (const { name, run } of storeSuite({ create: memoryStore })) it(name, run);
});

describe('storeSuite fails a store that', () => {
  /** A correct store with one thing broken. */
  const broken: Record<string, { readonly breaks: (store: Store) => Partial<Store>; readonly failing: string }> = {
    'overwrites what is there': { breaks: (store) => ({ set: (key, value, options) => store.set(key, value, options?.ttlMs === undefined ? {} : { ttlMs: options.ttlMs }) }), failing: 'sets only what is absent when asked to, and says whether it did' },
    'never forgets': { breaks: (store) => ({ set: (key, value, options) => store.set(key, value, { onlyIfAbsent: options?.onlyIfAbsent ?? false }) }), failing: 'forgets a value after its lifetime, and no earlier' },
    'checks first and adds later': {
      breaks: (store) => ({
        async reserve(counters, options) {
          const states = await store.read(counters);
          const refusedBy = counters.findIndex(({ amount, limit }, index) => (states[index]?.held ?? 0) + amount > limit);
          if (refusedBy >= 0) return { ok: false, refusedBy, retryAfterMs: undefined, states };
          await new Promise((resolve) => setTimeout(resolve, 1));
          return store.reserve(counters.map((counter) => ({ ...counter, limit: Number.MAX_SAFE_INTEGER })), options);
        },
      }),
      failing: 'never lets parallel reservations pass a limit together',
    },
    'adds what it can of a refused reservation': {
      breaks: (store) => ({
        async reserve(counters, options) {
          let last = await store.reserve([], options);
          for (const counter of counters) last = await store.reserve([counter], options);
          return last;
        },
      }),
      failing: 'adds to every counter or to none',
    },
    'adds with every settle': {
      breaks: (store) => ({
        async settle(reservation, actual) {
          const [key] = reservation.split('|');
          await store.settle(reservation.slice(reservation.indexOf('|') + 1), actual);
          const again = await store.reserve([{ key: key ?? '', amount: 1, limit: Number.MAX_SAFE_INTEGER, window: { kind: 'lifetime' } }], { leaseMs: 60_000 });
          if (again.ok) await store.settle(again.reservation, [1]);
        },
        async reserve(counters, options) {
          const result = await store.reserve(counters, options);
          return result.ok ? { ...result, reservation: `${counters[0]?.key}|${result.reservation}` } : result;
        },
      }),
      failing: 'settles once, however often it is told',
    },
    'keeps holds past their lease': { breaks: (store) => ({ reserve: (counters, { leaseMs }) => store.reserve(counters, { leaseMs: leaseMs * 1000 }) }), failing: 'counts a hold whose lease ran out as spent, until a late settle corrects it' },
    'refuses to settle more than it held': { breaks: (store) => ({ settle: (reservation, actual) => store.settle(reservation, actual.map((amount) => Math.min(amount, 10))) }), failing: 'settles more than was held, even past the limit, and refuses what comes then' },
    'counts windows that never pass': { breaks: (store) => ({ reserve: (counters, options) => store.reserve(counters.map((counter) => (counter.window.kind === 'sliding' ? { ...counter, window: { kind: 'lifetime' } } : counter)), options) }), failing: 'gives a sliding window back when it has passed, and says how long that takes' },
  };
  for (const [what, { breaks, failing }] of Object.entries(broken)) {
    it(what, async () => {
      const suite = storeSuite({
        create() {
          const store = memoryStore();
          return { ...store, ...breaks(store) };
        },
      });
      const found = suite.find(({ name }) => name === failing);
      await expect(found?.run()).rejects.toBeInstanceOf(ConformanceError);
    });
  }
});
