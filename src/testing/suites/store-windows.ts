import { pause } from '../pause.js';
import { CONCURRENT, granted, LIFETIME, LONG_LEASE, mustState, type StoreBench } from './store-state.js';
import { must, mustEqual } from './suite.js';

/** Leases and windows: what the store's own clock decides. */
export function windowCases({ test, freshKey, slackMs }: StoreBench): void {
  test('counts a hold whose lease ran out as spent, until a late settle corrects it', async (store) => {
    const counter = { key: freshKey(), amount: 40, limit: 100, window: LIFETIME };
    const hold = granted(await store.reserve([counter], { leaseMs: slackMs * 2 }));
    await pause(slackMs * 4);
    mustState((await store.read([counter]))[0], { used: 40, held: 0 }, 'after the lease');
    const tooMuch = await store.reserve([{ ...counter, amount: 61 }], LONG_LEASE);
    must(!tooMuch.ok, 'what ran out must still count against the limit', tooMuch);
    await store.settle(hold.reservation, [15]);
    mustState((await store.read([counter]))[0], { used: 15, held: 0 }, 'after the late settle');
  });

  test('keeps a hold for the whole of its lease', async (store) => {
    const counter = { key: freshKey(), amount: 1, limit: 1, window: CONCURRENT };
    granted(await store.reserve([counter], { leaseMs: slackMs * 20 }));
    await pause(slackMs * 4);
    must(!(await store.reserve([counter], LONG_LEASE)).ok, 'a hold must outlive a part of its lease');
  });

  test('frees a concurrent counter when its hold is settled, whatever was used', async (store) => {
    const counter = { key: freshKey(), amount: 1, limit: 1, window: CONCURRENT };
    const hold = granted(await store.reserve([counter], LONG_LEASE));
    must(!(await store.reserve([counter], LONG_LEASE)).ok, 'the second must wait for the first');
    await store.settle(hold.reservation, [1]);
    mustState((await store.read([counter]))[0], { used: 0, held: 0 }, 'after settle');
    granted(await store.reserve([counter], LONG_LEASE));
  });

  test('frees a concurrent counter when the lease of its hold runs out', async (store) => {
    const counter = { key: freshKey(), amount: 1, limit: 1, window: CONCURRENT };
    const hold = granted(await store.reserve([counter], { leaseMs: slackMs * 2 }));
    await pause(slackMs * 4);
    mustState((await store.read([counter]))[0], { used: 0, held: 0 }, 'after the lease');
    const next = granted(await store.reserve([counter], LONG_LEASE));
    // The one who was late must not free the place of the one who came after.
    await store.settle(hold.reservation, [1]);
    must(!(await store.reserve([counter], LONG_LEASE)).ok, 'a late settle must not free what another holds');
    await store.settle(next.reservation, [1]);
  });

  test('gives a sliding window back when it has passed, and says how long that takes', async (store) => {
    const windowMs = slackMs * 8;
    const counter = { key: freshKey(), amount: 10, limit: 10, window: { kind: 'sliding', ms: windowMs } as const };
    const hold = granted(await store.reserve([counter], LONG_LEASE));
    await store.settle(hold.reservation, [10]);
    const refused = await store.reserve([counter], LONG_LEASE);
    must(!refused.ok, 'a full window must refuse', refused);
    const wait = refused.retryAfterMs;
    must(wait !== undefined && wait > 0 && wait <= windowMs, `retryAfterMs must be above 0 and at most ${windowMs}`, wait);
    await pause(windowMs + slackMs);
    mustState((await store.read([counter]))[0], { used: 0, held: 0 }, 'after the window');
    granted(await store.reserve([counter], LONG_LEASE));
  });

  test('never lets a sliding window take more than its limit at any moment', async (store) => {
    const windowMs = slackMs * 8;
    const counter = { key: freshKey(), amount: 1, limit: 5, window: { kind: 'sliding', ms: windowMs } as const };
    const grantedAt: number[] = [];
    const end = performance.now() + windowMs * 2.5;
    while (performance.now() < end) {
      const before = performance.now();
      const result = await store.reserve([counter], LONG_LEASE);
      if (result.ok) {
        grantedAt.push(before);
        await store.settle(result.reservation, [1]);
      }
      await pause(slackMs / 5);
    }
    // The store's moment lies within one round trip of ours.
    const crowded = grantedAt.some((at, index) => (grantedAt[index + counter.limit] ?? Infinity) - at < windowMs - slackMs);
    must(!crowded, 'six were granted within one window', grantedAt.map((at) => Math.round(at - (grantedAt[0] ?? 0))));
    must(grantedAt.length > counter.limit, 'a window that has passed must be given back', grantedAt.length);
  });

  for (const [unit, longestMs] of [['hour', 3_600_000], ['day', 90_000_000], ['week', 608_400_000], ['month', 2_682_000_000]] as const) {
    test(`counts by the calendar ${unit} and knows when it ends`, async (store) => {
      const counter = { key: freshKey(), amount: 10, limit: 10, window: { kind: 'calendar', unit, timeZone: 'Europe/Zurich' } as const };
      const hold = granted(await store.reserve([counter], LONG_LEASE));
      await store.settle(hold.reservation, [10]);
      const [state] = await store.read([counter]);
      mustState(state, { used: 10, held: 0 }, 'after settle');
      const resetsInMs = state?.resetsInMs;
      must(resetsInMs !== undefined && resetsInMs > 0 && resetsInMs <= longestMs, `resetsInMs must lie within one ${unit}`, resetsInMs);
      const refused = await store.reserve([counter], LONG_LEASE);
      must(!refused.ok && refused.retryAfterMs !== undefined && refused.retryAfterMs <= longestMs, 'the refusal must say when the window ends', refused);
    });
  }

  test('says nothing of resets for counters that never start over', async (store) => {
    const states = await store.read([{ key: freshKey(), limit: 1, window: LIFETIME }, { key: freshKey(), limit: 1, window: CONCURRENT }]);
    mustEqual(states.map(({ resetsInMs }) => resetsInMs ?? 'none'), ['none', 'none'], 'resetsInMs');
  });
}
