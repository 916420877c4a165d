import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../src/errors.js';
import { readFixture, haveFixtures } from '../../support/fixtures.js';
import { added, completed, created, decode, dialect, done, fold, message, response, scope, textDelta } from './build.js';

const part = (index: number, content: number, text: string) => ({
  type: 'response.content_part.done', output_index: index, content_index: content, part: { type: 'output_text', text, annotations: [], logprobs: [] },
});
const call = (id: string, args: string) => ({ type: 'function_call', id: `fc_${id}`, call_id: id, name: 'weather', arguments: args });
const argumentsDelta = (index: number, delta: string) => ({ type: 'response.function_call_arguments.delta', output_index: index, delta });

describe('order and content', () => {
  it('gives text as it comes, and closes it with what the whole item says', () => {
    expect(decode(created, added(0, { ...message(), phase: 'final_answer' }), textDelta(0, 'Hel'), textDelta(0, 'lo'), done(0, { ...message('Hello'), phase: 'final_answer' }), completed(message('Hello')))).toEqual([
      { type: 'start', id: 'resp_1', model: 'gpt-4.1-2025' },
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'part-end', providerData: { openai: { id: 'msg_1', phase: 'final_answer' } } },
      { type: 'finish', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 5 }, providerData: { openai: { status: 'completed' } } },
    ]);
  });

  it('folds several texts of one message to the parts of the unary form', () => {
    const item = message('One', 'Two');
    const streamed = fold(created, added(0, message()), textDelta(0, 'On'), textDelta(0, 'e'), part(0, 0, 'One'), textDelta(0, 'Two', 1), part(0, 1, 'Two'), done(0, item), completed(item));
    expect(streamed.content).toEqual(dialect.fromResponse(response(item), scope).content);
    expect(streamed.breaches).toEqual([]);
  });

  it('folds several texts without any id to as many parts', () => {
    const item = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'One' }, { type: 'output_text', text: 'Two' }] };
    expect(fold(created, done(0, item), completed(item)).content).toEqual([{ type: 'text', text: 'One' }, { type: 'text', text: 'Two' }]);
  });

  it('gives overlapping items one after another, in the order in which they began', () => {
    const first = { ...message('First'), id: 'msg_1' };
    const second = { ...message('Second'), id: 'msg_2' };
    const streamed = fold(
      created, added(0, { ...first, content: [] }), added(1, { ...second, content: [] }), added(2, call('a', '')), textDelta(0, 'Fi'), textDelta(1, 'Sec'), argumentsDelta(2, '{}'), textDelta(0, 'rst'),
      done(2, call('a', '{}')), textDelta(1, 'ond'), done(1, second), done(0, first), completed(first, second, call('a', '{}')),
    );
    expect(streamed.content).toEqual(dialect.fromResponse(response(first, second, call('a', '{}')), scope).content);
    expect(streamed.finishReason).toBe('tool-calls');
  });

  it('streams the arguments of parallel calls, each under its own id', () => {
    const streamed = fold(
      created, added(0, call('a', '')), added(1, call('b', '')), argumentsDelta(0, '{"city":'), argumentsDelta(1, '{"city":"Rome"}'), argumentsDelta(0, '"Oslo"}'),
      done(0, call('a', '{"city":"Oslo"}')), done(1, call('b', '{"city":"Rome"}')), completed(),
    );
    expect(streamed.content).toMatchObject([{ id: 'a', input: { city: 'Oslo' }, providerData: { openai: { id: 'fc_a' } } }, { id: 'b', input: { city: 'Rome' } }]);
    expect(streamed.breaches).toEqual([]);
  });

  it('streams the free text of a custom call as a JSON string, wherever it is cut', () => {
    const input = 'SELECT "a"\n\u{1F600}\\';
    const item = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'sql', input };
    const deltas = input.split('').map((delta) => ({ type: 'response.custom_tool_call_input.delta', output_index: 0, delta }));
    const streamed = fold(created, added(0, { ...item, input: '' }), ...deltas, done(0, item), completed(item));
    expect(streamed.content).toEqual(dialect.fromResponse(response(item), scope).content);
  });

  it('closes every summary of a reasoning item with its id, and the last with the encrypted text', () => {
    const item = { type: 'reasoning', id: 'rs_1', encrypted_content: 'x', summary: [{ type: 'summary_text', text: 'A' }, { type: 'summary_text', text: 'B' }] };
    const delta = (summary: number, text: string) => ({ type: 'response.reasoning_summary_text.delta', output_index: 0, summary_index: summary, delta: text });
    const streamed = fold(created, added(0, { type: 'reasoning', id: 'rs_1', encrypted_content: 'not yet', summary: [] }), delta(0, 'A'), delta(1, 'B'), done(0, item), completed(item));
    expect(streamed.content).toEqual(dialect.fromResponse(response(item), scope).content);
  });

  it('gives reasoning without a text as a part that holds only what goes back', () => {
    const item = { type: 'reasoning', id: 'rs_1', encrypted_content: 'x', summary: [] };
    const streamed = fold(created, added(0, item), done(0, item), completed(item));
    expect(streamed.content).toEqual(dialect.fromResponse(response(item), scope).content);
    expect(streamed.breaches).toEqual([]);
  });

  it('gives citations that came as events of their own', () => {
    const annotation = { type: 'url_citation', url: 'https://a', title: 'A', start_index: 0, end_index: 1 };
    const streamed = fold(created, added(0, message()), textDelta(0, 'See A'), { type: 'response.output_text.annotation.added', output_index: 0, content_index: 0, annotation_index: 0, annotation }, { type: 'response.completed', response: {} });
    expect(streamed.content).toMatchObject([{ text: 'See A', citations: [{ url: 'https://a', title: 'A', start: 0, end: 1 }] }]);
  });

  it('streams refusals as refusals', () => {
    const item = { ...message(), content: [{ type: 'refusal', refusal: 'No.' }] };
    const streamed = fold(created, added(0, message()), { type: 'response.refusal.delta', output_index: 0, content_index: 0, delta: 'No.' }, done(0, item), completed(item));
    expect(streamed).toMatchObject({ content: [{ type: 'refusal', text: 'No.' }], finishReason: 'refusal' });
  });
});

