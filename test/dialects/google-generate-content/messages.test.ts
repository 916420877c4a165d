import { describe, expect, it } from 'vitest';
import type { AssistantPart } from '../../../src/types/message.js';
import { sendMessages, sentBack } from './build.js';

const call = (id: string, input: unknown = {}): AssistantPart => ({ type: 'tool-call', id, name: `tool_${id}`, input: input as null });

describe('the messages of a request', () => {
  it('gathers system messages before the conversation, and warns of those that stood inside it', () => {
    const { body, warnings } = sendMessages([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
    ]);
    expect(body).toEqual({ systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }] }, contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'messages[2]' }]);
  });

  it('sends bytes, base64 and data URLs inline', () => {
    const { body } = sendMessages([
      {
        role: 'user',
        content: [
          { type: 'image', data: new Uint8Array([1, 2, 3]), mediaType: 'image/jpeg' },
          { type: 'audio', data: 'AAAA', mediaType: 'audio/wav' },
          { type: 'file', data: 'data:application/pdf;base64,BBBB', mediaType: 'application/pdf' },
          { type: 'file', data: 'CCCC', mediaType: 'video/mp4' },
        ],
      },
    ]);
    expect(partsOf(body)).toEqual([
      { inlineData: { mimeType: 'image/jpeg', data: 'AQID' } },
      { inlineData: { mimeType: 'audio/wav', data: 'AAAA' } },
      { inlineData: { mimeType: 'application/pdf', data: 'BBBB' } },
      { inlineData: { mimeType: 'video/mp4', data: 'CCCC' } },
    ]);
  });

  it('sends links as file data, with the type where it is known', () => {
    const { body } = sendMessages([
      {
        role: 'user',
        content: [
          { type: 'image', data: 'https://example.com/cat.PNG?size=1' },
          { type: 'image', data: 'https://example.com/cat' },
          { type: 'file', data: 'gs://bucket/film.mp4', mediaType: 'video/mp4', providerData: { google: { videoMetadata: { fps: 1 } } } },
        ],
      },
    ]);
    expect(partsOf(body)).toEqual([
      { fileData: { mimeType: 'image/png', fileUri: 'https://example.com/cat.PNG?size=1' } },
      { fileData: { fileUri: 'https://example.com/cat' } },
      { fileData: { mimeType: 'video/mp4', fileUri: 'gs://bucket/film.mp4' }, videoMetadata: { fps: 1 } },
    ]);
  });

  it('warns of what a part says and the wire cannot', () => {
    const { warnings } = sendMessages([
      {
        role: 'user',
        content: [
          { type: 'image', data: 'AAAA', detail: 'low' },
          { type: 'image', data: 'AAAA', detail: 'auto' },
          { type: 'audio', data: 'AAAA', mediaType: 'audio/wav', transcript: 'hi' },
          { type: 'file', data: 'AAAA', mediaType: 'application/pdf', name: 'a.pdf' },
        ],
      },
    ]);
    expect(warnings.map(({ kind, setting }) => `${kind} ${setting}`)).toEqual([
      'dropped messages[0].content[0].detail',
      'dropped messages[0].content[2].transcript',
      'dropped messages[0].content[3].name',
    ]);
  });

  it('leaves out empty text and empty turns, which the API refuses', () => {
    const { body } = sendMessages([{ role: 'user', content: [{ type: 'text', text: '' }, { type: 'text', text: 'Hi' }] }, { role: 'assistant', content: '' }]);
    expect(body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
  });
});

