import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import type { Folded } from '../../support/fold.js';
import { callDelta, decoded, decodedEvents, delta, end, scope } from './builders.js';

const calls = (folded: Folded) => {
  expect(folded.breaches).toEqual([]);
  return folded.content.filter((part) => part.type === 'tool-call').map(({ id, name, input, invalidInput }) => (invalidInput === undefined ? [id, name, input] : [id, name, invalidInput]));
};

describe('a stream of chat completions', () => {
  it('is complete with a finish reason alone, or with [DONE] alone', () => {
    expect(decoded(delta({ content: 'a' }), end).finishReason).toBe('stop');
    expect(decoded(delta({ content: 'a' }, ''), '[DONE]').finishReason).toBe('stop');
  });

  it('does not finish with neither', () => {
    expect(decoded(delta({ content: 'a' }), delta({ content: 'b' }, '')).finishReason).toBeUndefined();
    expect(decoded(delta({ content: 'a' }), { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1 } }).finishReason).toBeUndefined();
    expect(decodedEvents()).toEqual([]);
  });

  it('gives the content that comes with the finish reason, and the usage that comes behind it', () => {
    const folded = decoded(delta({ content: 'a' }, 'length'), { id: 'c1', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } }, '[DONE]');
    expect(folded).toMatchObject({ content: [{ type: 'text', text: 'a' }], finishReason: 'length', usage: { inputTokens: 1, outputTokens: 2 } });
  });

  it('finishes at [DONE] without waiting for the end of the body, and reads nothing after it', () => {
    const decoder = openaiChat().fromStream(scope);
    decoder.push({ data: JSON.stringify(end) });
    expect(decoder.push({ data: '[DONE]' }).map((event) => event.type)).toEqual(['finish']);
    expect(decoder.push({ data: 'not json' })).toEqual([]);
    expect(decoder.end()).toEqual([]);
  });

  it('may begin with a frame without choices, of which the annotations are kept', () => {
    const filter = [{ prompt_index: 0 }];
    const events = decodedEvents({ id: '', model: '', choices: [], prompt_filter_results: filter }, delta({ content: 'a' }), end);
    expect(events[0]).toEqual({ type: 'start', id: 'c1', model: 'm1' });
    expect(events.at(-1)).toMatchObject({ type: 'finish', providerData: { acme: { prompt_filter_results: filter } } });
  });

  it('says what is counted so far where chunks tell, and nothing where they do not', () => {
    const counted = (completion: number) => ({ ...(delta({ content: 'a' }) as object), usage: { prompt_tokens: 9, completion_tokens: completion } });
    const usages = (...chunks: readonly unknown[]) => decodedEvents(...chunks).flatMap((event) => (event.type === 'usage' ? [event.usage] : []));
    expect(usages(counted(1), counted(1), counted(2), delta({ content: 'b' }))).toEqual([
      { inputTokens: 9, outputTokens: 1 },
      { inputTokens: 9, outputTokens: 2 },
    ]);
    const last = { id: 'c1', choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } };
    expect(usages({ ...(delta({ content: 'a' }) as object), usage: null }, end, last, '[DONE]')).toEqual([]);
  });

  it('keeps the refusal, and ends as one', () => {
    expect(decoded(delta({ refusal: 'I ' }), delta({ refusal: 'will not' }), end)).toMatchObject({ content: [{ type: 'refusal', text: 'I will not' }], finishReason: 'refusal' });
  });

  it.each([
    ['stop', 'stop'], ['eos', 'stop'], ['length', 'length'], ['model_length', 'length'], ['content_filter', 'content-filter'], ['function_call', 'tool-calls'], ['something new', 'other'],
  ])('ends with %s as %s', (wire, reason) => {
    expect(decoded(delta({ content: 'a' }, wire)).finishReason).toBe(reason);
  });

  it('ends as tool calls where calls came with a plain stop', () => {
    expect(decoded(callDelta({ index: 0, id: '1', function: { name: 'f', arguments: '{}' } }), end).finishReason).toBe('tool-calls');
  });

  it('keeps other choices, logprobs and unknown members under the vendor', () => {
    const events = decodedEvents(
      { id: 'c1', model: 'm1', system_fingerprint: 'fp', choices: [{ index: 1, delta: { content: 'x' } }, { index: 0, delta: { content: 'a', channel: 'final' }, logprobs: { content: [{ token: 'a' }] } }] },
      { choices: [{ index: 1, delta: { content: 'y', tool_calls: [{ index: 0, id: '1', function: { name: 'f', arguments: '{}' } }] }, finish_reason: 'stop' }] },
      { choices: [{ index: 0, delta: { content: 'b' }, logprobs: { content: [{ token: 'b' }] }, finish_reason: 'stop' }], service_tier: 'flex' },
    );
    expect(events.at(-1)).toEqual({
      type: 'finish', finishReason: 'stop', serviceTier: 'flex',
      providerData: {
        acme: {
          system_fingerprint: 'fp',
          logprobs: { content: [{ token: 'a' }, { token: 'b' }] },
          message: { channel: 'final' },
          choices: [{ index: 1, message: { role: 'assistant', content: 'xy', tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{}' } }] }, finish_reason: 'stop' }],
        },
      },
    });
    expect(events.filter((event) => event.type === 'text-delta').map((event) => event.text)).toEqual(['a', 'b']);
  });

  it('puts citations on the text', () => {
    const citation = { type: 'url_citation', url_citation: { url: 'https://x', title: 'X', start_index: 0, end_index: 1 } };
    expect(decoded(delta({ content: 'a' }), delta({ annotations: [citation] }), end).content).toEqual([{ type: 'text', text: 'a', citations: [{ url: 'https://x', title: 'X', start: 0, end: 1 }] }]);
    expect(decoded({ ...(delta({ content: 'a' }) as object), citations: ['https://y'] }, end).content).toEqual([{ type: 'text', text: 'a', citations: [{ url: 'https://y' }] }]);
  });

  it('puts spoken output together', () => {
    const folded = decoded(delta({ audio: { id: 'a1', transcript: 'hel' } }), delta({ audio: { transcript: 'lo', data: 'AQ==' } }), delta({ audio: { data: 'AgM=', expires_at: 9 } }), end);
    expect(folded.content).toEqual([{ type: 'audio', data: 'AQID', mediaType: 'audio/pcm', transcript: 'hello', providerData: { acme: { id: 'a1', expires_at: 9 } } }]);
  });
});

describe('reasoning in a stream of chat completions', () => {
  it.each(['reasoning_content', 'reasoning'])('is read from %s', (field) => {
    expect(decoded(delta({ [field]: 'h' }), delta({ [field]: 'm', content: '' }), delta({ content: 'a' }), end).content).toEqual([{ type: 'reasoning', text: 'hm' }, { type: 'text', text: 'a' }]);
  });

  it('is read once where it comes under two names', () => {
    expect(decoded(delta({ reasoning: 'hm', reasoning_content: 'hm' }), end).content).toEqual([{ type: 'reasoning', text: 'hm' }]);
  });

  it('is read from thinking parts', () => {
    expect(decoded(delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }), delta({ content: [{ type: 'text', text: 'a' }] }), delta({ content: 'b' }), end).content).toEqual([
      { type: 'reasoning', text: 'hm' }, { type: 'text', text: 'ab' },
    ]);
  });

  it('carries its details, put together, so that they can go back', () => {
    const text = (text: string, more: object = {}) => ({ reasoning: text, reasoning_details: [{ type: 'reasoning.text', index: 0, text, ...more }] });
    expect(decoded(delta(text('h')), delta(text('m')), delta({ reasoning_details: [{ type: 'reasoning.text', index: 0, signature: 's' }] }), delta({ content: 'a' }), end).content).toEqual([
      { type: 'reasoning', text: 'hm', providerData: { acme: { reasoning_details: [{ type: 'reasoning.text', index: 0, signature: 's' }] } } },
      { type: 'text', text: 'a' },
    ]);
  });

  it('that is encrypted is a redacted part', () => {
    const details = [{ type: 'reasoning.encrypted', data: 'x', index: 0 }];
    expect(decoded(delta({ content: 'a' }), delta({ reasoning_details: details }), end).content).toEqual([
      { type: 'text', text: 'a' },
      { type: 'reasoning', text: '', redacted: true, providerData: { acme: { reasoning_details: details } } },
    ]);
  });
});

