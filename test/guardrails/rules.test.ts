import type { ChatRequest, GuardRule, ProviderAdapter } from 'headgate';
import { guardrails } from 'headgate';
import { allowPatterns, allowTools, denyPatterns, longestPrompt, matchesSchema } from 'headgate/guardrails';
import { mockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answering, ask, begin, collect, failure, finish, gatewayOf, streaming, text } from '../support/adapters.js';

const says = (content: string): ChatRequest => ({ ...ask, messages: [{ role: 'user', content }] });
const guarded = (adapter: ProviderAdapter, ...rules: readonly GuardRule[]) => gatewayOf(adapter, [guardrails({ rules })]);
const blocked = (why: string) => ({ code: 'guardrail_blocked', message: expect.stringContaining(why) });

describe('denyPatterns()', () => {
  it('blocks what it finds, without saying what that was', async () => {
    const error = await failure(guarded(answering('Fine.'), denyPatterns({ patterns: ['nothing', 'project\\s+\\w+'] })).chat(says('About Project Zebra')));
    expect(error).toMatchObject(blocked('pattern 2'));
    expect(String(error)).not.toMatch(/zebra/i);
  });

  it('rewrites the request that is sent, every occurrence, in every kind of content', async () => {
    const mock = mockProvider();
    mock.always({ text: 'Fine.' });
    const request: ChatRequest = {
      model: 'mock/m',
      messages: [
        { role: 'system', content: 'zebra' },
        { role: 'user', content: [{ type: 'text', text: 'a zebra and a Zebra' }] },
        { role: 'assistant', content: [{ type: 'tool-call', id: 't', name: 'look', input: { q: ['zebra', 1] } }] },
        { role: 'tool', toolCallId: 't', content: 'zebra!' },
      ],
    };
    await guarded(mock, denyPatterns({ patterns: ['zebra'], action: 'rewrite', replacement: '_' })).chat(request);
    expect(mock.calls[0]?.request).toMatchObject({
      messages: [{ content: '_' }, { content: [{ text: 'a _ and a _' }] }, { content: [{ input: { q: ['_', 1] } }] }, { content: '_!' }],
    });
  });

  it('reads files that are text, and what a model wrote for a tool that is no JSON', async () => {
    const file: ChatRequest = { ...ask, messages: [{ role: 'user', content: [{ type: 'file', data: new TextEncoder().encode('a zebra'), mediaType: 'text/plain' }] }] };
    const broken: ChatRequest = { ...ask, messages: [{ role: 'assistant', content: [{ type: 'tool-call', id: 't', name: 'look', input: null, invalidInput: '{"q": "zebra' }] }, { role: 'user', content: 'go on' }] };
    for (const request of [file, broken]) expect(await failure(guarded(answering('Fine.'), denyPatterns({ patterns: ['zebra'] })).chat(request))).toMatchObject(blocked('pattern 1'));
  });

  it('looks only at its scope', async () => {
    const conversation: ChatRequest = { ...ask, messages: [{ role: 'system', content: 'zebra' }, { role: 'user', content: 'zebra' }, { role: 'assistant', content: 'zebra' }, { role: 'user', content: 'hi' }] };
    await expect(guarded(answering('Fine.'), denyPatterns({ patterns: ['zebra'], scope: 'last' })).chat(conversation)).resolves.toMatchObject({ text: 'Fine.' });
    expect(await failure(guarded(answering('Fine.'), denyPatterns({ patterns: ['zebra'], scope: 'user' })).chat(conversation))).toMatchObject(blocked('pattern 1'));
  });

  it.each(['(?=a)', '(a)\\1', '('])('refuses %s, which has no linear time or is no pattern', (pattern) => {
    expect(() => denyPatterns({ patterns: [pattern] })).toThrow('denyPatterns: patterns[0]');
  });

  it('takes linear time for a pattern that would send another engine away', async () => {
    const rule = denyPatterns({ patterns: ['(a+)+$', '(x+x+)+y'] });
    const startedAt = performance.now();
    await guarded(answering('Fine.'), { ...rule, stage: 'input' }).chat(says(`${'a'.repeat(100_000)}!${'x'.repeat(100_000)}`));
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  it('rewrites a stream the same wherever it is cut', async () => {
    const said = 'My zebra, your ZEBRA and the zebr of zebras';
    const rule = denyPatterns({ patterns: ['zebras?'], action: 'rewrite', replacement: '[animal]' });
    for (let at = 0; at <= said.length; at++) {
      const adapter = streaming([begin, text(said.slice(0, at)), text(said.slice(at)), finish]);
      expect((await guarded(adapter, rule).stream(ask).response()).text).toBe('My [animal], your [animal] and the zebr of [animal]');
    }
  });

  it('keeps the arguments of a tool JSON when it rewrites them, or hands them out as text', async () => {
    const call = (json: string) => [begin, { type: 'tool-call-start' as const, id: 'a', name: 'f' }, ...[...json].map((piece) => ({ type: 'tool-call-delta' as const, id: 'a', json: piece })), { type: 'tool-call-end' as const, id: 'a' }, finish];
    const rule = denyPatterns({ patterns: ['zebra'], action: 'rewrite', replacement: '_' });
    const response = await guarded(streaming(call('{"q":"a zebra"}')), rule).stream(ask).response();
    expect(response.toolCalls).toMatchObject([{ name: 'f', input: { q: 'a _' } }]);
  });
});

describe('allowPatterns()', () => {
  it('lets only what fits pass, and looks at the last message', async () => {
    const rule = allowPatterns({ patterns: ['^order \\d+'] });
    await expect(guarded(answering('Fine.'), rule).chat(says('Order 12 please'))).resolves.toMatchObject({ text: 'Fine.' });
    expect(await failure(guarded(answering('Fine.'), rule).chat(says('Tell me a joke')))).toMatchObject(blocked('allow-patterns'));
  });
});

describe('longestPrompt()', () => {
  it('counts all texts together', async () => {
    const rule = longestPrompt({ maxCharacters: 5 });
    await expect(guarded(answering('Fine.'), rule).chat(says('12345'))).resolves.toMatchObject({ text: 'Fine.' });
    const two: ChatRequest = { ...ask, messages: [{ role: 'system', content: '123' }, { role: 'user', content: '456' }] };
    expect(await failure(guarded(answering('Fine.'), rule).chat(two))).toMatchObject(blocked('6 characters, and 5 are allowed'));
  });
});

describe('allowTools()', () => {
  const tool = (name: string) => ({ name, parameters: { type: 'object' } });
  const calling = (name: string) => streaming([begin, text('Let me see.'), { type: 'tool-call-start', id: 'a', name }, { type: 'tool-call-delta', id: 'a', json: '{"x":1}' }, { type: 'tool-call-end', id: 'a' }, { type: 'finish', finishReason: 'tool-calls' }]);

  it('refuses a request that offers another tool', async () => {
    expect(await failure(guarded(answering('Fine.'), allowTools({ tools: ['read_*'] })).chat({ ...ask, tools: [tool('read_file'), tool('delete_file')] }))).toMatchObject(blocked('offered'));
  });

  it('lets an allowed call pass, and ends the stream at another before anything of it is read', async () => {
    const rule = allowTools({ tools: ['read_*', 'search'] });
    expect((await guarded(calling('read_file'), rule).stream(ask).response()).toolCalls).toMatchObject([{ name: 'read_file', input: { x: 1 } }]);
    const stream = guarded(calling('delete_file'), rule).stream(ask);
    const seen: unknown[] = [];
    const error = await failure((async () => { for await (const event of stream) seen.push(event.type); })());
    expect(error).toMatchObject({ ...blocked('called'), partial: { text: 'Let me see.', toolCalls: [] } });
    expect(seen).not.toContain('tool-call-start');
    expect(await failure(guarded(calling('delete_file'), rule).chat(ask))).toMatchObject(blocked('called'));
  });
});

describe('matchesSchema()', () => {
  const schema = { type: 'object', properties: { people: { type: 'number' } }, required: ['people'] };
  const good = '{"people":134000}';

  /** Answers with each of these in turn, streamed in small pieces. */
  function inTurn(...answers: readonly string[]) {
    const mock = mockProvider();
    for (const answer of answers) mock.reply({ text: answer });
    return mock;
  }

  for (const [kind, wanted] of [['a JSON Schema', schema], ['a Standard Schema', z.object({ people: z.number() })]] as const) {
    it(`asks once more with what does not fit, and gives the second answer, for ${kind}`, async () => {
      for (const streamed of [false, true]) {
        const mock = inTurn('{"people":"many"}', good);
        const gateway = guarded(mock, matchesSchema({ schema: wanted }));
        const response = streamed ? await gateway.stream({ ...ask, model: 'mock/m' }).response() : await gateway.chat({ ...ask, model: 'mock/m' });
        expect(response.text).toBe(good);
        expect(mock.calls[1]?.request).toMatchObject({ messages: [{}, { role: 'assistant', content: '{"people":"many"}' }, { role: 'user', content: expect.stringContaining('not the JSON that was asked for') }] });
        expect(response.gateway?.decisions).toContainEqual(expect.objectContaining({ what: 'guardrail', verdict: 'repair', reason: 'it does not fit the schema in 1 place' }));
        expect(response.gateway?.attempts).toHaveLength(2);
      }
    });
  }

  it('blocks the second answer that does not fit, and asks no third time', async () => {
    const mock = inTurn('no', 'never');
    expect(await failure(guarded(mock, matchesSchema({ schema })).chat({ ...ask, model: 'mock/m' }))).toMatchObject(blocked('does not fit the schema'));
    expect(mock.calls).toHaveLength(2);
  });

  it('asks no second time for an answer that fits, and without repair', async () => {
    const fits = inTurn(good);
    expect((await guarded(fits, matchesSchema({ schema })).chat({ ...ask, model: 'mock/m' })).text).toBe(good);
    const alone = inTurn('no');
    expect(await failure(guarded(alone, matchesSchema({ schema, repair: false })).chat({ ...ask, model: 'mock/m' }))).toMatchObject(blocked('schema'));
    expect([fits.calls.length, alone.calls.length]).toEqual([1, 1]);
  });

  it('keeps the pieces of a stream that fits', async () => {
    const events = await collect(guarded(streaming([begin, text('{"people"'), text(':1}'), finish]), matchesSchema({ schema })).stream(ask));
    expect(events.filter(({ type }) => type === 'text-delta')).toHaveLength(2);
  });

  it('leaves an answer that calls tools alone, and blocks one that says nothing', async () => {
    const calls = streaming([begin, text('Let me see.'), { type: 'tool-call-start', id: 'a', name: 'f' }, { type: 'tool-call-end', id: 'a' }, { type: 'finish', finishReason: 'tool-calls' }]);
    expect((await guarded(calls, matchesSchema({ schema })).chat(ask)).toolCalls).toHaveLength(1);
    expect(await failure(guarded(streaming([begin, finish]), matchesSchema({ schema, repair: false })).chat(ask))).toMatchObject(blocked('schema'));
  });
});