describe('tool calls and their results', () => {
  it('answers parallel calls in one turn, by id and by name', () => {
    const { body, warnings } = sendMessages([
      { role: 'assistant', content: [{ type: 'text', text: 'Looking.' }, call('a', { x: 1 }), call('b')] },
      { role: 'tool', toolCallId: 'b', content: 'B' },
      { role: 'tool', toolCallId: 'a', content: [{ type: 'text', text: 'A' }], isError: true },
      { role: 'user', content: 'And?' },
    ]);
    expect(body['contents']).toEqual([
      { role: 'model', parts: [{ text: 'Looking.' }, { functionCall: { id: 'a', name: 'tool_a', args: { x: 1 } } }, { functionCall: { id: 'b', name: 'tool_b', args: {} } }] },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'b', name: 'tool_b', response: { output: 'B' } } },
          { functionResponse: { id: 'a', name: 'tool_a', response: { error: 'A' } } },
        ],
      },
      { role: 'user', parts: [{ text: 'And?' }] },
    ]);
    expect(warnings).toEqual([]);
  });

  it('names the function of the nearest call before the result when ids repeat over turns', () => {
    const turn = (name: string) => [{ role: 'assistant', content: [{ ...call('call_0'), name }] }, { role: 'tool', toolCallId: 'call_0', content: name }] as const;
    const { body } = sendMessages([...turn('first'), ...turn('second')] as never);
    expect(JSON.stringify(body)).toContain('"functionResponse":{"id":"call_0","name":"second","response":{"output":"second"}}');
  });

  const withImage = [
    { role: 'assistant', content: [call('a')] },
    { role: 'tool', toolCallId: 'a', content: [{ type: 'text', text: 'Here' }, { type: 'image', data: 'AAAA', mediaType: 'image/png' }] },
  ] as const;

  it('puts an image inside the result for Gemini 3', () => {
    const { body, warnings } = sendMessages(withImage, { model: 'gemini-3-flash-preview' });
    expect(partsOf(body, 1)).toEqual([{ functionResponse: { id: 'a', name: 'tool_a', response: { output: 'Here' }, parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] } }]);
    expect(warnings).toEqual([]);
  });

  it('puts an image beside the result for models before it, with a warning', () => {
    const { body, warnings } = sendMessages(withImage);
    expect(partsOf(body, 1)).toEqual([{ functionResponse: { id: 'a', name: 'tool_a', response: { output: 'Here' } } }, { inlineData: { mimeType: 'image/png', data: 'AAAA' } }]);
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'messages[1].content[1]' }]);
  });

  it('gives the first call of a turn that another model made the signature Gemini 3 insists on', () => {
    const parts = sentBack([call('a'), call('b')], { model: 'gemini-3-pro-preview' }) as readonly Record<string, unknown>[];
    expect(Buffer.from(String(parts[0]?.['thoughtSignature']), 'base64').toString()).toBe('skip_thought_signature_validator');
    expect(parts[1]).not.toHaveProperty('thoughtSignature');
    expect(sentBack([call('a')])).toEqual([{ functionCall: { id: 'a', name: 'tool_a', args: {} } }]);
  });

  it('sends a signature of its own unchanged', () => {
    const signed = { ...call('a'), providerData: { google: { thoughtSignature: 'c2ln' }, openai: { id: 'fc_1' } } };
    expect(sentBack([signed], { model: 'gemini-3-pro-preview' })).toEqual([{ thoughtSignature: 'c2ln', functionCall: { id: 'a', name: 'tool_a', args: {} } }]);
  });

  it('wraps arguments that are no object, because the wire takes only objects', () => {
    const { body, warnings } = sendMessages([{ role: 'assistant', content: [call('a', [1]), { type: 'tool-call', id: 'b', name: 'b', input: null, invalidInput: '{"x":' }] }]);
    expect(partsOf(body)).toMatchObject([{ functionCall: { args: { input: [1] } } }, { functionCall: { args: { input: '{"x":' } } }]);
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'messages[0].content[0].input' }, { kind: 'approximated', setting: 'messages[0].content[1].input' }]);
  });
});

describe('what other providers said before', () => {
  it('keeps readable reasoning as a thought and drops what is sealed', () => {
    const { body, warnings } = sendMessages([
      { role: 'assistant', content: [{ type: 'reasoning', text: 'Hm.' }, { type: 'reasoning', text: '', redacted: true, providerData: { anthropic: { data: 'x' } } }, { type: 'text', text: 'Yes.' }] },
    ]);
    expect(partsOf(body)).toEqual([{ text: 'Hm.', thought: true }, { text: 'Yes.' }]);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'messages[0].content[1]' }]);
  });

  it('sends a refusal as text and drops opaque parts, with warnings', () => {
    const { body, warnings } = sendMessages([
      { role: 'assistant', content: [{ type: 'refusal', text: 'No.' }, { type: 'opaque', provider: 'openai', kind: 'web_search_call', data: { id: 'ws_1' } }] },
    ]);
    expect(partsOf(body)).toEqual([{ text: 'No.' }]);
    expect(warnings.map(({ kind }) => kind)).toEqual(['approximated', 'dropped']);
  });
});

function partsOf(body: object, turn = 0): unknown {
  return (body as { contents?: readonly { parts: unknown }[] }).contents?.[turn]?.parts;
}