describe('tool calls in a stream of chat completions', () => {
  const named = (index: number | undefined, id: string | undefined, name: string, args: unknown) => callDelta({ index, id, type: 'function', function: { name, arguments: args } });
  const more = (index: number | undefined, args: unknown, id?: string) => callDelta({ index, id, function: { arguments: args } });

  it('are joined by index, also when their fragments come interleaved', () => {
    expect(calls(decoded(named(0, 'a', 'f', ''), named(1, 'b', 'g', '{"y"'), more(0, '{"x":'), more(1, ':2}'), more(0, '1}'), end))).toEqual([['a', 'f', { x: 1 }], ['b', 'g', { y: 2 }]]);
  });

  it('stay apart where all have the index 0 and ids of their own', () => {
    expect(calls(decoded(named(0, 'a', 'f', '{"x":1}'), named(0, 'b', 'f', '{"x":2}'), named(0, 'c', 'g', ''), more(0, '{}'), end))).toEqual([['a', 'f', { x: 1 }], ['b', 'f', { x: 2 }], ['c', 'g', {}]]);
  });

  it('stay apart where all have the index 0 and no id', () => {
    const found = calls(decoded(named(0, undefined, 'f', '{"x":1}'), named(0, undefined, 'f', '{"x":2}'), named(0, undefined, 'g', ''), named(0, undefined, 'h', '{}'), end));
    expect(found.map(([, name, input]) => [name, input])).toEqual([['f', { x: 1 }], ['f', { x: 2 }], ['g', {}], ['h', {}]]);
  });

  it('stay together where every fragment has another id', () => {
    expect(calls(decoded(named(0, 'a', 'f', '{"x"'), more(0, ':1', 'b'), more(0, '}', 'c'), end))).toEqual([['a', 'f', { x: 1 }]]);
    expect(calls(decoded(named(0, 'a', 'f', '{"x"'), named(0, 'b', 'f', ':1}'), end))).toEqual([['a', 'f', { x: 1 }]]);
  });

  it('stay together where every fragment repeats id and name', () => {
    expect(calls(decoded(named(0, 'a', 'f', '{"x"'), named(0, 'a', 'f', ':1}'), end))).toEqual([['a', 'f', { x: 1 }]]);
  });

  it('are told apart by id where there is no index', () => {
    expect(calls(decoded(named(undefined, 'a', 'f', '{"x":1}'), named(undefined, 'b', 'g', '{'), more(undefined, '}'), end))).toEqual([['a', 'f', { x: 1 }], ['b', 'g', {}]]);
  });

  it('have an id of their own each, where two came with the same or none', () => {
    const found = calls(decoded(named(0, 'a', 'f', '{}'), named(1, 'a', 'g', '{}'), named(2, '', 'h', '{}'), end));
    expect(new Set(found.map(([id]) => id)).size).toBe(3);
    expect(found.every(([id]) => typeof id === 'string' && id !== '')).toBe(true);
  });

  it('may bring arguments as an object, none at all, or text that is not JSON', () => {
    expect(calls(decoded(named(0, 'a', 'f', { x: 1 }), named(1, 'b', 'g', null), named(2, 'c', 'h', '{"x"'), end))).toEqual([['a', 'f', { x: 1 }], ['b', 'g', {}], ['c', 'h', '{"x"']]);
  });

  it('start when the name is there, with the arguments that came before it', () => {
    expect(decodedEvents(more(0, '{"x"', 'a'), callDelta({ index: 0, function: { name: 'f', arguments: ':1' } }), more(0, '}'), end).map((event) => event.type)).toEqual([
      'start', 'tool-call-start', 'tool-call-delta', 'tool-call-delta', 'tool-call-end', 'finish',
    ]);
  });

  it('keep the text around them in its place', () => {
    expect(decoded(delta({ reasoning: 'hm' }), delta({ content: 'a' }), named(0, 'x', 'f', '{}'), delta({ content: 'b' }), end).content.map((part) => part.type)).toEqual(['reasoning', 'text', 'tool-call', 'text']);
  });

  it('carry what came beside them, whichever fragment brought it', () => {
    const signature = { google: { thought_signature: 's' } };
    expect(decoded(named(0, 'a', 'f', '{}'), callDelta({ index: 0, extra_content: signature, function: { arguments: '' } }), end).content).toMatchObject([{ providerData: { acme: { tool_call: { extra_content: signature } } } }]);
  });

  it('of free form hold their text as a JSON string', () => {
    const custom = (input: string, more: object = {}) => callDelta({ index: 0, ...more, custom: { ...('id' in more && { name: 'sql' }), input } });
    expect(decoded(custom('select "', { id: 'a', type: 'custom' }), custom('\n\u{1f600}".'), end).content).toEqual([
      { type: 'tool-call', id: 'a', name: 'sql', input: 'select "\n\u{1f600}".', providerData: { acme: { type: 'custom' } } },
    ]);
  });

  it('of the older kind are tool calls with an id made up here', () => {
    const folded = decoded(delta({ function_call: { name: 'f', arguments: '' } }), delta({ function_call: { arguments: '{"x":1}' } }), delta({}, 'function_call'));
    expect(folded).toMatchObject({ content: [{ type: 'tool-call', name: 'f', input: { x: 1 } }], finishReason: 'tool-calls' });
    expect(decoded(delta({ content: 'a', function_call: { name: '', arguments: '' } }), delta({ content: 'b' }), end).content).toEqual([{ type: 'text', text: 'ab' }]);
  });
});

