import type { CounterRequest } from '../../types/store.js';
import { granted, LIFETIME, LONG_LEASE, mustState, type StoreBench } from './store-state.js';
import { must, mustEqual } from './suite.js';

/** `reserve`, `settle` and `read`, apart from the clock. */
export function counterCases({ test, freshKey }: StoreBench): void {
  test('holds what is reserved and counts what is settled', async (store) => {
    const counter = { key: freshKey(), amount: 30, limit: 100, window: LIFETIME };
    const hold = granted(await store.reserve([counter], LONG_LEASE));
    mustState(hold.states[0], { used: 0, held: 30, limit: 100 }, 'in the result of reserve');
    mustState((await store.read([counter]))[0], { used: 0, held: 30, limit: 100 }, 'before settle');
    await store.settle(hold.reservation, [12]);
    mustState((await store.read([counter]))[0], { used: 12, held: 0, limit: 100 }, 'after settle');
  });

  test('allows reaching a limit and refuses passing it', async (store) => {
    const counter = { key: freshKey(), amount: 60, limit: 100, window: LIFETIME };
    granted(await store.reserve([counter], LONG_LEASE));
    const refused = await store.reserve([{ ...counter, amount: 41 }], LONG_LEASE);
    must(!refused.ok, 'a reservation past the limit must be refused', refused);
    mustEqual(refused.refusedBy, 0, 'refusedBy');
    mustEqual(refused.retryAfterMs, undefined, 'retryAfterMs of a counter that never starts over');
    mustState(refused.states[0], { used: 0, held: 60, limit: 100 }, 'in the refusal');
    granted(await store.reserve([{ ...counter, amount: 40 }], LONG_LEASE));
  });

  test('adds to every counter or to none', async (store) => {
    const [roomy, tight, after] = [10, 1, 10].map((limit) => ({ key: freshKey(), amount: 2, limit, window: LIFETIME })) as [CounterRequest, CounterRequest, CounterRequest];
    const refused = await store.reserve([roomy, tight, after], LONG_LEASE);
    must(!refused.ok, 'one full counter must refuse the whole reservation', refused);
    mustEqual(refused.refusedBy, 1, 'refusedBy');
    for (const state of await store.read([roomy, tight, after])) mustEqual([state.used, state.held], [0, 0], 'every counter');
  });

  test('settles every counter by its own amount', async (store) => {
    const counters = [5, 50].map((amount) => ({ key: freshKey(), amount, limit: 100, window: LIFETIME }));
    const hold = granted(await store.reserve(counters, LONG_LEASE));
    await store.settle(hold.reservation, [1, 70]);
    mustEqual((await store.read(counters)).map(({ used, held }) => [used, held]), [[1, 0], [70, 0]], 'used and held');
  });

  test('never lets parallel reservations pass a limit together', async (store) => {
    const counters = [{ key: freshKey(), amount: 3, limit: 30, window: LIFETIME }, { key: freshKey(), amount: 1, limit: 1000, window: LIFETIME }];
    const results = await Promise.all(Array.from({ length: 50 }, () => store.reserve(counters, LONG_LEASE)));
    mustEqual(results.filter((result) => result.ok).length, 10, 'how many were granted');
    mustEqual((await store.read(counters)).map(({ held }) => held), [30, 10], 'what is held');
  });

  test('counts parallel settlements once each', async (store) => {
    const counter = { key: freshKey(), amount: 5, limit: 1000, window: LIFETIME };
    const holds = await Promise.all(Array.from({ length: 20 }, () => store.reserve([counter], LONG_LEASE)));
    await Promise.all(holds.map((hold) => store.settle(granted(hold).reservation, [3])));
    mustState((await store.read([counter]))[0], { used: 60, held: 0 }, 'after twenty settlements');
  });

  test('settles more than was held, even past the limit, and refuses what comes then', async (store) => {
    const counter = { key: freshKey(), amount: 10, limit: 10, window: LIFETIME };
    const hold = granted(await store.reserve([counter], LONG_LEASE));
    await store.settle(hold.reservation, [25]);
    mustState((await store.read([counter]))[0], { used: 25, held: 0 }, 'after settle');
    const next = await store.reserve([{ ...counter, amount: 1 }], LONG_LEASE);
    must(!next.ok, 'a counter past its limit must refuse', next);
  });

  test('settles once, however often it is told', async (store) => {
    const counter = { key: freshKey(), amount: 10, limit: 100, window: LIFETIME };
    const hold = granted(await store.reserve([counter], LONG_LEASE));
    for (let time = 0; time < 3; time++) await store.settle(hold.reservation, [7]);
    await Promise.all([store.settle(hold.reservation, [7]), store.settle(hold.reservation, [7])]);
    mustState((await store.read([counter]))[0], { used: 7, held: 0 }, 'after five settlements');
  });

  test('ignores settling what it does not know', async (store) => {
    await store.settle(freshKey(), [1]);
  });

  test('keeps counters and values of one key apart from every other key', async (store) => {
    const [mine, other] = [freshKey(), freshKey()];
    granted(await store.reserve([{ key: mine, amount: 5, limit: 5, window: LIFETIME }], LONG_LEASE));
    mustState((await store.read([{ key: other, limit: 5, window: LIFETIME }]))[0], { used: 0, held: 0 }, 'the other key');
    mustState((await store.read([{ key: `${mine}:x`, limit: 5, window: LIFETIME }]))[0], { used: 0, held: 0 }, 'a longer key');
  });

  test('takes amounts beyond 32 bits exactly', async (store) => {
    const amount = 9_000_000_000_001;
    const counter = { key: freshKey(), amount, limit: Number.MAX_SAFE_INTEGER, window: LIFETIME };
    const hold = granted(await store.reserve([counter], LONG_LEASE));
    await store.settle(hold.reservation, [amount]);
    mustState((await store.read([counter]))[0], { used: amount, held: 0 }, 'after settle');
  });
}
