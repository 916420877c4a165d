import { CancelledError, complete, ConfigError, costMeter, createGateway, exactCache, fallback, formatReport, memoryCache, retry, type CallOf, type ChatRequest, type ExactCacheOptions, type Message } from 'headgate';
import { interceptorSuite, mockProvider, type AnswerReply } from 'headgate/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { cached, question, verdictOf } from '../support/caching.js';
import { collect, failure, gatewayOf, streaming, text, begin, finish } from '../support/adapters.js';

describe('exactCache keeps to what every interceptor owes', () => {
  for (const { name, run } of interceptorSuite({ create: () => exactCache({ scope: 'shared' }) })) it(name, run);
});

describe('exactCache', () => {
  it('answers the same question once, in each form: plain, streamed, embedded', async () => {
    const { gateway, mock } = cached();
    const first = await gateway.chat(question);
    const second = await gateway.chat(question);
    const third = await gateway.stream(question).response();
    for (const again of [second, third]) {
      const { gateway: _first, ...wanted } = first;
      const { gateway: report, ...got } = again;
      expect(got).toEqual(wanted);
      expect(verdictOf(report)).toBe('hit');
    }
    expect(mock.calls).toHaveLength(1);
    const embedded = [await gateway.embed({ model: 'mock/e', input: ['a'] }), await gateway.embed({ model: 'mock/e', input: ['a'] })];
    expect(embedded.map(({ embeddings }) => embeddings)).toEqual([[[2]], [[2]]]);
    expect(mock.calls).toHaveLength(2);
  });

  it('keeps a stream at its end and gives it back as deltas, whole', async () => {
    const { gateway, mock } = cached();
    mock.reply({ text: ['The ', 'capital.'], reasoning: 'Hm.', toolCalls: [{ id: 'c1', name: 'map', input: { at: 'Paris' } }], id: 'r1' });
    const first = await gateway.stream(question).response();
    const events = await collect(gateway.stream(question));
    expect(events.map(({ type }) => type)).toEqual(['start', 'reasoning-delta', 'text-delta', 'tool-call-start', 'tool-call-delta', 'tool-call-end', 'end']);
    expect(events.at(-1)).toMatchObject({ response: { content: first.content, finishReason: 'tool-calls', usage: first.usage } });
    expect((await gateway.chat(question)).toolCalls).toEqual(first.toolCalls);
    expect(mock.calls).toHaveLength(1);
  });

  it('shows in the report whether it was a hit, how old, who answered, what it used and what it saved', async () => {
    const { gateway } = cached({}, { inside: [costMeter({ prices: { 'mock/m': { input: 100, output: 1000 } } })] });
    const { gateway: made } = await gateway.chat(question);
    expect(verdictOf(made)).toBe('miss store');
    expect(made).toMatchObject({ cache: 'miss', cost: { totalUsd: 0.006, servedUsd: 0.006, savedUsd: 0 } });
    const again = await gateway.chat(question);
    expect(again.usage).toMatchObject({ inputTokens: 10, outputTokens: 5 });
    expect(again.gateway).toMatchObject({ cache: 'exact', served: undefined, attempts: [], cost: { totalUsd: 0, servedUsd: 0, savedUsd: 0.006 } });
    const hit = again.gateway?.decisions.find(({ what }) => what === 'cache-hit');
    expect(hit).toMatchObject({ kind: 'exact', savedUsd: 0.006, from: { provider: 'mock', model: 'm' }, usage: { inputTokens: 10 }, target: 'mock/m' });
    expect(hit).toHaveProperty('ageMs');
    expect(formatReport(again.gateway!)).toContain('a hit in the exact cache: the answer from mock/m');
    expect(formatReport(again.gateway!)).toMatch(/^mock\/m: served from the exact cache, 0 attempts/);
  });

  it('says that what was saved is unknown where no price is known, never zero', async () => {
    const { gateway } = cached();
    await gateway.chat(question);
    expect((await gateway.chat(question)).gateway?.cost.savedUsd).toBeUndefined();
  });

  it('counts as saved what the attempt that answered cost, not those that failed before it', async () => {
    const { gateway, mock } = cached({}, { inside: [retry({ random: () => 0 }), costMeter({ prices: { 'mock/m': { input: 100, output: 1000 } } })] });
    mock.fail('overloaded').reply({ text: 'yes', usage: { inputTokens: 10, outputTokens: 5 } });
    await gateway.chat(question);
    expect((await gateway.chat(question)).gateway?.cost.savedUsd).toBe(0.006);
  });

  it('hands out answers that a caller may change without changing those of others', async () => {
    const { gateway } = cached();
    const wanted = (await gateway.chat(question)).content;
    for (let round = 0; round < 2; round++) {
      const answer = await gateway.chat(question);
      expect(answer.content).toEqual(wanted);
      Object.assign(answer.content[0]!, { text: 'changed' });
      Object.assign(answer.usage, { inputTokens: 99 });
    }
    expect((await gateway.chat(question)).content).toEqual([{ type: 'text', text: 'answer 1' }]);
  });

  it('keeps the answer as it came, whatever the first caller does to it', async () => {
    const { gateway } = cached();
    const first = await gateway.chat(question);
    Object.assign(first.content[0]!, { text: 'changed' });
    expect((await gateway.chat(question)).text).toBe('answer 1');
  });

  it('gives back bytes as bytes', async () => {
    const image = { type: 'image' as const, data: new Uint8Array([0, 255, 7]), mediaType: 'image/png' };
    const gateway = gatewayOf(streaming([begin, text('see'), { type: 'part', part: image }, finish]), [exactCache({ scope: 'shared' })]);
    for (let round = 0; round < 2; round++) {
      const { content } = await gateway.chat({ ...question, model: 'x/m' });
      expect(content[1]).toEqual(image);
      expect(content[1]).toHaveProperty('data', expect.any(Uint8Array));
    }
  });

  it('takes a call that says skip past it, and one that says refresh past what is there but not past the store', async () => {
    const { gateway } = cached();
    expect((await gateway.chat(question)).text).toBe('answer 1');
    const skipped = await gateway.chat(question, { cache: 'skip' });
    expect([skipped.text, verdictOf(skipped.gateway), skipped.gateway?.cache]).toEqual(['answer 2', 'bypass', 'bypass']);
    expect((await gateway.chat(question)).text).toBe('answer 1');
    const fresh = await gateway.chat(question, { cache: 'refresh' });
    expect([fresh.text, verdictOf(fresh.gateway)]).toEqual(['answer 3', 'bypass store']);
    expect((await gateway.chat(question)).text).toBe('answer 3');
  });

  it('answers a call that was cancelled already with its error, not from the cache', async () => {
    const { gateway } = cached();
    await gateway.chat(question);
    expect(await failure(gateway.chat(question, { signal: AbortSignal.abort() }))).toBeInstanceOf(CancelledError);
  });

  it('is left as it was by a call that was cancelled before it began', async () => {
    const { gateway } = cached();
    await failure(gateway.chat(question, { signal: AbortSignal.abort() }));
    expect(verdictOf((await gateway.chat(question)).gateway)).toBe('miss store');
  });

  it('can be asked for structured output: validation is of each call', async () => {
    const { gateway, mock } = cached();
    mock.reply('{"city": "Paris"}');
    const typed = { ...question, output: { type: 'json' as const } };
    expect((await gateway.chat(typed)).object).toEqual({ city: 'Paris' });
    expect((await gateway.chat(typed)).object).toEqual({ city: 'Paris' });
    expect(mock.calls).toHaveLength(1);
  });
});

