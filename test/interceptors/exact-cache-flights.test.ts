import { costMeter, ledger, memoryLedger, retry, RejectedError, type Interceptor } from 'headgate';
import { describe, expect, it } from 'vitest';
import { cached, entriesOf, question, testStore, verdictOf } from '../support/caching.js';
import { collect, failure } from '../support/adapters.js';

const soon = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const priced = (): Interceptor => costMeter({ prices: { 'mock/m': { input: 100, output: 1000 } } });
const slow = { text: ['one ', 'two ', 'three'], delayMs: 10, chunkDelayMs: 3, usage: { inputTokens: 10, outputTokens: 5 } };

describe('identical calls at the same time', () => {
  it.each([
    ['in memory', () => ({})],
    ['in a store elsewhere', () => ({ store: Object.assign(testStore(), { delayMs: 2 }), onStoreError: 'reject' as const })],
  ])('make one call, a thousand of them, plain and streamed, with answers kept %s', async (_where, options) => {
    const { gateway, mock } = cached(options(), { inside: [priced()] });
    mock.reply(slow);
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, at) => (at % 2 === 0 ? gateway.stream(question).response() : gateway.chat(question))));
    expect(mock.calls).toHaveLength(1);
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set(['one two three']));
    expect(answers.map(({ gateway: report }) => verdictOf(report)).filter((verdict) => verdict === 'joined')).toHaveLength(999);
    expect(answers.map(({ gateway: report }) => report?.cost.totalUsd).filter((usd) => usd === 0.006)).toHaveLength(1);
  });

  it('cost the first of them; the others saved what it cost', async () => {
    const { gateway, mock } = cached({}, { inside: [priced()] });
    mock.reply(slow);
    const [first, second, third] = await Promise.all([gateway.chat(question), gateway.chat(question), gateway.stream(question).response()]);
    expect(first.gateway).toMatchObject({ cache: 'miss', cost: { totalUsd: 0.006, savedUsd: 0 } });
    for (const { gateway: report, usage } of [second, third]) {
      expect(report).toMatchObject({ cache: 'exact', served: undefined, attempts: [], cost: { totalUsd: 0, servedUsd: 0, savedUsd: 0.006 } });
      expect(report?.decisions).toContainEqual(expect.objectContaining({ what: 'cache-hit', joined: true, from: { provider: 'mock', model: 'm' }, target: 'mock/m', usage }));
    }
  });

  it('give every reader all of the stream, whenever it came', async () => {
    const { gateway, mock } = cached();
    mock.reply(slow);
    const first = gateway.stream(question);
    await first.open();
    const late = collect(gateway.stream(question));
    const early = collect(first);
    for (const events of [await early, await late]) expect(events.map((event) => (event.type === 'text-delta' ? event.text : event.type))).toEqual(['start', 'one ', 'two ', 'three', 'part-end', 'end']);
    expect(mock.calls).toHaveLength(1);
  });

  it('find the answer in the cache when they come right after its end', async () => {
    for (const options of [{}, { store: Object.assign(testStore(), { delayMs: 10 }), onStoreError: 'reject' as const }]) {
      const { gateway, mock } = cached(options);
      await gateway.chat(question);
      const again = await gateway.chat(question);
      expect([again.text, verdictOf(again.gateway)]).toEqual(['answer 1', 'hit']);
      expect(mock.calls).toHaveLength(1);
    }
  });

  it('in other scopes make calls of their own', async () => {
    const { gateway, mock } = cached({ scope: { tag: 'tenant' } });
    mock.always((call) => ({ text: call.callId, delayMs: 5 }));
    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => gateway.chat(question, { tags: { tenant: String(at % 4) } })));
    expect(mock.calls).toHaveLength(4);
    expect(answers.map(({ text }) => text)).toEqual(answers.map((_, at) => answers[at % 4]?.text));
  });

  it('may leave without ending it for the others, the first as well, and retries go on for those who stay', async () => {
    const { gateway, mock } = cached({}, { inside: [retry({ minDelayMs: 10, random: () => 0.5 }), priced()] });
    mock.fail('overloaded', { delayMs: 20 }).reply(slow);
    const abort = new AbortController();
    const first = failure(gateway.chat(question, { signal: abort.signal }));
    const second = gateway.chat(question);
    const third = gateway.stream(question).response();
    const brief = failure(gateway.chat(question, { timeoutMs: 3 }));
    await soon(10);
    expect(await brief).toMatchObject({ code: 'deadline_exceeded' });
    abort.abort();
    expect(await first).toMatchObject({ code: 'cancelled', report: { cache: 'miss' } });
    expect([(await second).text, (await third).text]).toEqual(['one two three', 'one two three']);
    expect((await second).gateway).toMatchObject({ attempts: [], cost: { totalUsd: 0, savedUsd: 0.006 } });
    expect(mock.calls).toHaveLength(2);
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('hit');
  });

  it('are ended with the last who leaves, and the next begins anew', async () => {
    const { gateway, mock } = cached();
    mock.reply({ text: 'x', delayMs: Infinity }, { text: ['a', 'b'], chunkDelayMs: 5, ending: 'hang' }, 'whole');
    for (const streamed of [false, true]) {
      const aborts = [new AbortController(), new AbortController()];
      const readers = aborts.map(({ signal }) => failure(streamed ? gateway.stream(question, { signal }).response() : gateway.chat(question, { signal })));
      await soon();
      const last = mock.calls.at(-1);
      aborts[0]?.abort();
      await soon(2);
      expect(last?.aborted).toBe(false);
      aborts[1]?.abort();
      if (streamed) expect((await gateway.chat(question)).text).toBe('whole');
      await Promise.all(readers);
      expect(last?.aborted).toBe(true);
    }
    expect(mock.calls).toHaveLength(3);
  });

  it('are not joined by a later one when what is below never noticed that all have left', async () => {
    let calls = 0;
    const deaf: Interceptor = { name: 'deaf', intercept: (call, next) => (calls++ === 0 ? new Promise(() => {}) : next(call)) };
    const { gateway } = cached({}, { inside: [deaf] });
    expect(await failure(gateway.chat(question, { timeoutMs: 5 }))).toMatchObject({ code: 'deadline_exceeded' });
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('miss store');
  });

  it('are not joined by a later one once they failed, even if one of them has not read that yet', async () => {
    const { gateway, mock } = cached();
    mock.reply({ text: ['half ', 'an'], chunkDelayMs: 3, ending: 'cut' });
    const [quick, slow] = [gateway.stream(question), gateway.stream(question)];
    const failed = failure(quick.response());
    await slow.open();
    await failed;
    expect((await gateway.chat(question)).text).toBe('answer 1');
    expect(await failure(slow.response())).toMatchObject({ code: 'stream_interrupted' });
  });

  it('find the answer while it is on its way into a slow store', async () => {
    const store = testStore();
    const { gateway, mock } = cached({ store: { ...store, set: (key, value, options) => soon(key.includes(':exact:') ? 30 : 0).then(() => store.set(key, value, options)) }, onStoreError: 'reject' });
    await gateway.chat(question);
    const meanwhile = await Promise.all([gateway.chat(question), gateway.stream(question).response()]);
    expect(meanwhile.map(({ text, gateway: report }) => [text, verdictOf(report)])).toEqual([['answer 1', 'hit'], ['answer 1', 'hit']]);
    expect(entriesOf(store)).toEqual([]);
    await soon(40);
    expect(entriesOf(store)).toHaveLength(1);
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('hit');
    expect(mock.calls).toHaveLength(1);
  });

  it('find the answer that came while a slow store still said that there is none', async () => {
    const store = testStore();
    const late = async (key: string): Promise<string | undefined> => {
      const value = store.values.get(key);
      await soon(30);
      return value;
    };
    const { gateway, mock } = cached({ store: { ...store, get: late }, onStoreError: 'reject' });
    await gateway.chat(question);
    await gateway.chat(question, { cache: 'refresh' });
    mock.reply({ text: 'slow', delayMs: 40 });
    const first = gateway.chat({ ...question, seed: 1 });
    await soon(50);
    const second = await gateway.chat({ ...question, seed: 1 });
    expect([second.text, verdictOf(second.gateway)]).toEqual(['slow', 'hit']);
    await first;
    expect(mock.calls).toHaveLength(3);
  });

  it('all fail with the one failure, each with its own report, and the next tries again', async () => {
    const { gateway, mock } = cached();
    mock.fail('server_error', { delayMs: 5 });
    const errors = await Promise.all(Array.from({ length: 5 }, () => failure(gateway.chat(question))));
    expect(errors).toMatchObject(Array.from({ length: 5 }, () => ({ code: 'server_error', report: { cache: 'miss' } })));
    expect(new Set(errors.map((error) => (error as RejectedError).report?.callId)).size).toBe(5);
    expect(mock.calls).toHaveLength(1);
    expect((await gateway.chat(question)).text).toBe('answer 1');
  });

  it('all see a stream that breaks off, with what each had', async () => {
    const { gateway, mock } = cached();
    mock.reply({ text: ['half ', 'an'], chunkDelayMs: 3, ending: 'cut' });
    const readers = [gateway.stream(question), gateway.stream(question)];
    const errors = await Promise.all(readers.map((reader) => failure(reader.response())));
    expect(errors).toMatchObject([{ code: 'stream_interrupted', partial: { text: 'half an' } }, { code: 'stream_interrupted', partial: { text: 'half an' } }]);
    expect(mock.calls).toHaveLength(1);
  });

  it('are not refused for what the first of them may not do', async () => {
    const budget: Interceptor = {
      name: 'budget',
      stage: 'admit',
      async intercept(call, next) {
        await soon(2);
        if (call.tags['user'] === 'poor') throw new RejectedError('budget_exceeded', 'used up');
        return next(call);
      },
    };
    const { gateway, mock } = cached({}, { inside: [budget] });
    mock.always({ text: 'paid', delayMs: 5 });
    const results = await Promise.allSettled(['poor', 'rich', 'poor', 'rich', 'rich'].map((user) => gateway.chat(question, { tags: { user } })));
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.text : (result.reason as RejectedError).code))).toEqual(['budget_exceeded', 'paid', 'paid', 'paid', 'paid']);
    expect(mock.calls).toHaveLength(1);
  });

  it('are all told when each of them is refused', async () => {
    let refused = 0;
    const { gateway } = cached({}, { inside: [{ name: 'budget', intercept: () => Promise.reject(new RejectedError('budget_exceeded', `used up ${++refused}`)) }] });
    const errors = await Promise.all(Array.from({ length: 300 }, () => failure(gateway.chat(question))));
    expect(new Set(errors.map((error) => (error as RejectedError).code))).toEqual(new Set(['budget_exceeded']));
  });
});

