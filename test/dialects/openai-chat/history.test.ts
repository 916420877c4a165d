import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/types/message.js';
import { assistant, written, writtenMessages } from './builders.js';

const call = (id: string) => ({ type: 'tool-call', id, name: 'f', input: { a: 1 } }) as const;
const result = (toolCallId: string, content: Extract<Message, { role: 'tool' }>['content'] = 'ok'): Message => ({ role: 'tool', toolCallId, content });
const wireCall = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } });
const wireResult = (id: string, content = 'ok') => ({ role: 'tool', tool_call_id: id, content });

describe('earlier turns of a chat request', () => {
  it('have the results of a turn directly behind its calls, however they were ordered', () => {
    expect(writtenMessages([{ role: 'user', content: 'a' }, assistant(call('1'), call('2')), result('1'), { role: 'user', content: 'b' }, result('2'), assistant(call('3')), result('3')])).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: null, tool_calls: [wireCall('1'), wireCall('2')] },
      wireResult('1'),
      wireResult('2'),
      { role: 'user', content: 'b' },
      { role: 'assistant', content: null, tool_calls: [wireCall('3')] },
      wireResult('3'),
    ]);
  });

  it('have the images of results in a user message behind all results of the turn, with a warning', () => {
    const image = { type: 'image', data: 'https://x/y.png' } as const;
    const { body, warnings } = written({ messages: [assistant(call('1'), call('2')), result('1', [image]), result('2', [{ type: 'text', text: 'done' }]), { role: 'user', content: 'b' }] });
    expect(body['messages']).toEqual([
      { role: 'assistant', content: null, tool_calls: [wireCall('1'), wireCall('2')] },
      wireResult('1', 'The result is in the next user message.'),
      wireResult('2', 'done'),
      { role: 'user', content: [{ type: 'image_url', image_url: { url: image.data } }] },
      { role: 'user', content: 'b' },
    ]);
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'tool result' }]);
  });

  it('say in the text that a tool failed, with a warning', () => {
    const { body, warnings } = written({ messages: [assistant(call('1')), { role: 'tool', toolCallId: '1', content: 'no such city', isError: true }] });
    expect(body['messages']).toMatchObject([{}, { content: 'Error: no such city' }]);
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'isError' }]);
  });

  it('send unreadable arguments back as the text they came in', () => {
    const broken = { type: 'tool-call', id: '1', name: 'f', input: null, invalidInput: '{"a":' } as const;
    expect(writtenMessages([assistant(broken)])).toMatchObject([{ tool_calls: [{ function: { arguments: '{"a":' } }] }]);
  });

  it('give Mistral nine letters and digits for every id, the same for a call and its result', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        const messages = writtenMessages([assistant(call(id)), result(id)], { toolCallIds: 'alphanumeric-9' }) as [{ tool_calls: [{ id: string }] }, { tool_call_id: string }];
        expect(messages[0].tool_calls[0].id).toMatch(/^[0-9A-Za-z]{9}$/);
        expect(messages[1].tool_call_id).toBe(messages[0].tool_calls[0].id);
      }),
    );
    expect(writtenMessages([result('abcDEF123')], { toolCallIds: 'alphanumeric-9' })).toMatchObject([{ tool_call_id: 'abcDEF123' }]);
  });

  it('shorten ids of more than 40 characters, the same for a call and its result, and never two to one', () => {
    const long = (end: string) => `${'x'.repeat(60)}${end}`;
    const messages = writtenMessages([assistant(call(long('1')), call(long('2'))), result(long('1'))]) as [{ tool_calls: { id: string }[] }, { tool_call_id: string }];
    const ids = messages[0].tool_calls.map(({ id }) => id);
    expect(ids.map((id) => id.length)).toEqual([40, 40]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(messages[1].tool_call_id).toBe(ids[0]);
    expect(writtenMessages([result(long('1'))], { toolCallIds: 'any' })).toMatchObject([{ tool_call_id: long('1') }]);
  });

  it('send free-form calls and what came beside a call back to the vendor who made them', () => {
    const custom = { type: 'tool-call', id: '1', name: 'sql', input: 'select 1', providerData: { acme: { type: 'custom' } } } as const;
    const signed = { ...call('2'), providerData: { acme: { tool_call: { extra_content: { s: 1 } }, id: 'of another protocol' }, other: { secret: 1 } } };
    expect(writtenMessages([assistant(custom, signed)])).toMatchObject([{ tool_calls: [{ id: '1', type: 'custom', custom: { name: 'sql', input: 'select 1' } }, { ...wireCall('2'), extra_content: { s: 1 } }] }]);
  });

  it('send reasoning back the way the server takes it', () => {
    const turn = assistant({ type: 'reasoning', text: 'hm', providerData: { acme: { reasoning_details: [{ type: 'reasoning.text', signature: 's' }] } } }, { type: 'text', text: 'a' });
    expect(writtenMessages([turn], { reasoningHistory: 'reasoning_content' })).toEqual([{ role: 'assistant', content: 'a', reasoning_content: 'hm' }]);
    expect(writtenMessages([turn], { reasoningHistory: 'reasoning' })).toEqual([{ role: 'assistant', content: 'a', reasoning: 'hm' }]);
    expect(writtenMessages([turn], { reasoningHistory: 'reasoning_details' })).toEqual([{ role: 'assistant', content: 'a', reasoning_details: [{ type: 'reasoning.text', signature: 's', text: 'hm' }] }]);
    expect(writtenMessages([turn], { reasoningHistory: 'thinking' })).toEqual([{ role: 'assistant', content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }, { type: 'text', text: 'a' }] }]);
  });

  it('send a signature that came late back on the reasoning it signs', () => {
    const part = (text: string, more: object) => ({ type: 'reasoning', text, providerData: { acme: { reasoning_details: [{ type: 'reasoning.text', index: 0, ...more }] } } }) as const;
    expect(writtenMessages([assistant(part('hm', {}), { type: 'text', text: 'a' }, part('', { signature: 's' }))], { reasoningHistory: 'reasoning_details' })).toEqual([
      { role: 'assistant', content: 'a', reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'hm', signature: 's' }] },
    ]);
  });

  it('leave reasoning out with a warning where the server takes none, or cannot read it', () => {
    const foreign = assistant({ type: 'reasoning', text: '', redacted: true, providerData: { other: { x: 1 } } }, { type: 'text', text: 'a' });
    for (const reasoningHistory of ['none', 'reasoning_content', 'reasoning', 'reasoning_details'] as const) {
      const { body, warnings } = written({ messages: [foreign] }, { reasoningHistory });
      expect(body['messages']).toEqual([{ role: 'assistant', content: 'a' }]);
      expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'reasoning' }]);
    }
  });

  it('send a refusal back in its own field, or as text', () => {
    const turn = assistant({ type: 'refusal', text: 'no' });
    expect(writtenMessages([turn])).toEqual([{ role: 'assistant', content: null, refusal: 'no' }]);
    expect(writtenMessages([turn], { refusals: 'text' })).toEqual([{ role: 'assistant', content: 'no' }]);
  });

  it('send a spoken answer back by its id, and the words of another provider as text', () => {
    const audio = { type: 'audio', data: 'AAAA', mediaType: 'audio/pcm', transcript: 'hello' } as const;
    expect(writtenMessages([assistant({ ...audio, providerData: { acme: { id: 'a1' } } })])).toEqual([{ role: 'assistant', content: null, audio: { id: 'a1' } }]);
    const { body, warnings } = written({ messages: [assistant(audio)] });
    expect(body['messages']).toEqual([{ role: 'assistant', content: 'hello' }]);
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'audio' }]);
  });

  it('send opaque items back to their own vendor only', () => {
    const own = { type: 'opaque', provider: 'acme', kind: 'chat-message-members', data: { extra_content: { s: 1 } } } as const;
    const { body, warnings } = written({ messages: [assistant({ type: 'text', text: 'a' }, own, { ...own, provider: 'other' })] });
    expect(body['messages']).toEqual([{ role: 'assistant', content: 'a', extra_content: { s: 1 } }]);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'opaque' }]);
  });

  it('let nothing that rides along change the role or the content', () => {
    const data = { acme: { message: { role: 'system', content: 'x', name: 'n' } } };
    expect(writtenMessages([{ role: 'user', content: [{ type: 'text', text: 'a', providerData: data }] }])).toEqual([{ role: 'user', content: 'a', name: 'n' }]);
    expect(writtenMessages([assistant({ type: 'text', text: 'a' }, { type: 'opaque', provider: 'acme', kind: 'chat-message-members', data: { role: 'system', content: 'x' } })])).toEqual([{ role: 'assistant', content: 'a' }]);
  });
});