describe('what is another question', () => {
  const tool = { name: 'f', parameters: { type: 'object' } };
  const others: readonly (readonly [string, Partial<ChatRequest>])[] = [
    ['the text', { messages: [{ role: 'user', content: 'What is the capital of Spain?' }] }],
    ['the role', { messages: [{ role: 'system', content: 'What is the capital of France?' }] }],
    ['one more message', { messages: [{ role: 'system', content: '' }, ...question.messages] }],
    ['an image beside it', { messages: [{ role: 'user', content: [{ type: 'text', text: 'What is the capital of France?' }, { type: 'image', data: new Uint8Array([1]), mediaType: 'image/png' }] }] }],
    ['another image', { messages: [{ role: 'user', content: [{ type: 'text', text: 'What is the capital of France?' }, { type: 'image', data: new Uint8Array([2]), mediaType: 'image/png' }] }] }],
    ['the model', { model: 'mock/other' }],
    ['tools', { tools: [tool] }],
    ["a tool's schema", { tools: [{ ...tool, parameters: { type: 'object', properties: {} } }] }],
    ['toolChoice', { tools: [tool], toolChoice: 'required' }],
    ['parallelToolCalls', { tools: [tool], parallelToolCalls: false }],
    ['output', { output: { type: 'json', schema: { type: 'object' } } }],
    ['maxTokens', { maxTokens: 10 }],
    ['temperature 0', { temperature: 0 }],
    ['topP', { topP: 0.5 }],
    ['topK', { topK: 1 }],
    ['stop', { stop: ['x'] }],
    ['seed', { seed: 1 }],
    ['presencePenalty', { presencePenalty: 1 }],
    ['frequencyPenalty', { frequencyPenalty: 1 }],
    ['reasoning', { reasoning: { effort: 'low' } }],
    ['providerOptions', { providerOptions: { mock: { a: 1 } } }],
    ['a field unknown here', { unknown: 1 } as Partial<ChatRequest>],
  ];

  it('every field of the request makes one', async () => {
    const { gateway, mock } = cached();
    mock.always((call) => ({ text: `{"answer": ${mock.calls.indexOf(call)}}` }));
    const all = [question, ...others.map(([, change]) => ({ ...question, ...change }))];
    const firsts = await inTurn(all, async (request) => (await gateway.chat(request)).text);
    expect(new Set(firsts).size).toBe(all.length);
    expect(await inTurn(all, async (request) => (await gateway.chat(request)).text)).toEqual(firsts);
  });

  it('headers and strictness make one, whatever their order and case; those that name a trace do not', async () => {
    const { gateway, mock } = cached({ ignoreHeaders: ['X-Request-Id'] });
    const options = [{}, { headers: { 'anthropic-beta': 'a' } }, { headers: { 'anthropic-beta': 'b' } }, { headers: { 'anthropic-beta': 'a', other: 'x' } }, { strict: true }];
    const firsts = await inTurn(options, async (one) => (await gateway.chat(question, one)).text);
    expect(new Set(firsts).size).toBe(options.length);
    expect((await gateway.chat(question, { headers: { Other: 'x', 'Anthropic-Beta': 'a' } })).text).toBe(firsts[3]);
    expect((await gateway.chat(question, { headers: { traceparent: '00-1', 'x-request-id': '7' } })).text).toBe(firsts[0]);
    expect(mock.calls).toHaveLength(options.length);
  });

  it('the order of properties makes none, nor do tags, priority, deadline and prices', async () => {
    const { gateway, mock } = cached();
    await gateway.chat({ ...question, maxTokens: 10, tools: [{ name: 'f', description: 'd', parameters: { type: 'object', properties: { a: {}, b: {} } } }] });
    const same = { tools: [{ parameters: { properties: { b: {}, a: {} }, type: 'object' }, description: 'd', name: 'f' }], maxTokens: 10, messages: question.messages, model: 'mock/m' };
    expect((await gateway.chat(same, { tags: { user: 'u' }, priority: 3, timeoutMs: 1000, prices: {} })).text).toBe('answer 1');
    expect(mock.calls).toHaveLength(1);
  });

  it('an alias and what it stands for are one, an alias with other targets or another strategy is not', async () => {
    const models = { one: 'mock/m', same: ['mock/m'], more: ['mock/m', 'mock/b'], turned: ['mock/b', 'mock/m'], drawn: { targets: ['mock/m', 'mock/b'], strategy: 'weighted' } };
    const { gateway } = cached({}, { inside: [fallback()], models });
    const answers = await inTurn(['mock/m', 'one', 'same', 'more', 'turned', 'drawn'], async (model) => (await gateway.chat({ ...question, model })).text);
    expect(answers).toEqual(['answer 1', 'answer 1', 'answer 1', 'answer 2', 'answer 3', 'answer 4']);
    expect((await gateway.chat(question, { fallbacks: ['mock/b'] })).text).toBe('answer 2');
  });

  it('the keys of a provider are one source: with another number of them the question is the same', async () => {
    const store = memoryCache();
    for (const credentials of [undefined, ['main'], ['main', 'spare']]) {
      const mock = mockProvider(credentials === undefined ? {} : { credentials });
      mock.always('one');
      const gateway = createGateway({ providers: [mock], interceptors: [exactCache({ scope: 'shared', store, onStoreError: 'reject' })] });
      await gateway.chat(question);
      expect(mock.calls).toHaveLength(credentials === undefined ? 1 : 0);
    }
  });

  it('chat and embeddings of the same words are two', async () => {
    const { gateway, mock } = cached();
    await gateway.chat(question);
    await gateway.embed({ model: 'mock/m', input: ['What is the capital of France?'] });
    await gateway.embed({ model: 'mock/m', input: ['What is the capital of France?'], dimensions: 1 });
    await gateway.embed({ model: 'mock/m', input: ['What is the capital', ' of France?'] }).catch(() => undefined);
    expect(mock.calls).toHaveLength(4);
  });

  it('what has no canonical form goes past the cache, and the report says why', async () => {
    const { gateway, mock } = cached();
    for (const strange of [new Map(), () => 1, new Date(), 1n]) {
      const { gateway: report } = await gateway.chat({ ...question, providerOptions: { mock: { strange } } } as unknown as ChatRequest);
      expect(report?.decisions).toContainEqual(expect.objectContaining({ what: 'cache-bypass', why: expect.stringContaining('the request has no canonical form: it holds') as string }));
    }
    expect(mock.calls).toHaveLength(4);
  });
});