describe('the books', () => {
  it('charge the one whose call it was, though it left, and give the others a row for what they saved', async () => {
    const rows = memoryLedger();
    const { gateway, mock } = cached({}, { outside: [ledger({ store: rows })], inside: [priced()] });
    mock.reply(slow);
    const first = failure(gateway.chat(question, { tags: { user: 'first' }, timeoutMs: 5 }));
    await gateway.stream(question, { tags: { user: 'second' } }).response();
    await first;
    await gateway.chat(question, { tags: { user: 'third' } });
    const spend = await gateway.spend({ groupBy: ['user'] });
    expect(spend.map(({ group, attempts, hits, costUsd, savedUsd }) => [group['user'], attempts, hits, costUsd, savedUsd])).toEqual([
      ['first', 1, 0, 0.006, 0],
      ['second', 0, 1, 0, 0.006],
      ['third', 0, 1, 0, 0.006],
    ]);
    await gateway.close();
  });

  it('have a row for what was made anew in the background', async () => {
    const rows = memoryLedger();
    const { gateway } = cached({ ttlMs: 1, staleWhileRevalidateMs: 60_000 }, { outside: [ledger({ store: rows })], inside: [priced()] });
    await gateway.chat(question);
    await soon();
    expect(verdictOf((await gateway.chat(question, { tags: { user: 'second' } })).gateway)).toBe('stale');
    await soon();
    const spend = await gateway.spend({ groupBy: ['user'] });
    expect(spend.map(({ group, attempts, hits, costUsd }) => [group['user'], attempts, hits, costUsd])).toEqual([['', 1, 0, 0.006], ['second', 1, 1, 0.006]]);
    await gateway.close();
  });
});

