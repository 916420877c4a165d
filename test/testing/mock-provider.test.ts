import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.js';
import { mockProvider, UnexpectedCallError } from '../../src/testing/index.js';
import type { AdapterContext, AdapterEvent, ProviderAdapter } from '../../src/types/adapter.js';
import type { ChatRequest } from '../../src/types/chat.js';

const REQUEST: ChatRequest = { model: 'mock/small', messages: [{ role: 'user', content: 'How is the weather in Bern?' }] };

function context(changes: Partial<AdapterContext> = {}): AdapterContext & { readonly told: string[] } {
  const told: string[] = [];
  return {
    model: 'small', credential: undefined, signal: new AbortController().signal, callId: 'c1', headers: {}, told,
    warn: (warning) => told.push(`warn ${warning.setting}`),
    sent: () => told.push('sent'),
    answered: (facts) => told.push(`answered ${facts.status}`),
    alive: () => {},
    ...changes,
  };
}

async function eventsOf(adapter: ProviderAdapter, about = context(), request = REQUEST): Promise<AdapterEvent[]> {
  const events: AdapterEvent[] = [];
  if (adapter.stream === undefined) throw new Error('it does not stream');
  for await (const event of adapter.stream(request, about)) events.push(event);
  return events;
}

const deltas = (events: readonly AdapterEvent[]): string[] => events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []));

