import type { LedgerQuery } from '../../types/store.js';
import { MORNING, traffic, type LedgerBench } from './ledger-entries.js';
import { reference } from './ledger-reference.js';
import { mustEqual } from './suite.js';

const MINUTE = 60_000;

const QUESTIONS: readonly LedgerQuery[] = [
  {},
  ...['provider', 'model', 'credential', 'outcome', 'kind', 'cache', 'tenant', 'tag:provider', 'nobody-has-it'].map((name): LedgerQuery => ({ groupBy: [name] })),
  { groupBy: ['tenant', 'model', 'tag:provider'] },
  { groupBy: ['tag:provider', 'provider'] },
  { bucketMs: MINUTE },
  { groupBy: ['model'], bucketMs: 86_400_000 },
  { where: { provider: 'anthropic' }, groupBy: ['model'] },
  { where: { credential: '' } },
  { where: { tenant: 'acme', outcome: 'ok' }, groupBy: ['kind'] },
  { where: { tenant: '' } },
  { where: { 'tag:provider': 'mine', provider: 'openai' } },
  { where: { tenant: 'nobody' } },
  { from: MORNING + MINUTE, to: MORNING + 60 * MINUTE, groupBy: ['cache'] },
];

/** Names and values that have broken something somewhere. */
const HOSTILE = [
  '__proto__', 'constructor', 'toString', '', ' ', "'", '"', '`', "'; DROP TABLE entry; --", '$."a"', '$.a[0]', '%', '_', '?', ':a', '\\', 'a\nb\r\n', 'é👋', 'ÅÅ', '0', 'null', 'tag:', 'x'.repeat(10_000),
];
/** No database takes both; all keep something in their place. */
const UNSTORABLE = ['half \ud83d', 'nul \0 inside'];

