import type { Store } from '../../types/store.js';
import { pause } from '../pause.js';
import { counterCases } from './store-counters.js';
import type { StoreBench } from './store-state.js';
import { windowCases } from './store-windows.js';
import { must, mustEqual, type SuiteCase } from './suite.js';

export interface StoreSubject {
  /** A store to test. Every case asks for its own and closes it; they may share one database, for keys never repeat. */
  create(): Store | Promise<Store>;
  /** What one round trip may take, in milliseconds: waits for lifetimes and leases are a multiple of it. @default 25 */
  readonly slackMs?: number;
}

/** What every `Store` must keep to: values with a lifetime, atomic reservations over many counters, leases. Real time, on the store's own clock. */
export function storeSuite(subject: StoreSubject): readonly SuiteCase[] {
  const slackMs = subject.slackMs ?? 25;
  let made = 0;
  const run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const freshKey = (): string => `conformance:${run}:${++made}`;

  const cases: SuiteCase[] = [];
  function test(name: string, body: (store: Store) => Promise<void>): void {
    cases.push({
      name,
      async run() {
        const store = await subject.create();
        try {
          await body(store);
        } finally {
          await store.close?.();
        }
      },
    });
  }

  test('gives back what was set, any text', async (store) => {
    const key = freshKey();
    mustEqual(await store.get(key), undefined, 'a key never set');
    for (const value of ['plain', '', 'é👋\n"quoted"\u0000end', '7']) {
      must(await store.set(key, value), 'set must say true when it wrote');
      mustEqual(await store.get(key), value, 'the value');
    }
  });

  test('sets only what is absent when asked to, and says whether it did', async (store) => {
    const key = freshKey();
    mustEqual(await store.set(key, 'first', { onlyIfAbsent: true }), true, 'the first set');
    mustEqual(await store.set(key, 'second', { onlyIfAbsent: true }), false, 'the second set');
    mustEqual(await store.get(key), 'first', 'the value');
  });

  test('lets exactly one of many set what is absent', async (store) => {
    const key = freshKey();
    const won = await Promise.all(Array.from({ length: 20 }, (_, index) => store.set(key, String(index), { onlyIfAbsent: true })));
    mustEqual(won.filter((one) => one).length, 1, 'how many won');
  });

  test('forgets a value after its lifetime, and no earlier', async (store) => {
    const key = freshKey();
    await store.set(key, 'brief', { ttlMs: slackMs * 4 });
    mustEqual(await store.get(key), 'brief', 'the value within its lifetime');
    await pause(slackMs * 6);
    mustEqual(await store.get(key), undefined, 'the value after its lifetime');
    mustEqual(await store.set(key, 'again', { onlyIfAbsent: true }), true, 'setting what has gone');
  });

  test('takes the lifetime of the last set', async (store) => {
    const key = freshKey();
    await store.set(key, 'brief', { ttlMs: slackMs * 2 });
    await store.set(key, 'stays');
    await pause(slackMs * 4);
    mustEqual(await store.get(key), 'stays', 'the value');
  });

  test('deletes, and deleting nothing is no error', async (store) => {
    const key = freshKey();
    await store.set(key, 'x');
    await store.delete(key);
    mustEqual(await store.get(key), undefined, 'the value');
    await store.delete(key);
  });

  const bench: StoreBench = { test, freshKey, slackMs };
  counterCases(bench);
  windowCases(bench);
  return cases;
}