describe('servers that leave things out', () => {
  const hello = [{ type: 'text', text: 'Hello', providerData: { openai: { id: 'msg_1' } } }];

  it('takes text that came only with the closing events', () => {
    expect(fold(created, added(0, message()), { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hello' }, done(0, message('Hello')), completed()).content).toEqual(hello);
    expect(fold(created, done(0, message('Hello')), completed()).content).toEqual(hello);
  });

  it('takes everything from the last event when there is nothing before it', () => {
    expect(fold(completed(message('Hello'), call('a', '{}')))).toMatchObject({ id: 'resp_1', content: [hello[0], { type: 'tool-call', id: 'a' }], finishReason: 'tool-calls' });
  });

  it('takes deltas of items that were never announced, without an index, and no text twice', () => {
    expect(fold({ type: 'response.output_text.delta', delta: 'Hel' }, { type: 'response.output_text.delta', delta: 'lo' }, completed(message('Hello'))).content).toEqual(hello);
  });

  it('takes calls whose id and arguments came only at their end', () => {
    const streamed = fold(created, added(0, { type: 'function_call', name: 'weather' }), argumentsDelta(0, '{"a"'), done(0, call('a', '{"a":1}')), completed());
    expect(streamed).toMatchObject({ content: [{ type: 'tool-call', id: 'a', input: { a: 1 } }], finishReason: 'tool-calls' });
  });

  it('takes arguments, or the rest of them, that came only with the finished call', () => {
    const whole = call('a', '{"city":"Oslo"}');
    expect(fold(created, added(0, call('a', '')), done(0, whole), completed()).content).toMatchObject([{ id: 'a', input: { city: 'Oslo' } }]);
    expect(fold(created, added(0, call('a', '')), argumentsDelta(0, '{"city":'), done(0, whole), completed()).content).toMatchObject([{ id: 'a', input: { city: 'Oslo' } }]);
  });

  it('ends calls that were never ended', () => {
    expect(fold(created, added(0, call('a', '')), argumentsDelta(0, '{"a":1}'), { type: 'response.completed' }).content).toMatchObject([{ id: 'a', input: { a: 1 } }]);
  });

  it('does not hold up text behind a server tool that was reported as completed but never ended', () => {
    const tools = { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 's', tools: [] };
    const early = decode(created, added(0, tools), { type: 'response.mcp_list_tools.completed', output_index: 0, item_id: 'mcpl_1' }, added(1, message()), textDelta(1, 'Hello'));
    expect(early.at(-1)).toEqual({ type: 'text-delta', text: 'Hello' });
    const listed = { ...tools, tools: [{ name: 'search' }] };
    const streamed = fold(created, added(0, tools), { type: 'response.mcp_list_tools.completed', output_index: 0 }, added(1, message()), textDelta(1, 'Hello'), done(1, message('Hello')), completed(listed, message('Hello')));
    expect(streamed.content).toEqual([...hello, { type: 'opaque', provider: 'openai', kind: 'mcp_list_tools', data: listed }]);
  });

  it('does not take an item for another when its ids change from event to event', () => {
    const rotated = { ...message('Hello'), id: 'msg_other' };
    expect(fold(created, added(0, message()), textDelta(0, 'Hello'), done(0, { ...message('Hello'), id: 'msg_third' }), completed(rotated)).content).toMatchObject([{ text: 'Hello' }]);
  });

  it('does not parse large events that bring nothing', () => {
    expect(dialect.fromStream(scope).push({ event: 'response.image_generation_call.partial_image', data: 'not even JSON' })).toEqual([]);
  });

  it('ignores unknown events, empty data and the sentinel of another protocol', () => {
    const streamed = fold('', created, '7', { type: 'response.rate_limits.updated', limits: {} }, { type: 'keepalive' }, textDelta(0, 'Hi'), completed(), '[DONE]', 'not even JSON');
    expect(streamed).toMatchObject({ content: [{ text: 'Hi' }], finishReason: 'stop', breaches: [] });
  });

  it('survives events of any shape', () => {
    const types = ['output_item.added', 'output_item.done', 'output_text.delta', 'output_text.done', 'content_part.done', 'output_text.annotation.added', 'function_call_arguments.delta', 'reasoning_text.delta', 'created'];
    const values = [null, 7, 'x', [], { type: 7 }];
    const events = types.flatMap((type) => values.map((value) => ({ type: `response.${type}`, output_index: value, content_index: value, item: value, delta: value, text: value, part: value, annotation: value, response: value })));
    expect(() => decode(...events, { type: 'response.completed', response: { output: [null, 7, { type: 'message', content: 9 }] } })).not.toThrow();
  });
});

describe('the end', () => {
  it.each(['response.completed', 'response.incomplete'])('is %s', (type) => {
    expect(fold(created, textDelta(0, 'Hi'), { type }).finishReason).toBe(type === 'response.completed' ? 'stop' : 'other');
  });

  it('says why an incomplete response stopped', () => {
    const cut = { ...response(message('Hi')), status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    expect(fold(created, { type: 'response.incomplete', response: cut })).toMatchObject({ finishReason: 'length', content: [{ text: 'Hi' }] });
  });

  it('is not there when the stream just stops', () => {
    expect(fold(created, added(0, message()), textDelta(0, 'Hi'), done(0, message('Hi')), '[DONE]').finishReason).toBeUndefined();
  });

  it('counts tokens that the last event brings, and makes none up', () => {
    expect(fold(created, completed()).usage).toEqual({ inputTokens: 3, outputTokens: 5 });
    expect(fold(created, { type: 'response.completed', response: { status: 'completed' } }).usage).toBeUndefined();
  });
});

describe('failures inside the stream', () => {
  it.each([
    ['overloaded', { type: 'response.failed', response: { status: 'failed', error: { code: 'server_is_overloaded', message: 'busy' } } }],
    ['provider_rate_limit', { type: 'error', code: 'rate_limit_exceeded', message: 'slow', param: null, sequence_number: 3 }],
    ['context_length', { type: 'error', error: { type: 'invalid_request_error', code: 'context_length_exceeded', message: 'long' } }],
    ['content_filter', { type: 'response.failed', response: { error: { code: 'invalid_prompt', message: 'flagged' } } }],
    ['server_error', { type: 'response.failed', response: { error: null } }],
    ['quota_exhausted', { error: { code: 'insufficient_quota', message: 'pay' } }],
    ['server_error', { type: 'response.completed', response: { status: 'failed', error: { code: 'server_error', message: 'x' } } }],
  ] as const)('throws %s', (code, event) => {
    expect(thrownBy(() => decode(created, event))).toMatchObject({ code, certainty: 'started' });
  });

  it('throws invalid_response for an event that is not JSON', () => {
    expect(thrownBy(() => decode(created, '{"type":"response.out'))).toMatchObject({ code: 'invalid_response' });
  });

  interface StreamErrorCase {
    readonly id: string;
    readonly api: string;
    readonly body: string;
    readonly expected: { readonly error: { readonly message?: string } | null };
  }

  it.skipIf(!haveFixtures)('throws once for every recorded way of failing after a 200, and keeps the words of the provider out of the message', () => {
    const file = readFixture('sse/stream-errors.json') as readonly StreamErrorCase[] | { readonly cases: readonly StreamErrorCase[] };
    const cases = ('cases' in file ? file.cases : file).filter((one) => one.api === 'openai.responses');
    expect(cases.length).toBeGreaterThan(2);
    for (const { body, expected } of cases) {
      const decoder = dialect.fromStream(scope);
      const blocks = body.trim().split('\n\n').map((block) => ({ event: /^event: ?(.*)$/m.exec(block)?.[1], data: /^data: ?(.*)$/m.exec(block)?.[1] ?? '' }));
      const error = thrownBy(() => blocks.map((block) => decoder.push(block)));
      expect(error).toBeInstanceOf(ProviderError);
      expect((error as ProviderError).providerMessage).toBe(expected.error?.message);
      expect((error as ProviderError).message).not.toContain(expected.error?.message);
    }
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
