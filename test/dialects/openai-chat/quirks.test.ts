import { describe, expect, it } from 'vitest';
import { written, writtenMessages } from './builders.js';

const weather = { name: 'weather', description: 'The weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } };

describe('a server that takes less than OpenAI', () => {
  it('keeps as many stop sequences as it takes, with a warning for the others', () => {
    const stop = ['a', 'b', 'c', 'd', 'e'];
    expect(written({ stop })).toMatchObject({ body: { stop: ['a', 'b', 'c', 'd'] }, warnings: [{ kind: 'approximated', setting: 'stop' }] });
    expect(written({ stop }, { stopLimit: 0 })).toMatchObject({ body: {}, warnings: [{ kind: 'dropped', setting: 'stop' }] });
    expect(written({ stop }, { stopLimit: 0 }).body).not.toHaveProperty('stop');
    expect(written({ stop }, { stopLimit: Number.POSITIVE_INFINITY })).toMatchObject({ body: { stop }, warnings: [] });
  });

  it('is told of a tool choice as nearly as it takes one, with a warning for each that it does not', () => {
    const choose = (toolChoice: 'auto' | 'none' | 'required' | { tool: string }, toolChoices: readonly ('auto' | 'none' | 'required' | 'named')[]) => {
      const { body, warnings } = written({ tools: [weather], toolChoice, parallelToolCalls: true }, { toolChoices });
      return { sent: 'tools' in body ? (body['tool_choice'] ?? 'left out') : 'no tools', warned: warnings.map(({ kind, setting }) => `${kind} ${setting}`) };
    };
    const warned = ['approximated toolChoice'];
    expect(choose('auto', ['auto'])).toEqual({ sent: 'auto', warned: [] });
    expect(choose('required', ['auto'])).toEqual({ sent: 'left out', warned });
    expect(choose({ tool: 'weather' }, ['auto', 'none'])).toEqual({ sent: 'left out', warned });
    expect(choose({ tool: 'weather' }, ['auto', 'required'])).toEqual({ sent: 'required', warned });
    expect(choose('none', ['auto'])).toEqual({ sent: 'no tools', warned });
    expect(choose('auto', [])).toEqual({ sent: 'left out', warned: [] });
  });

  it('gets audio in the formats that it takes, and none in any other, with a warning', () => {
    const content = [{ type: 'text', text: 'a' }, { type: 'audio', data: 'T2dn', mediaType: 'audio/ogg' }] as const;
    expect(written({ messages: [{ role: 'user', content }] })).toMatchObject({ body: { messages: [{ content: [{ type: 'text' }] }] }, warnings: [{ kind: 'dropped', setting: 'audio' }] });
    expect(writtenMessages([{ role: 'user', content }], { audioFormats: 'any' })).toMatchObject([{ content: [{}, { type: 'input_audio', input_audio: { format: 'ogg' } }] }]);
  });

  it('gets images inline where it takes no links, and a warning is given for a link', () => {
    const inline = { type: 'image', data: 'AAAA', mediaType: 'image/png' } as const;
    const { body, warnings } = written({ messages: [{ role: 'user', content: [inline, { type: 'image', data: 'https://x/y.png' }] }] }, { imageLinks: false });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] }]);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'image' }]);
  });

  it('is asked for any JSON object by a schema where it knows only schemas', () => {
    const { body, warnings } = written({ output: { type: 'json' } }, { anyJson: 'json_schema' });
    expect(body['response_format']).toEqual({ type: 'json_schema', json_schema: { name: 'response', schema: { type: 'object' } } });
    expect(warnings).toEqual([]);
  });
});