describe('whose answer it is', () => {
  it('one tenant never gets the answer of another', async () => {
    const { gateway } = cached({ scope: { tag: 'tenant' } });
    const ask = async (tenant: string): Promise<string> => (await gateway.chat(question, { tags: { tenant } })).text;
    expect(await inTurn(['a', 'b', 'a', 'b', 'a '], ask)).toEqual(['answer 1', 'answer 2', 'answer 1', 'answer 2', 'answer 3']);
  });

  it.each<[string, ExactCacheOptions['scope']]>([
    ['the tag is missing or empty', { tag: 'tenant' }],
    ['the function gives nothing', (call) => call.tags['tenant']],
    ['the function gives no text', () => 7 as unknown as string],
    ['the function throws', () => { throw new Error('who?'); }],
  ])('nothing is kept and nothing handed out where %s', async (_name, scope) => {
    const { gateway, mock } = cached({ scope });
    for (const tags of [{} as Record<string, string>, { tenant: '' }, { other: 'x' }, Object.create({ tenant: 7 }) as Record<string, string>]) {
      const { gateway: report } = await gateway.chat(question, { tags });
      expect(verdictOf(report)).toBe('bypass');
      expect(report?.cache).toBe('bypass');
    }
    expect(mock.calls).toHaveLength(4);
  });

  it('a tag that a call only inherits is missing', async () => {
    const { gateway } = cached({ scope: { tag: 'tenant' } });
    expect(verdictOf((await gateway.chat(question, { tags: Object.create({ tenant: 'a' }) as Record<string, string> })).gateway)).toBe('bypass');
  });

  it('a scope named like a property of every object is a scope like others', async () => {
    const { gateway, mock } = cached({ scope: { tag: 'constructor' } });
    await gateway.chat(question);
    await gateway.chat(question);
    expect(mock.calls).toHaveLength(2);
    const tags = JSON.parse('{"constructor": "a", "__proto__": "b"}') as Record<string, string>;
    expect(verdictOf((await gateway.chat(question, { tags })).gateway)).toBe('miss store');
    expect(verdictOf((await gateway.chat(question, { tags })).gateway)).toBe('hit');
  });
});

