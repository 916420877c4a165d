import { ConfigError, formatReport, memoryCache, RejectedError } from 'headgate';
import { redact } from 'headgate/redact';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cached, entriesOf, question, testStore, verdictOf, type CachedGateway, type TestStore } from '../support/caching.js';
import { failure } from '../support/adapters.js';

const other = { ...question, messages: [{ role: 'user' as const, content: 'And of Spain?' }] };
const tenants = { scope: { tag: 'tenant' }, invalidateBy: ['document'] } as const;
const soon = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Gateways that know nothing of one another but the store. */
function processes(count: number, store: TestStore = testStore()): readonly CachedGateway[] {
  return Array.from({ length: count }, () => cached({ ...tenants, store, onStoreError: 'reject' }));
}

/** Asks, and says what the cache did. */
async function ask({ gateway }: CachedGateway, tags: Record<string, string> = { tenant: 'a' }, request = question): Promise<string> {
  return verdictOf((await gateway.chat(request, { tags })).gateway);
}

describe('a store that is shared', () => {
  it('gives every process the answers of the others', async () => {
    const [one, two] = processes(2) as [CachedGateway, CachedGateway];
    expect(await ask(one)).toBe('miss store');
    expect(await ask(two)).toBe('hit');
    expect(two.mock.calls).toHaveLength(0);
    expect(await ask(two, { tenant: 'b' })).toBe('miss store');
  });

  it('holds no prompt, no tenant and no report', async () => {
    const store = testStore();
    const [one] = processes(1, store) as [CachedGateway];
    await ask(one, { tenant: 'acme-and-sons', document: 'secret-plan' });
    const everything = JSON.stringify([...store.values]);
    for (const word of ['capital', 'acme-and-sons', 'secret-plan', 'callId', 'decisions']) expect(everything).not.toContain(word);
    expect(everything).toContain('answer 1');
  });

  it('is not mixed up with that of others under another namespace', async () => {
    const store = testStore();
    const mine = cached({ store, onStoreError: 'reject', namespace: 'mine' });
    const yours = cached({ store, onStoreError: 'reject', namespace: 'yours' });
    await mine.gateway.chat(question);
    expect(verdictOf((await yours.gateway.chat(question)).gateway)).toBe('miss store');
    expect([...store.values.keys()].map((key) => key.split(':')[0])).toEqual(expect.arrayContaining(['mine', 'yours']));
  });

  it('that mixes up its keys, cuts them, or gives whatever it finds, gives misses and never another answer', async () => {
    const store = testStore();
    const [one] = processes(1, store) as [CachedGateway];
    await one.gateway.chat(other, { tags: { tenant: 'a' } });
    await one.gateway.chat(question, { tags: { tenant: 'b' } });
    await ask(one);
    const [foreign, mixed, mine] = entriesOf(store) as [string, string, string];
    for (const wrong of [foreign, mixed]) {
      store.values.set(mine, store.values.get(wrong) as string);
      const answer = await one.gateway.chat(question, { tags: { tenant: 'a' } });
      expect(verdictOf(answer.gateway)).toBe('unreadable-entry miss store');
      expect(formatReport(answer.gateway!)).toContain('exact-cache: unreadable-entry');
    }
    expect(await ask(one)).toBe('hit');
  });

  it('that gives back nonsense gives misses, and nothing is thrown', async () => {
    const store = testStore();
    const [one] = processes(1, store) as [CachedGateway];
    await ask(one);
    const [key] = entriesOf(store) as [string];
    const good = store.values.get(key) as string;
    const nonsense = ['', 'null', '{', '[]', '7', '{}', '{"version":1}', good.slice(0, -1), good.slice(1), good.replace('"version":1', '"version":2'), good.replace('"chat"', '"embed"'), good.replace('"content":[', '"content":{"a":['), good.replace(/"content":\[.*?\]/, '"content":null'), good.replace(/"createdAt":\d+/, '"createdAt":"now"'), good.replace(/"response":\{/, '"response":null,"x":{')];
    for (const wrong of [...nonsense, 7, {}] as string[]) {
      expect(wrong).not.toBe(good);
      store.values.set(key, wrong);
      expect([wrong, await ask(one)]).toEqual([wrong, 'unreadable-entry miss store']);
    }
  });

  it('that gives back an entry with anything changed gives a miss or an answer of the right form, and nothing is thrown', async () => {
    const store = testStore();
    const [one] = processes(1, store) as [CachedGateway];
    await ask(one);
    const [key] = entriesOf(store) as [string];
    const good = store.values.get(key) as string;
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length), fc.nat(20), fc.string({ maxLength: 5 }), async (at, length, text) => {
        store.values.set(key, good.slice(0, at) + text + good.slice(at + length));
        const { content, text: said, finishReason } = await one.gateway.chat(question, { tags: { tenant: 'a' } });
        expect([Array.isArray(content), typeof said, typeof finishReason]).toEqual([true, 'string', 'string']);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a store that is down', () => {
  it.each([true, 'hangs'] as const)('lets calls through when that is to be, and says so (%s)', async (down) => {
    const store = testStore();
    const { gateway, mock } = cached({ store, onStoreError: 'allow', storeTimeoutMs: 20 });
    await gateway.chat(question);
    store.down = down;
    mock.reply({ text: 'meanwhile', delayMs: 15 });
    const during = await Promise.all([gateway.chat(question), gateway.chat(question)]);
    expect(during.map(({ gateway: report }) => report?.cache).toSorted()).toEqual(['bypass', 'exact']);
    expect(during[0].gateway?.decisions).toContainEqual(expect.objectContaining({ what: 'cache-bypass', why: 'its store cannot be reached' }));
    expect(mock.calls).toHaveLength(2);
    store.down = false;
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('hit');
  });

  it.each([true, 'hangs'] as const)('fails calls when that is to be, before anything is sent (%s)', async (down) => {
    const store = Object.assign(testStore(), { down });
    const { gateway, mock } = cached({ store, onStoreError: 'reject', storeTimeoutMs: 20 });
    for (const cache of ['use', 'refresh'] as const) {
      const error = await failure(gateway.chat(question, { cache }));
      expect(error).toBeInstanceOf(RejectedError);
      expect(error).toMatchObject({ code: 'store_unavailable' });
    }
    expect((await gateway.chat(question, { cache: 'skip' })).text).toBe('answer 1');
    expect(mock.calls).toHaveLength(1);
  });

  it.each(['allow', 'reject'] as const)('costs nobody the answer when it goes down before that is stored (%s)', async (onStoreError) => {
    const store = testStore();
    const { gateway, mock, decisions } = cached({ store, onStoreError, storeTimeoutMs: 20 });
    mock.reply(() => {
      store.down = true;
      return 'there';
    });
    expect((await gateway.chat(question)).text).toBe('there');
    await soon();
    expect(decisions).toContainEqual(expect.objectContaining({ name: 'not-stored', data: { why: 'the store cannot be reached' } }));
  });

  it.each(['allow', 'reject'] as const)('does not hold a caller past its deadline (%s)', async (onStoreError) => {
    const { gateway } = cached({ store: Object.assign(testStore(), { down: 'hangs' as const }), onStoreError, storeTimeoutMs: 10_000 });
    const startedAt = performance.now();
    expect(await failure(gateway.chat(question, { timeoutMs: 20 }))).toMatchObject({ code: 'deadline_exceeded' });
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('says of an invalidation that it was not done', async () => {
    const store = Object.assign(testStore(), { down: true });
    const { cache } = cached({ store, onStoreError: 'allow', invalidateBy: ['document'] });
    for (const what of [{ key: 'k' }, { scope: 'shared' }, { tag: 'document', value: '1' }]) expect(await failure(cache.invalidate(what))).toMatchObject({ code: 'store_unavailable' });
  });

  it('that refuses a value for its size says so', async () => {
    const { gateway, mock } = cached({ maxBytes: 64 * 1024 });
    mock.always({ text: 'x'.repeat(20_000) });
    const { gateway: report } = await gateway.chat(question);
    expect(report?.decisions).toContainEqual(expect.objectContaining({ name: 'not-stored', data: { why: 'it is too large for the store' } }));
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('miss not-stored');
  });
});

describe('invalidation', () => {
  it('by key drops one answer and no other', async () => {
    const [one, two] = processes(2) as [CachedGateway, CachedGateway];
    const { gateway: report } = await one.gateway.chat(question, { tags: { tenant: 'a' } });
    await ask(one, { tenant: 'a' }, other);
    const key = one.cache.keyOf(report);
    expect(two.cache.keyOf((await two.gateway.chat(question, { tags: { tenant: 'a' } })).gateway)).toBe(key);
    await two.cache.invalidate({ key: key as string });
    expect([await ask(one), await ask(one, { tenant: 'a' }, other)]).toEqual(['miss store', 'hit']);
    expect(one.cache.keyOf(undefined)).toBeUndefined();
    expect(one.cache.keyOf((await one.gateway.chat(question)).gateway)).toBeUndefined();
  });

  it('by scope drops the answers of that scope, in every process, from the moment it resolves', async () => {
    const [one, two] = processes(2) as [CachedGateway, CachedGateway];
    for (const tenant of ['a', 'b']) for (const request of [question, other]) await ask(one, { tenant }, request);
    await two.cache.invalidate({ scope: 'a' });
    expect([await ask(one, { tenant: 'a' }), await ask(one, { tenant: 'a' }, other), await ask(one, { tenant: 'b' }), await ask(two, { tenant: 'b' }, other)]).toEqual(['miss store', 'miss store', 'hit', 'hit']);
    expect(await ask(two)).toBe('hit');
  });

  it('by tag drops the answers made with that value, over all scopes', async () => {
    const [one, two] = processes(2) as [CachedGateway, CachedGateway];
    const places = [{ tenant: 'a', document: '1' }, { tenant: 'b', document: '1' }, { tenant: 'a', document: '2' }, { tenant: 'a' }];
    for (const tags of places) expect(await ask(one, tags)).toBe('miss store');
    await two.cache.invalidate({ tag: 'document', value: '1' });
    const verdicts = [];
    for (const tags of places) verdicts.push(await ask(one, tags));
    expect(verdicts).toEqual(['miss store', 'miss store', 'hit', 'hit']);
  });

  it('of everything that is shared goes by the word for it', async () => {
    const { cache, gateway } = cached();
    await gateway.chat(question);
    await cache.invalidate({ scope: 'shared' });
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('miss store');
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('hit');
  });

  it.each([{ scope: 'a' }, { tag: 'document', value: '1' }, 'key'] as const)('holds for an answer under way too, which later calls do not join: %j', async (what) => {
    const [one] = processes(1) as [CachedGateway];
    const tags = { tenant: 'a', document: '1' };
    const warm = await one.gateway.chat(question, { tags, cache: 'refresh' });
    const key = one.cache.keyOf(warm.gateway) as string;
    await one.cache.invalidate({ key });
    one.mock.reply({ text: 'old', delayMs: 20 }, { text: 'new', delayMs: 5 });
    const old = one.gateway.chat(question, { tags });
    await soon();
    await one.cache.invalidate(what === 'key' ? { key } : what);
    const fresh = one.gateway.chat(question, { tags });
    expect([(await fresh).text, (await old).text]).toEqual(['new', 'old']);
    expect((await one.gateway.chat(question, { tags })).text).not.toBe('old');
  });

  it('never comes undone by a store that forgets: a generation that is lost costs misses', async () => {
    const store = testStore();
    const [one, two] = processes(2, store) as [CachedGateway, CachedGateway];
    await ask(one);
    await two.cache.invalidate({ scope: 'a' });
    const kept = [...store.values].filter(([key]) => key.includes(':exact:'));
    for (const key of store.values.keys()) if (key.includes(':generation:')) store.values.delete(key);
    expect(kept).toHaveLength(1);
    expect(await ask(one)).toBe('miss store');
    for (const key of store.values.keys()) if (key.includes(':generation:')) store.values.delete(key);
    expect(await ask(two)).toBe('miss store');
    expect(await ask(one)).toBe('hit');
  });

  it('lets processes that begin a generation at the same time agree on one', async () => {
    const store = Object.assign(testStore(), { delayMs: 1 });
    const all = processes(5, store);
    await Promise.all(all.map((one) => ask(one)));
    for (const one of all) expect(await ask(one)).toBe('hit');
  });

  it.each([{}, { tag: 'document' }, { tag: 'user', value: 'u' }, { key: 7 }, null])('of %j is refused, saying what it takes', async (what) => {
    const [one] = processes(1) as [CachedGateway];
    const error = await failure(one.cache.invalidate(what as { key: string }));
    expect(error).toEqual(new ConfigError('exact-cache: invalidate: wanted { key }, { scope } or { tag, value } with a tag of invalidateBy (document)'));
  });
});

describe('inside redact', () => {
  it('two who ask the same with values of their own share an entry that holds neither, and each gets its own back', async () => {
    const store = testStore();
    const { gateway, mock } = cached({ store, onStoreError: 'reject' }, { outside: [redact()] });
    mock.always((call) => ({ text: `You wrote: ${call.text}` }));
    const asked = ['ada@example.com', 'grace@example.org'].map((email) => ({ ...question, messages: [{ role: 'user' as const, content: `Is ${email} an address?` }] }));
    const answers = [];
    for (const request of asked) answers.push(await gateway.chat(request));
    expect(answers.map(({ text }) => text)).toEqual(asked.map(({ messages }) => `You wrote: ${messages[0]?.content}`));
    expect(answers.map(({ gateway: report }) => report?.cache)).toEqual(['miss', 'exact']);
    expect(mock.calls).toHaveLength(1);
    expect(JSON.stringify([...store.values])).not.toMatch(/ada@|grace@/);
    const [first, second] = await Promise.all(asked.map((request) => gateway.stream({ ...request, seed: 1 }).response()));
    expect([first?.text, second?.text]).toEqual(asked.map(({ messages }) => `You wrote: ${messages[0]?.content}`));
    expect(mock.calls).toHaveLength(2);
  });
});

describe('memory as the store', () => {
  it('may be shared by gateways of one process', async () => {
    const store = memoryCache();
    const [one, two] = [cached({ store, onStoreError: 'reject' }), cached({ store, onStoreError: 'reject' })];
    await one.gateway.chat(question);
    expect((await two.gateway.chat(question)).text).toBe('answer 1');
    expect(two.mock.calls).toHaveLength(0);
    expect(store.size).toBe(2);
  });
});
