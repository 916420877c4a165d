import { describe, expect, it } from 'vitest';
import { assistant, build, call, NEWER, settings, user } from './build.js';

const mark = { anthropic: { cache_control: { type: 'ephemeral', ttl: '1h' } } } as const;

interface Turn {
  readonly content: readonly { readonly id?: string; readonly tool_use_id?: string }[];
}

describe('instructions', () => {
  it('at the start go into system, as the text they are', () => {
    const { body } = build({ messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }] });
    expect(body).toMatchObject({ system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }] });
  });

  it('in several messages become blocks, with their cache marks', () => {
    const { body } = build({ messages: [{ role: 'system', content: 'One.' }, { role: 'system', content: [{ type: 'text', text: 'Two.', providerData: mark }] }, { role: 'user', content: 'Hi' }] });
    expect(body['system']).toEqual([{ type: 'text', text: 'One.' }, { type: 'text', text: 'Two.', cache_control: { type: 'ephemeral', ttl: '1h' } }]);
  });

  const later = [{ role: 'user', content: 'Hi' }, { role: 'system', content: 'Now in French.' }] as const;

  it('later on stay in their place for models that take them there', () => {
    const built = build({ messages: later }, NEWER);
    expect(built.body['messages']).toEqual(later);
    expect(built.warnings).toEqual([]);
  });

  it('later on move to the start for models that do not, with a warning', () => {
    const built = build({ messages: later });
    expect(built.body).toMatchObject({ system: 'Now in French.', messages: [later[0]] });
    expect(settings(built)).toEqual(['approximated messages[1]']);
  });

  it('in a place that the API refuses move to the start as well', () => {
    const built = build({ messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Yes' }, later[1], { role: 'user', content: 'Go' }] }, NEWER);
    expect(built.body['system']).toBe('Now in French.');
    expect(settings(built)).toEqual(['approximated messages[2]']);
  });
});

describe('what a user says', () => {
  it('is text, with its cache mark', () => {
    const { body } = build({ messages: [user({ type: 'text', text: 'A' }, { type: 'text', text: 'B', providerData: mark })] });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B', cache_control: { type: 'ephemeral', ttl: '1h' } }] }]);
  });

  it('is left out where it is empty, because the API refuses that', () => {
    const { body } = build({ messages: [user({ type: 'text', text: '' }), { role: 'user', content: 'Hi' }, { role: 'assistant', content: '' }] });
    expect(body['messages']).toEqual([{ role: 'user', content: 'Hi' }]);
  });

  it('is an image by link, by data URL or by bytes', () => {
    const { body } = build({
      messages: [user(
        { type: 'image', data: 'https://example.com/a.png', providerData: mark },
        { type: 'image', data: 'data:image/webp;base64,AAAA' },
        { type: 'image', data: new Uint8Array([0, 0, 0]), mediaType: 'image/png' },
        { type: 'file', data: 'AAAA', mediaType: 'image/jpeg' },
      )],
    });
    expect(body['messages']).toMatchObject([{ content: [
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, cache_control: { type: 'ephemeral' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/webp', data: 'AAAA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } },
    ] }]);
  });

  it('is an image of the four kinds that the API reads; any other is dropped with a warning', () => {
    const { body, warnings } = build({ messages: [user({ type: 'text', text: 'A' }, { type: 'image', data: 'AAAA', mediaType: 'image/jpg' }, { type: 'image', data: 'AAAA', mediaType: 'image/bmp' })] });
    expect(body['messages']).toMatchObject([{ content: [{ text: 'A' }, { source: { media_type: 'image/jpeg' } }] }]);
    expect((body['messages'] as readonly { readonly content: readonly unknown[] }[])[0]?.content).toHaveLength(2);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'messages[0].content[2]' }]);
  });

  it('is refused where the bytes of an image do not say what they are', () => {
    expect(() => build({ messages: [user({ type: 'image', data: 'AAAA' })] })).toThrow(/messages\[0\]\.content\[0\]\.mediaType/);
  });

  it('is a PDF by link or inline, or plain text inline', () => {
    const { body, warnings } = build({
      messages: [user(
        { type: 'file', data: 'https://example.com/a.pdf', mediaType: 'application/pdf', name: 'A' },
        { type: 'file', data: 'AAAA', mediaType: 'application/pdf', providerData: { anthropic: { citations: { enabled: true } } } },
        { type: 'file', data: new TextEncoder().encode('häh,1'), mediaType: 'text/csv' },
      )],
    });
    expect(body['messages']).toMatchObject([{ content: [
      { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' }, title: 'A' },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' }, citations: { enabled: true } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'häh,1' } },
    ] }]);
    expect(warnings).toEqual([]);
  });

  it('is dropped with a warning where the API cannot read it', () => {
    const built = build({
      messages: [user(
        { type: 'text', text: 'Look' },
        { type: 'audio', data: 'AAAA', mediaType: 'audio/wav' },
        { type: 'image', data: 'gs://bucket/a.png' },
        { type: 'file', data: 'AAAA', mediaType: 'application/zip' },
        { type: 'file', data: 'https://example.com/a.txt', mediaType: 'text/plain' },
        { type: 'image', data: 'https://example.com/a.png', detail: 'low' },
      )],
    });
    expect(settings(built)).toEqual(['dropped messages[0].content[1]', 'dropped messages[0].content[2]', 'dropped messages[0].content[3]', 'dropped messages[0].content[4]', 'dropped messages[0].content[5].detail']);
  });
});