describe('a call for a fresh answer', () => {
  it('does not join an older call, others join it, and the older answer does not replace the newer', async () => {
    const store = testStore();
    const { gateway, mock } = cached({ store, onStoreError: 'reject' });
    mock.reply({ text: 'old', delayMs: 40 }, { text: 'fresh', delayMs: 20 });
    const old = gateway.chat(question);
    await soon(10);
    const fresh = gateway.chat(question, { cache: 'refresh' });
    await soon(2);
    const joined = gateway.chat(question);
    expect([(await joined).text, (await fresh).text, (await old).text]).toEqual(['fresh', 'fresh', 'old']);
    expect(mock.calls).toHaveLength(2);
    expect((await old).gateway?.decisions).toContainEqual(expect.objectContaining({ name: 'not-stored', data: { why: 'a newer call has taken its place' } }));
    expect((await gateway.chat(question)).text).toBe('fresh');
    expect(entriesOf(store)).toHaveLength(1);
  });

  it('neither joins nor is joined when it says skip', async () => {
    const { gateway, mock } = cached();
    mock.always((call) => ({ text: call.callId, delayMs: 5 }));
    await Promise.all([gateway.chat(question), gateway.chat(question, { cache: 'skip' }), gateway.chat(question, { cache: 'skip' }), gateway.chat(question)]);
    expect(mock.calls).toHaveLength(3);
  });
});
