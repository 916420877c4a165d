import { ConfigError } from '../../errors.js';
import type { Ledger, LedgerEntry, LedgerQuery } from '../../types/store.js';
import { createTrial, MORNING, type LedgerTrial } from './ledger-entries.js';
import { totalCases } from './ledger-total-cases.js';
import { must, mustEqual, rejectionOf, type SuiteCase } from './suite.js';

export interface LedgerSubject {
  /** A ledger to test, for at least 2000 entries. Every case asks for its own and closes it; they may share one database, for ids never repeat. */
  create(): Ledger | Promise<Ledger>;
}

/** What every `Ledger` must keep to: each entry once, all of a batch or none, sums that are exact, names and values of any text. */
export function ledgerSuite(subject: LedgerSubject): readonly SuiteCase[] {
  const run = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const cases: SuiteCase[] = [];

  function test(name: string, body: (trial: LedgerTrial) => Promise<void>): void {
    const place = cases.length;
    cases.push({
      name,
      async run() {
        const ledger = await subject.create();
        try {
          await body(createTrial(ledger, `${run}-${place}`));
        } finally {
          await ledger.close?.();
        }
      },
    });
  }

  test('gives back every entry as it was appended', async ({ ledger, entry, entries }) => {
    const plain = entry();
    const full = entry({
      target: { provider: 'azure', model: 'deployment', credential: 'eu-1' },
      model: 'gpt-5-mini-2026-01-01', attempt: 2, kind: 'hedge', outcome: 'stream_interrupted', certainty: 'possibly_billed', serviceTier: 'priority', price: 'assumed', cache: 'miss',
      usage: { inputTokens: 10, outputTokens: 9, cacheReadTokens: 8, cacheWriteTokens: 1, cacheWriteLongTokens: 0, reasoningTokens: 7, audioInputTokens: 6, audioOutputTokens: 5, imageInputTokens: 4, imageOutputTokens: 3, reportedUsd: 0.000_001_5, estimated: true },
    });
    const { price: _unpriced, ...bare } = entry({ costUsd: null });
    const hit = entry({ costUsd: 0, savedUsd: 0.000_000_001, cache: 'exact', certainty: 'not_sent' });
    const unknownHit = entry({ costUsd: 0, savedUsd: null, cache: 'semantic', certainty: 'not_sent' });
    await ledger.append([plain, full, bare, hit, unknownHit]);
    mustEqual(await entries(), [plain, full, bare, hit, unknownHit], 'the entries');
  });

  test('counts an entry once, however often it is appended, and keeps the first', async ({ ledger, entry, entries }) => {
    const one = entry();
    await ledger.append([one, one]);
    await ledger.append([one, { ...one, costUsd: 99 }]);
    await Promise.all(Array.from({ length: 10 }, () => ledger.append([one])));
    mustEqual(await entries(), [one], 'the entries');
  });

  test('appends all of a batch or nothing of it', async ({ ledger, entry, entries }) => {
    const wrong: readonly LedgerEntry[] = [
      entry({ usage: { inputTokens: Number.NaN, outputTokens: 1 } }), entry({ usage: { inputTokens: 1, outputTokens: -1 } }), entry({ usage: { inputTokens: 0.5, outputTokens: 1 } }),
      entry({ costUsd: Number.NaN }), entry({ costUsd: -1 }), entry({ costUsd: Infinity }), entry({ at: Number.NaN }), entry({ durationMs: Infinity }), entry({ id: '' }), entry({ id: 'other:1' }), entry({ callId: '', id: ':1' }),
    ];
    for (const bad of wrong) {
      const error = await rejectionOf(ledger.append([entry(), bad, entry()]), 'a batch with an entry that cannot be added up must be refused');
      must(error instanceof ConfigError, 'the refusal must be a ConfigError', error);
    }
    mustEqual(await entries(), [], 'the entries');
  });

  test('loses nothing and doubles nothing of many appends at once', async ({ ledger, entry, totals }) => {
    const all = Array.from({ length: 300 }, () => entry());
    await Promise.all(Array.from({ length: 59 }, (_, at) => ledger.append(all.slice(at * 5, at * 5 + 10)))); // each overlaps the next
    const [total] = await totals();
    mustEqual([total?.calls, total?.attempts, total?.inputTokens], [300, 300, 30_000], 'calls, attempts and tokens');
  });

  test('is not changed through what was appended, or what was read', async ({ ledger, entry, entries }) => {
    const one = entry({ tags: { tenant: 'acme' } });
    const mine = { ...one, usage: { ...one.usage }, tags: { ...one.tags } };
    await ledger.append([mine]);
    Object.assign(mine.usage, { inputTokens: 1 });
    Object.assign(mine.tags, { tenant: 'other' });
    for (const read of await entries()) Object.assign(read.tags, { tenant: 'other' });
    mustEqual(await entries(), [one], 'the entries');
  });

  test('takes an empty batch, and has no totals where there is nothing', async ({ ledger, totals }) => {
    await ledger.append([]);
    mustEqual(await totals(), [], 'totals');
    mustEqual(await totals({ groupBy: ['tenant'] }), [], 'totals by tenant');
  });

  test('gives entries oldest first, and in the order appended within one millisecond, however many', async ({ ledger, entry, entries }) => {
    const all = Array.from({ length: 1200 }, (_, at) => entry({ at: MORNING + ((at * 7) % 13) }));
    for (let from = 0; from < all.length; from += 100) await ledger.append(all.slice(from, from + 100));
    const wanted = all.toSorted((one, other) => one.at - other.at).map(({ id }) => id);
    mustEqual((await entries()).map(({ id }) => id).join(), wanted.join(), 'the ids');
    mustEqual((await entries({ from: MORNING + 3, to: MORNING + 5 })).length, all.filter(({ at }) => at >= MORNING + 3 && at < MORNING + 5).length, 'how many began in those two milliseconds');
  });

  test('lets a reader of entries leave early', async ({ ledger, entry, totals }) => {
    await ledger.append(Array.from({ length: 20 }, () => entry()));
    for await (const read of ledger.entries({})) if (read.id !== '') break;
    await ledger.append([entry()]);
    mustEqual((await totals())[0]?.attempts, 21, 'attempts');
  });

  test('prunes what began before a moment, and nothing else', async ({ ledger, entry, entries, totals }) => {
    // Long before the entries of every other case.
    const [old, older, kept] = [entry({ at: 999, tags: { tenant: 'gone' } }), entry({ at: 5 }), entry({ at: 1000 })];
    await ledger.append([old, older, kept]);
    mustEqual(await ledger.prune(1000), 2, 'how many were removed');
    mustEqual(await entries(), [kept], 'the entries');
    mustEqual(await ledger.prune(1000), 0, 'how many were removed the second time');
    await ledger.append([old]);
    mustEqual((await totals({ groupBy: ['tenant'] })).map(({ group }) => group), [{ tenant: '' }, { tenant: 'gone' }], 'groups, after one came back');
    mustEqual(await ledger.prune(1001), 2, 'how many were removed at last');
  });

  test('refuses a query that makes no sense', async ({ ledger }) => {
    const wrong = [
      { bucketMs: 0 }, { bucketMs: 1.5 }, { bucketMs: Number.NaN }, { bucketMs: -60_000 }, { from: Number.NaN }, { to: Infinity }, { groupBy: 'tenant' }, { groupBy: [7] }, { where: { tenant: 7 } }, { where: 'tenant' },
    ] as unknown as readonly LedgerQuery[]; // what a caller without types may ask
    for (const query of wrong) {
      const error = await rejectionOf(ledger.totals(query), `totals of ${JSON.stringify(query)} must be refused`);
      must(error instanceof ConfigError, 'the refusal must be a ConfigError', error);
    }
  });

  totalCases({ test });
  return cases;
}