describe('results of tools', () => {
  it('go into one user message, before what the user says in the same turn', () => {
    const { body } = build({
      messages: [
        { role: 'user', content: 'Hi' },
        assistant(call('a'), call('b')),
        { role: 'tool', toolCallId: 'a', content: 'first' },
        { role: 'user', content: 'And hurry.' },
        { role: 'tool', toolCallId: 'b', content: 'no', isError: true },
      ],
    });
    expect(body['messages']).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'lookup', input: {} }, { type: 'tool_use', id: 'b', name: 'lookup', input: {} }] },
      { role: 'user', content: [
        { type: 'tool_result', tool_use_id: 'a', content: 'first' },
        { type: 'tool_result', tool_use_id: 'b', content: 'no', is_error: true },
        { type: 'text', text: 'And hurry.' },
      ] },
    ]);
  });

  it('hold images and documents, and carry the cache mark of their last part themselves', () => {
    const { body } = build({
      messages: [assistant(call('a')), { role: 'tool', toolCallId: 'a', content: [{ type: 'text', text: 'see' }, { type: 'image', data: 'data:image/png;base64,AAAA', providerData: mark }] }],
    });
    expect(body['messages']).toMatchObject([{}, { content: [{
      type: 'tool_result',
      content: [{ type: 'text', text: 'see' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
      cache_control: { type: 'ephemeral', ttl: '1h' },
    }] }]);
    expect(JSON.stringify(body)).not.toMatch(/"image","[^}]*cache_control/);
  });

  it('may be empty', () => {
    const { body } = build({ messages: [assistant(call('a')), { role: 'tool', toolCallId: 'a', content: '' }] });
    expect(body['messages']).toMatchObject([{}, { content: [{ type: 'tool_result', tool_use_id: 'a' }] }]);
  });

  it('keep to the ids of their calls when those have to change', () => {
    const { body } = build({
      messages: [
        assistant(call('call.1'), call('call_1'), call('call:1'), call('')),
        { role: 'tool', toolCallId: 'call:1', content: 'x' },
        { role: 'tool', toolCallId: 'call.1', content: 'y' },
        { role: 'tool', toolCallId: '', content: 'z' },
      ],
    });
    const [calls, results] = body['messages'] as readonly [Turn, Turn];
    const [dot, plain, colon, empty] = calls.content.map(({ id }) => id);
    expect(plain).toBe('call_1');
    expect(new Set([dot, plain, colon, empty]).size).toBe(4);
    for (const id of [dot, colon, empty]) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(results.content.map((result) => result.tool_use_id)).toEqual([colon, dot, empty]);
  });
});

describe('what the assistant said', () => {
  it('keeps its thinking, signed and redacted, in its place', () => {
    const { body, warnings } = build({
      messages: [assistant(
        { type: 'reasoning', text: 'Hm.', providerData: { anthropic: { signature: 'sig' } } },
        { type: 'reasoning', text: '', redacted: true, providerData: { anthropic: { data: 'secret' } } },
        { type: 'text', text: 'Yes.' },
        call('a'),
      ), { role: 'tool', toolCallId: 'a', content: 'x' }],
    });
    expect(body['messages']).toMatchObject([{ content: [
      { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      { type: 'redacted_thinking', data: 'secret' },
      { type: 'text', text: 'Yes.' },
      { type: 'tool_use', id: 'a' },
    ] }, {}]);
    expect(warnings).toEqual([]);
  });

  it('keeps what came from a client that speaks the protocol, whoever wrote it first', () => {
    const thought = { type: 'reasoning', text: 'Hm.', providerData: { 'anthropic-messages': { signature: 'sig' } } } as const;
    const opaque = { type: 'opaque', provider: 'anthropic-messages', kind: 'compaction', data: { type: 'compaction', content: 'x' } } as const;
    const built = build({ messages: [assistant(thought, opaque), { role: 'user', content: 'Go on' }] }, 'k2', { provider: 'compatible', vendor: 'compatible' });
    expect(built.body['messages']).toMatchObject([{ content: [{ type: 'thinking', signature: 'sig' }, opaque.data] }, {}]);
    expect(settings(build({ messages: [assistant({ ...thought, providerData: { anthropic: { signature: 'sig' } } }), { role: 'user', content: 'Go on' }] }, 'k2', { provider: 'compatible', vendor: 'compatible' }))).toEqual(['dropped messages[0].content[0]']);
  });

  it('loses reasoning of other vendors, with a warning', () => {
    const built = build({ messages: [{ role: 'user', content: 'Hi' }, assistant({ type: 'reasoning', text: 'Hm.', providerData: { openai: { id: 'rs_1' } } }), { role: 'user', content: 'So?' }] });
    expect(built.body['messages']).toEqual([{ role: 'user', content: 'Hi' }, { role: 'user', content: 'So?' }]);
    expect(settings(built)).toEqual(['dropped messages[1].content[0]']);
  });

  it('keeps opaque blocks of its own, and loses those of other vendors with a warning', () => {
    const search = { type: 'server_tool_use', id: 's1', name: 'web_search', input: { query: 'x' } };
    const built = build({ messages: [assistant(
      { type: 'opaque', provider: 'anthropic', kind: 'server_tool_use', data: search },
      { type: 'opaque', provider: 'openai', kind: 'web_search_call', data: {} },
    ), { role: 'user', content: 'Go on' }] });
    expect(built.body['messages']).toMatchObject([{ content: [search] }, {}]);
    expect(settings(built)).toEqual(['dropped messages[0].content[1]']);
  });

  it('keeps its citations without the ids of their files, which the API gives but does not take', () => {
    const cited = { type: 'char_location', cited_text: 'q', document_index: 0, document_title: null, start_char_index: 0, end_char_index: 1 };
    const built = build({ messages: [assistant({ type: 'text', text: 'x', providerData: { anthropic: { citations: [{ ...cited, file_id: 'f' }] } } }), { role: 'user', content: 'Go on' }] });
    expect(built.body['messages']).toMatchObject([{ content: [{ type: 'text', text: 'x', citations: [cited] }] }, {}]);
    expect(JSON.stringify(built.body)).not.toContain('file_id');
  });

  it('says a refusal as text, and nothing that it cannot say', () => {
    const built = build({ messages: [assistant({ type: 'refusal', text: 'No.' }, { type: 'image', data: 'AAAA', mediaType: 'image/png' }), { role: 'user', content: 'Why?' }] });
    expect(built.body['messages']).toMatchObject([{ content: [{ type: 'text', text: 'No.' }] }, {}]);
    expect(settings(built)).toEqual(['approximated messages[0].content[0]', 'dropped messages[0].content[1]']);
  });

  it('puts arguments that are no object into one', () => {
    const built = build({ messages: [assistant(
      { type: 'tool-call', id: 'a', name: 'f', input: null, invalidInput: '{"cut' },
      { type: 'tool-call', id: 'b', name: 'f', input: [1] },
      { type: 'tool-call', id: 'c', name: 'f', input: null, invalidInput: '{"__proto__":{"x":1}}' },
      { type: 'tool-call', id: 'd', name: 'f', input: null },
    )] });
    const [{ content }] = built.body['messages'] as readonly [{ readonly content: readonly { readonly input: unknown }[] }];
    expect(content.map(({ input }) => JSON.stringify(input))).toEqual(['{"INVALID_JSON":"{\\"cut"}', '{"INVALID_JSON":"[1]"}', '{"__proto__":{"x":1}}', '{}']);
    expect(settings(built)).toEqual(['approximated messages[0].content[0].input', 'approximated messages[0].content[1].input']);
  });

  it('does not end in white space when the model is to go on from it', () => {
    expect(build({ messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'It is  \n' }] }).body['messages']).toMatchObject([{}, { content: 'It is' }]);
    expect(build({ messages: [{ role: 'user', content: 'Hi' }, assistant({ type: 'text', text: 'It is ' })] }).body['messages']).toMatchObject([{}, { content: [{ type: 'text', text: 'It is' }] }]);
  });
});