describe('what is never stored', () => {
  it.each<[string, AnswerReply, string]>([
    ['a refusal', { refusal: 'I will not.' }, 'it is a refusal'],
    ['a refusal that only its ending shows', { text: 'No.', finishReason: 'refusal' }, 'it is a refusal'],
    ['what a filter cut', { text: 'He', finishReason: 'content-filter' }, 'a content filter cut it'],
    ['what its length limit cut', { text: 'He', finishReason: 'length' }, 'it was cut at its length limit'],
    ['an ending nobody knows', { text: 'He', finishReason: 'other' }, 'it is not known why it ended'],
    ['an empty answer', { text: '' }, 'it is empty'],
    ['a broken tool call', { toolCalls: [{ name: 'f', invalidInput: '{"a' }] }, 'a tool call in it is broken'],
  ])('%s', async (_name, reply, why) => {
    for (const ask of ['chat', 'stream'] as const) {
      const { gateway, mock } = cached();
      mock.reply(reply, 'good');
      const first = ask === 'chat' ? await gateway.chat(question) : await gateway.stream(question).response();
      expect(first.gateway?.decisions).toContainEqual(expect.objectContaining({ name: 'not-stored', data: { why } }));
      expect((await gateway.chat(question)).text).toBe('good');
    }
  });

  it('text where JSON was asked for', async () => {
    const { gateway, mock } = cached();
    mock.reply('Sure! Here it is: {}', '{"a": 1}');
    const typed = { ...question, output: { type: 'json' as const } };
    await gateway.chat(typed);
    expect((await gateway.chat(typed)).object).toEqual({ a: 1 });
  });

  it("JSON that the caller's schema does not take: asking again gets a new answer; the schema looks at each answer once", async () => {
    for (const ask of ['chat', 'stream'] as const) {
      const { gateway, mock } = cached();
      mock.reply('{"a": "one"}', '{"a": 1}');
      let looked = 0;
      const typed = { ...question, output: z.object({ a: z.number().refine(() => ++looked > 0) }) };
      const answer = async () => (ask === 'chat' ? gateway.chat(typed) : gateway.stream(typed).response());
      expect(await failure(answer())).toMatchObject({ code: 'invalid_response', report: { decisions: expect.arrayContaining([expect.objectContaining({ name: 'not-stored' })]) } });
      expect((await answer()).object).toEqual({ a: 1 });
      expect(looked).toBe(1);
      expect(verdictOf((await answer()).gateway)).toBe('hit');
      expect(mock.calls).toHaveLength(2);
    }
  });

  it('errors, before and in the middle of an answer', async () => {
    const { gateway, mock } = cached();
    mock.fail('overloaded').reply({ text: ['half ', 'an'], ending: 'cut' }, { text: ['half ', 'an'], ending: { error: 'network' } }, 'whole');
    expect(await failure(gateway.chat(question))).toMatchObject({ code: 'overloaded' });
    expect(await failure(gateway.stream(question).response())).toMatchObject({ code: 'stream_interrupted' });
    expect(await failure(gateway.stream(question).response())).toMatchObject({ code: 'stream_interrupted' });
    expect((await gateway.chat(question)).text).toBe('whole');
  });

  it('what its reader left or aborted, even if the provider goes on', async () => {
    const { gateway, mock } = cached();
    mock.reply({ text: ['a', 'b', 'c'], chunkDelayMs: 1 }, { text: ['a', 'b', 'c'], chunkDelayMs: 1, ignoreAbort: true }, 'whole');
    for await (const event of gateway.stream(question)) if (event.type === 'text-delta') break;
    const abort = new AbortController();
    const stream = gateway.stream(question, { signal: abort.signal });
    await stream.open();
    abort.abort();
    await failure(stream.response());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await gateway.chat(question)).text).toBe('whole');
  });

  it('what two providers put together', async () => {
    const { gateway, mock } = cached({}, { inside: [fallback({ onStreamInterrupted: 'continue' })], models: { smart: ['mock/a', 'mock/b'] } });
    mock.reply({ text: ['First half', ' and'], ending: 'cut' }, { text: ' the rest.' }, 'whole');
    const ask = { ...question, model: 'smart' };
    const first = await gateway.stream(ask).response();
    expect(first.gateway?.attempts).toHaveLength(2);
    expect(first.gateway?.decisions).toContainEqual(expect.objectContaining({ name: 'not-stored', data: { why: 'it was put together from two answers' } }));
    expect((await gateway.chat(ask)).text).toBe('whole');
  });

  it('what something below made up, and what a cache below found', async () => {
    const { gateway, mock } = cached({}, {
      inside: [
        {
          name: 'below',
          async intercept(call, next) {
            if (call.tags['made'] === undefined) return next(call);
            if (call.tags['made'] === 'semantic') {
              await next(call); // as for an embedding
              call.trace.record('semantic', { what: 'cache-hit', kind: 'semantic', similarity: 0.9 });
            }
            return complete(call as CallOf<'chat'>, { id: 'x', provider: 'p', model: 'm', content: [{ type: 'text', text: 'made' }], text: 'made', toolCalls: [], finishReason: 'stop', usage: { inputTokens: 0, outputTokens: 0 }, warnings: [] });
          },
        },
      ],
    });
    for (const [made, why] of [['up', 'no provider gave it'], ['semantic', 'it came out of the semantic cache']] as const) {
      const answer = await gateway.chat(question, { tags: { made } });
      expect(answer.text).toBe('made');
      expect(answer.gateway?.decisions).toContainEqual(expect.objectContaining({ name: 'not-stored', data: { why } }));
    }
    expect((await gateway.chat(question)).text).toBe('answer 2');
    expect(mock.calls).toHaveLength(2);
  });

  it('embeddings with a number that is none', async () => {
    const { gateway, mock } = cached();
    mock.reply({ embeddings: [[0.5, Number.NaN]] }, { embeddings: [[0.5, 1]] });
    await gateway.embed({ model: 'mock/e', input: ['a'] });
    expect((await gateway.embed({ model: 'mock/e', input: ['a'] })).embeddings).toEqual([[0.5, 1]]);
  });

  it.each<[string, Partial<ChatRequest>, Partial<ExactCacheOptions>]>([
    ['a temperature above 0', { temperature: 0.7 }, { cacheSampled: true }],
    ["a temperature above 0 in a provider's own words", { providerOptions: { google: { generationConfig: { temperature: 1 } } } }, { cacheSampled: true }],
    ['tool results in the request', { messages: conversation() }, { cacheToolResults: true }],
    ['a tool that the provider runs', { tools: [{ type: 'provider', provider: 'mock', definition: { type: 'web_search' } }] }, { cacheToolResults: true }],
  ])('answers to %s, unless that is asked for', async (_name, change, allowed) => {
    const without = cached();
    const [first, second] = await inTurn([1, 2], () => without.gateway.chat({ ...question, ...change }));
    expect([first?.text, second?.text, verdictOf(second?.gateway)]).toEqual(['answer 1', 'answer 2', 'bypass']);
    const { gateway } = cached(allowed);
    expect(await inTurn([1, 2], async () => (await gateway.chat({ ...question, ...change })).text)).toEqual(['answer 1', 'answer 1']);
  });
});