/** `totals`: what is counted, what is kept apart, and under which names. */
export function totalCases({ test }: LedgerBench): void {
  test('adds up like a sum by hand, whatever is asked', async (trial) => {
    const entries = traffic(trial, 400);
    for (let at = 0; at < entries.length; at += 50) await trial.ledger.append(entries.slice(at, at + 50));
    for (const question of QUESTIONS) mustEqual(await trial.totals(question), reference(entries, question), `totals of ${JSON.stringify(question)}`);
  });

  test('orders totals by group and then by time', async ({ ledger, entry, totals }) => {
    const made = ['b', 'a', 'B', 'ab', 'é', ''].flatMap((tenant) => [2, 0, 1].map((minute) => entry({ at: MORNING + minute * MINUTE, tags: { tenant } })));
    await ledger.append(made);
    const found = await totals({ groupBy: ['tenant'], bucketMs: MINUTE });
    const start = MORNING - (MORNING % MINUTE);
    mustEqual(
      found.map(({ group, bucket }) => [group['tenant'], ((bucket ?? 0) - start) / MINUTE]),
      ['', 'B', 'a', 'ab', 'b', 'é'].flatMap((tenant) => [0, 1, 2].map((minute) => [tenant, minute])),
      'groups and buckets',
    );
  });

  test('adds nano-USD exactly, beyond what a number holds too', async ({ ledger, entry, totals }) => {
    await ledger.append([...[0.1, 0.2, 0.000_000_001].map((costUsd) => entry({ costUsd })), entry({ costUsd: 0.3, tags: { big: 'yes' } })]);
    mustEqual((await totals({ where: { big: '' } }))[0]?.costUsd, 0.300_000_001, 'costUsd');
    await ledger.append(Array.from({ length: 20 }, () => entry({ costUsd: 999_999.999_999_999, tags: { big: 'yes' } })));
    mustEqual((await totals({ where: { big: 'yes' } }))[0]?.costUsd, 20_000_000.299_999_98, 'costUsd of twenty million');
  });

  test('never counts a missing price as nothing', async ({ ledger, entry, totals }) => {
    await ledger.append([entry({ costUsd: null }), entry({ costUsd: null }), entry({ costUsd: 0.5 }), entry({ costUsd: 0 })]);
    const [total] = await totals();
    mustEqual([total?.costUsd, total?.unpriced, total?.attempts], [0.5, 2, 4], 'costUsd, unpriced and attempts');
  });

  test('says what of the sum was counted here because no provider did', async ({ ledger, entry, totals }) => {
    const estimated = { inputTokens: 1, outputTokens: 1, estimated: true };
    await ledger.append([entry({ usage: estimated, costUsd: 0.25 }), entry({ usage: estimated, costUsd: null }), entry({ costUsd: 1 })]);
    const [total] = await totals();
    mustEqual([total?.costUsd, total?.estimatedUsd, total?.estimated, total?.unpriced], [1.25, 0.25, 2, 1], 'costUsd, estimatedUsd, estimated and unpriced');
  });

  test('counts a hit as a call, not as an attempt, and its tokens as saved', async ({ ledger, entry, totals }) => {
    const hit = { costUsd: 0, certainty: 'not_sent', attempt: 0 } as const;
    await ledger.append([entry({ ...hit, cache: 'exact', savedUsd: 0.002 }), entry({ ...hit, cache: 'semantic', savedUsd: null }), entry({ cache: 'miss' })]);
    const [total] = await totals();
    mustEqual([total?.calls, total?.attempts, total?.hits, total?.inputTokens, total?.savedUsd, total?.unpriced], [3, 1, 2, 100, 0.002, 0], 'calls, attempts, hits, inputTokens, savedUsd and unpriced');
  });

  test('counts a call once, however many attempts it took', async ({ ledger, entry, totals }) => {
    const callId = entry().callId;
    await ledger.append([1, 2, 3].map((index) => entry({ callId, id: `${callId}:${index}`, outcome: index < 3 ? 'overloaded' : 'ok', target: { provider: 'p', model: index < 3 ? 'first' : 'second' } })));
    mustEqual((await totals()).map(({ calls, attempts, errors }) => [calls, attempts, errors]), [[1, 3, 2]], 'calls, attempts and errors');
    mustEqual((await totals({ groupBy: ['model'] })).map(({ calls, attempts }) => [calls, attempts]), [[1, 2], [1, 1]], 'calls and attempts by model');
    // Ids that begin alike are different calls all the same.
    await ledger.append([`${callId}:1`, `${callId}:1:x`, `${callId}x`].map((other) => entry({ callId: other, id: `${other}:7` })));
    await ledger.append([entry({ callId, id: `${callId}:4` })]);
    mustEqual((await totals()).map(({ calls, attempts }) => [calls, attempts]), [[4, 7]], 'calls and attempts, of ids that begin alike');
  });

  test('takes any text as a tag, and as the name of one', async ({ ledger, entry, totals, entries }) => {
    const made = HOSTILE.map((text) => entry({ tags: Object.fromEntries([[text, `value of ${text.slice(0, 20)}`], ['any', text]]) }));
    await ledger.append(made);
    mustEqual(await entries(), made, 'the entries');
    for (const text of HOSTILE) {
      const name = `tag:${text}`;
      const value = `value of ${text.slice(0, 20)}`;
      mustEqual((await totals({ groupBy: [name] })).map(({ group, calls }) => [Object.entries(group), calls]), [[[[name, '']], HOSTILE.length - 1], [[[name, value]], 1]], `groups by ${JSON.stringify(text.slice(0, 40))}`);
      mustEqual((await totals({ where: Object.fromEntries([[name, value]]) }))[0]?.calls, 1, `calls where ${JSON.stringify(text.slice(0, 40))} is there`);
      mustEqual((await totals({ where: { any: text } }))[0]?.calls, 1, `calls with the value ${JSON.stringify(text.slice(0, 40))}`);
    }
    mustEqual((await totals({ groupBy: ['any'] })).map(({ group }) => group['any']), HOSTILE.toSorted((one, other) => (one < other ? -1 : 1)), 'groups by value');
  });

  test('finds text that no database takes by that very text', async ({ ledger, entry, totals }) => {
    for (const text of UNSTORABLE) {
      await ledger.append([entry({ tags: Object.fromEntries([[text, text]]) })]);
      mustEqual((await totals({ where: Object.fromEntries([[text, text]]) }))[0]?.calls, 1, `calls where ${JSON.stringify(text)} is there`);
    }
  });
}