describe('an error inside a stream of chat completions', () => {
  const decode = (chunk: unknown, event?: string) => () => openaiChat().fromStream(scope).push({ event, data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) });

  it.each([
    ['an object', { error: { message: 'm', type: 'server_error', code: null } }, 'server_error'],
    ['a text', { error: 'm' }, 'server_error'],
    ['a number', { error: { message: 'm', code: 429 } }, 'provider_rate_limit'],
    ['a code in capitals', { error: { message: 'm', code: 'CONTEXT_LENGTH_EXCEEDED' } }, 'context_length'],
    ['flat', { object: 'error', message: 'm', code: 400, type: 'BadRequestError' }, 'invalid_request'],
    ['a finish reason with an error beside it', { error: { message: 'm', code: 502 }, choices: [{ delta: { content: '' }, finish_reason: 'error' }] }, 'server_error'],
    ['an error on the choice', { choices: [{ delta: {}, finish_reason: 'error', error: { message: 'm', code: 429 } }] }, 'provider_rate_limit'],
  ])('may be %s', (_name, chunk, code) => {
    expect(decode(chunk)).toThrow(expect.objectContaining({ code, providerMessage: 'm', certainty: 'started' }));
  });

  it('may be an event of that name', () => {
    expect(decode({ message: 'm', type: 'server_error' }, 'error')).toThrow(expect.objectContaining({ code: 'server_error', providerMessage: 'm' }));
  });

  it('may be a finish reason', () => {
    expect(decode(delta({}, 'insufficient_system_resource'))).toThrow(expect.objectContaining({ code: 'overloaded' }));
    expect(decode(delta({}, 'error'))).toThrow(expect.objectContaining({ code: 'server_error' }));
  });

  it.each(['{"id":', '<html>', '7', 'null', '[]'])('is invalid_response where the event is %j', (data) => {
    expect(decode(data)).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });

  it('is none where the member is there and empty', () => {
    for (const error of [null, {}, '', false]) expect(decode({ error, choices: [] })).not.toThrow();
  });

  it.each([
    { choices: 'x' }, { choices: [null, 7, 'x', []] }, { choices: [{ delta: null }] }, { choices: [{ delta: { content: 7, tool_calls: [null, 7, {}], reasoning_details: [null, 7] } }] },
    { choices: [{ delta: { tool_calls: [{ function: null }, { index: 'x', function: { name: 7, arguments: 7 } }] } }] }, { choices: [{ delta: { audio: { data: 7 }, images: [7], annotations: [7], function_call: { name: 7 } }, logprobs: { content: 7 } }], usage: 7 },
  ])('is none for shapes that are not in the protocol: %j', (chunk) => {
    expect(decoded(chunk, end).finishReason).toBeDefined();
  });
});