describe('mockProvider', () => {
  it('answers calls in the order the replies were given', async () => {
    const mock = mockProvider().reply('one', 'two').reply('three');
    const texts = [];
    for (let call = 0; call < 3; call++) texts.push((await mock.chat?.(REQUEST, context()))?.content);
    expect(texts).toEqual([[{ type: 'text', text: 'one' }], [{ type: 'text', text: 'two' }], [{ type: 'text', text: 'three' }]]);
    mock.assertDone();
  });

  it('streams a text word by word, a list as given, and with chunkSize in pieces of that many characters', async () => {
    const mock = mockProvider().reply('Good morning, Bern', { text: ['Go', 'od'] }, { text: 'a👋🏽bc', chunkSize: 2 });
    expect(deltas(await eventsOf(mock))).toEqual(['Good', ' morning,', ' Bern']);
    expect(deltas(await eventsOf(mock))).toEqual(['Go', 'od']);
    expect(deltas(await eventsOf(mock))).toEqual(['a👋', '🏽b', 'c']);
  });

  it('says the same streamed and whole', async () => {
    const mock = mockProvider().always({ id: 'r', reasoning: 'Hm.', text: 'Look:', toolCalls: [{ id: 'c', name: 'weather', input: { city: 'Bern' } }], usage: { inputTokens: 3, outputTokens: 4 } });
    expect(await mock.chat?.(REQUEST, context())).toEqual({
      id: 'r', model: 'small', finishReason: 'tool-calls', usage: { inputTokens: 3, outputTokens: 4 },
      content: [{ type: 'reasoning', text: 'Hm.' }, { type: 'text', text: 'Look:' }, { type: 'tool-call', id: 'c', name: 'weather', input: { city: 'Bern' } }],
    });
    const events = await eventsOf(mock);
    expect(events[0]).toEqual({ type: 'start', id: 'r', model: 'small' });
    expect(events.at(-1)).toEqual({ type: 'finish', finishReason: 'tool-calls', usage: { inputTokens: 3, outputTokens: 4 } });
    expect(events.flatMap((event) => (event.type === 'tool-call-delta' ? [event.json] : [])).join('')).toBe('{"city":"Bern"}');
  });

  it('numbers tool calls, and sends arguments that are not JSON as they are', async () => {
    const mock = mockProvider().reply({ toolCalls: [{ name: 'a' }, { name: 'b', invalidInput: '{"half' }] });
    expect((await mock.chat?.(REQUEST, context()))?.content).toEqual([
      { type: 'tool-call', id: 'call_1', name: 'a', input: {} },
      { type: 'tool-call', id: 'call_2', name: 'b', input: null, invalidInput: '{"half' },
    ]);
  });

  it('gives a structured answer as JSON text', async () => {
    const mock = mockProvider().reply({ object: { city: 'Bern' } });
    expect((await mock.chat?.(REQUEST, context()))?.content).toEqual([{ type: 'text', text: '{"city":"Bern"}' }]);
  });

  it('leaves usage out when the provider does not say', async () => {
    const mock = mockProvider().reply({ text: 'x', usage: null });
    expect(await mock.chat?.(REQUEST, context())).not.toHaveProperty('usage');
  });

  it('prefers a matcher over the general replies, and uses each reply once', async () => {
    const mock = mockProvider().always('general');
    mock.on({ text: /weather/, streaming: false }).reply('rain');
    mock.on((call) => call.credential === 'second').always('by key');
    const ask = async (changes?: Partial<AdapterContext>): Promise<unknown> => (await mock.chat?.(REQUEST, context(changes)))?.content[0];
    expect(await ask()).toEqual({ type: 'text', text: 'rain' });
    expect(await ask()).toEqual({ type: 'text', text: 'general' });
    expect(await ask({ credential: 'second' })).toEqual({ type: 'text', text: 'by key' });
  });

  it('makes a reply from the call when it is given a function', async () => {
    const mock = mockProvider().always((call) => `You asked ${call.model}`);
    expect((await mock.chat?.(REQUEST, context()))?.content).toEqual([{ type: 'text', text: 'You asked small' }]);
  });

  it('fails an unexpected call with what was expected and what came', async () => {
    const mock = mockProvider().reply('one');
    mock.on({ model: 'large' }).reply('two');
    await mock.chat?.(REQUEST, context());
    const failure = await mock.chat?.(REQUEST, context()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProviderError);
    expect(failure).toMatchObject({ code: 'invalid_request', certainty: 'not_sent', retryable: false });
    expect(String(failure)).toContain('chat small "How is the weather in Bern?"');
    expect(String(failure)).toContain('calls with model "large": 1 more');
    expect(() => mock.assertDone()).toThrow(UnexpectedCallError);
  });

  it('tells from assertDone which replies were never asked for', () => {
    const mock = mockProvider().reply('one', 'two');
    expect(() => mock.assertDone()).toThrow(/any call: 2 more\nno calls came before/);
    mock.reset();
    expect(() => mock.assertDone()).not.toThrow();
  });

  it('tells the context in the order of a real provider: warnings, sent, answered', async () => {
    const mock = mockProvider().reply({ text: 'x', warnings: [{ kind: 'dropped', setting: 'seed', detail: 'no seed here' }] });
    const about = context();
    await mock.chat?.(REQUEST, about);
    expect(about.told).toEqual(['warn seed', 'sent', 'answered 200']);
  });

  it('fails with the code, certainty and wait it was told', async () => {
    const mock = mockProvider().fail('provider_rate_limit', { retryAfterMs: 1500 }).fail('network').fail('network', { certainty: 'possibly_billed' });
    const about = context();
    await expect(mock.chat?.(REQUEST, about)).rejects.toMatchObject({ code: 'provider_rate_limit', status: 429, retryAfterMs: 1500, certainty: 'refused' });
    expect(about.told).toEqual(['sent', 'answered 429']);
    await expect(mock.chat?.(REQUEST, context())).rejects.toMatchObject({ code: 'network', status: undefined, certainty: 'not_sent' });
    await expect(mock.chat?.(REQUEST, context())).rejects.toMatchObject({ certainty: 'possibly_billed' });
  });

  it('fails inside a stream after what it had said', async () => {
    const mock = mockProvider().reply({ text: ['a', 'b'], ending: { error: 'overloaded' } });
    const seen: AdapterEvent[] = [];
    const reading = (async () => {
      for await (const event of mock.stream?.(REQUEST, context()) ?? []) seen.push(event);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'overloaded', certainty: 'started', status: 200 });
    expect(deltas(seen)).toEqual(['a', 'b']);
  });

  it('cuts a stream by leaving out its finish', async () => {
    const mock = mockProvider().always({ text: 'half', ending: 'cut' });
    expect((await eventsOf(mock)).some((event) => event.type === 'finish')).toBe(false);
    await expect(mock.chat?.(REQUEST, context())).rejects.toMatchObject({ code: 'network', certainty: 'started' });
  });

  it('hangs until the signal fires, before and after its head', async () => {
    const mock = mockProvider().always({ text: ['a'], ending: 'hang' });
    mock.on({ text: 'never' }).always({ text: 'x', delayMs: Infinity });
    for (const request of [REQUEST, { ...REQUEST, messages: [{ role: 'user' as const, content: 'never' }] }]) {
      const abort = new AbortController();
      const reading = eventsOf(mock, context({ signal: abort.signal }), request);
      const reason = new Error('enough');
      setTimeout(() => abort.abort(reason), 5);
      await expect(reading).rejects.toBe(reason);
      expect(mock.calls.at(-1)).toMatchObject({ aborted: true, ended: true });
    }
  });

  it('does not notice an abort when it was told to ignore it', async () => {
    const mock = mockProvider().reply({ text: 'late', delayMs: 10, ignoreAbort: true });
    const abort = new AbortController();
    const answer = mock.chat?.(REQUEST, context({ signal: abort.signal }));
    abort.abort(new Error('enough'));
    expect((await answer)?.content).toEqual([{ type: 'text', text: 'late' }]);
  });

  it('sends nothing when the signal has fired already', async () => {
    const mock = mockProvider().reply('x');
    const about = context({ signal: AbortSignal.abort(new Error('enough')) });
    await expect(mock.chat?.(REQUEST, about)).rejects.toThrow('enough');
    expect(about.told).toEqual([]);
  });

  it('records what it was asked, and a reader who left', async () => {
    const mock = mockProvider().reply('one two three');
    for await (const event of mock.stream?.(REQUEST, context({ credential: 'eu', headers: { 'x-team': 'a' } })) ?? []) if (event.type === 'text-delta') break;
    expect(mock.calls).toHaveLength(1);
    expect(mock.calls[0]).toMatchObject({ operation: 'chat', streaming: true, request: REQUEST, model: 'small', credential: 'eu', headers: { 'x-team': 'a' }, text: 'How is the weather in Bern?', aborted: true, ended: true });
  });

  it('waits before its head and between its deltas', async () => {
    const mock = mockProvider().reply({ text: ['a', 'b', 'c'], delayMs: 20, chunkDelayMs: 10 });
    const start = performance.now();
    await eventsOf(mock);
    expect(performance.now() - start).toBeGreaterThan(38);
  });

  it('embeds with the vectors it was given, or makes equal ones for equal texts', async () => {
    const mock = mockProvider().reply({ embeddings: [[1, 0]] }).always({ embeddings: { dimensions: 4 } });
    expect(await mock.embed?.({ model: 'mock/e', input: ['a'] }, context())).toEqual({ model: 'small', embeddings: [[1, 0]], usage: { inputTokens: 10, outputTokens: 5 } });
    const made = (await mock.embed?.({ model: 'mock/e', input: ['x', 'y', 'x'] }, context()))?.embeddings ?? [];
    expect(made[0]).toEqual(made[2]);
    expect(made[0]).not.toEqual(made[1]);
    expect(Math.hypot(...(made[0] ?? []))).toBeCloseTo(1, 4);
  });

  it('says so when an embed call meets a chat reply', async () => {
    const mock = mockProvider().reply('text');
    await expect(mock.embed?.({ model: 'mock/e', input: ['a'] }, context())).rejects.toThrow(/an embed call met a chat reply/);
  });

  it('has only the methods it was given', () => {
    const mock = mockProvider({ methods: ['stream'] });
    expect(mock.chat).toBeUndefined();
    expect(mock.embed).toBeUndefined();
    expect(mock.stream).toBeTypeOf('function');
  });

  it('knows whether it was closed', async () => {
    const mock = mockProvider();
    expect(mock.closed).toBe(false);
    await mock.close?.();
    expect(mock.closed).toBe(true);
  });

  it('refuses a chunk size that would never end', async () => {
    const mock = mockProvider().reply({ text: 'x', chunkSize: 0 });
    await expect(mock.chat?.(REQUEST, context())).rejects.toThrow('reply.chunkSize is 0');
  });
});