describe('an answer that grows old', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is fresh for an hour unless told otherwise, then it is asked anew', async () => {
    for (const [options, ttlMs] of [[{}, 3_600_000], [{ ttlMs: 500 }, 500]] as const) {
      const { gateway } = cached(options);
      const ask = async (): Promise<string> => (await gateway.chat(question)).text;
      await ask();
      await vi.advanceTimersByTimeAsync(ttlMs - 1);
      expect(await ask()).toBe('answer 1');
      await vi.advanceTimersByTimeAsync(1);
      expect(await ask()).toBe('answer 2');
    }
  });

  it('is handed out stale while one call in the background makes it anew, which costs its caller nothing', async () => {
    const { gateway, mock } = cached({ ttlMs: 1000, staleWhileRevalidateMs: 1000 }, { inside: [costMeter({ prices: { 'mock/m': { input: 100, output: 1000 } } })] });
    await gateway.chat(question);
    mock.reply({ text: 'new', delayMs: 50, usage: { inputTokens: 10, outputTokens: 5 } });
    await vi.advanceTimersByTimeAsync(1500);
    const stale = await Promise.all([gateway.chat(question), gateway.stream(question).response(), gateway.chat(question, { timeoutMs: 10 })]);
    expect(stale.map(({ text: said, gateway: report }) => [said, verdictOf(report)])).toEqual([['answer 1', 'stale'], ['answer 1', 'stale'], ['answer 1', 'stale']]);
    expect(stale[0].gateway).toMatchObject({ cost: { totalUsd: 0, servedUsd: 0, savedUsd: 0.006 }, attempts: [] });
    expect(mock.calls).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(50);
    const after = await gateway.chat(question);
    expect([after.text, verdictOf(after.gateway)]).toEqual(['new', 'hit']);
    expect(mock.calls).toHaveLength(2);
  });

  it('stays for the next try when making it anew failed, and is gone when the time for that is over', async () => {
    const { gateway, mock, decisions } = cached({ ttlMs: 1000, staleWhileRevalidateMs: 1000 });
    await gateway.chat(question);
    await vi.advanceTimersByTimeAsync(1500);
    mock.fail('server_error');
    expect((await gateway.chat(question)).text).toBe('answer 1');
    await vi.advanceTimersByTimeAsync(1);
    expect(decisions).toContainEqual(expect.objectContaining({ name: 'background-failed' }));
    expect((await gateway.chat(question)).text).toBe('answer 1');
    await vi.advanceTimersByTimeAsync(1);
    expect((await gateway.chat(question)).text).toBe('answer 2');
    await vi.advanceTimersByTimeAsync(2000);
    expect((await gateway.chat(question)).text).toBe('answer 3');
  });

  it('is not made anew for longer than ten minutes, nor past close()', async () => {
    const { gateway, mock } = cached({ ttlMs: 1000, staleWhileRevalidateMs: 3_600_000 });
    await gateway.chat(question);
    await vi.advanceTimersByTimeAsync(1500);
    mock.reply({ text: 'never', delayMs: Infinity }, { text: 'never', delayMs: Infinity });
    await gateway.chat(question);
    await vi.advanceTimersByTimeAsync(599_999);
    expect(mock.calls[1]?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(mock.calls[1]?.aborted).toBe(true);
    await gateway.chat(question);
    await vi.advanceTimersByTimeAsync(0);
    const closed = gateway.close({ graceMs: 10 });
    await vi.advanceTimersByTimeAsync(100);
    await closed;
    expect(mock.calls[2]?.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('exactCache options', () => {
  it.each<[unknown, string]>([
    [undefined, "exact-cache: scope: wanted who may share answers: { tag: 'tenant' } for those with the same value of that tag, a function of the call, or 'shared' for all callers; got nothing"],
    [{}, "exact-cache: scope: wanted who may share answers: { tag: 'tenant' } for those with the same value of that tag, a function of the call, or 'shared' for all callers; got nothing"],
    [{ scope: 'tenant' }, "exact-cache: scope: wanted who may share answers: { tag: 'tenant' } for those with the same value of that tag, a function of the call, or 'shared' for all callers; got 'tenant'"],
    [{ scope: 'shared', ttlMs: 0 }, 'exact-cache: ttlMs: wanted milliseconds, 1 to 31536000000, got 0'],
    [{ scope: 'shared', ttlMs: Number.NaN }, 'exact-cache: ttlMs: wanted milliseconds, 1 to 31536000000, got NaN'],
    [{ scope: 'shared', staleWhileRevalidateMs: -1 }, 'exact-cache: staleWhileRevalidateMs: wanted milliseconds, 0 to 31536000000, got -1'],
    [{ scope: 'shared', maxBytes: 10 }, 'memoryCache: maxBytes: wanted a whole number of bytes, 65536 or more, got 10'],
    [{ scope: 'shared', store: {}, onStoreError: 'allow' }, 'exact-cache: store: wanted a store with get, set and delete, got an object'],
    [{ scope: 'shared', store: new Map() }, "exact-cache: onStoreError: wanted what happens while the store is down: 'allow' (go on as if nothing were cached) or 'reject', got undefined"],
    [{ scope: 'shared', onStoreError: 'allow' }, 'exact-cache: onStoreError: wanted a store that it is about; memory does not fail, got allow'],
    [{ scope: 'shared', store: new Map(), onStoreError: 'allow', maxBytes: 1 }, 'exact-cache: maxBytes: wanted no bound beside a store: it has its own, got 1'],
    [{ scope: 'shared', cacheSampled: 'yes' }, 'exact-cache: cacheSampled: wanted true or false, got yes'],
    [{ scope: 'shared', invalidateBy: 'document' }, 'exact-cache: invalidateBy: wanted a list of names, got document'],
    [{ scope: 'shared', namespace: '' }, 'exact-cache: namespace: wanted a text, got '],
  ])('%j is refused by name', (options, message) => {
    expect(() => exactCache(options as ExactCacheOptions)).toThrow(new ConfigError(message));
  });
});

function conversation(): readonly Message[] {
  return [
    { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'weather', input: {} }] },
    { role: 'tool', toolCallId: 'c1', content: 'rain' },
  ];
}

async function inTurn<T, R>(all: readonly T[], each: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of all) results.push(await each(one));
  return results;
}
