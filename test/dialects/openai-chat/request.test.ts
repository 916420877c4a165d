import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import { RejectedError } from '../../../src/errors.js';
import { scope, written, writtenMessages } from './builders.js';

const schema = { type: 'object', properties: { city: { type: 'string' } } };
const weather = { name: 'weather', description: 'The weather', parameters: schema };

describe('settings of a chat request', () => {
  it('are written under the names of the protocol', () => {
    const { body, warnings } = written({ maxTokens: 9, temperature: 0, topP: 0.5, stop: ['a'], seed: 7, presencePenalty: 1, frequencyPenalty: -1 });
    expect(body).toEqual({
      model: 'm1', messages: [{ role: 'user', content: 'hi' }], max_completion_tokens: 9, temperature: 0, top_p: 0.5, stop: ['a'], seed: 7, presence_penalty: 1, frequency_penalty: -1,
    });
    expect(warnings).toEqual([]);
  });

  it('take the names that the quirks give them', () => {
    const { body } = written({ maxTokens: 9, seed: 7, topK: 3 }, { maxTokensField: 'max_tokens', seedField: 'random_seed', unsupported: [] });
    expect(body).toMatchObject({ max_tokens: 9, random_seed: 7, top_k: 3 });
    expect(body).not.toHaveProperty('max_completion_tokens');
  });

  it('that a server does not take are dropped with a warning each', () => {
    const unsupported = ['topK', 'seed', 'presencePenalty', 'frequencyPenalty', 'parallelToolCalls', 'strictTools'] as const;
    const { body, warnings } = written({ topK: 1, seed: 2, presencePenalty: 1, frequencyPenalty: 1, parallelToolCalls: false, tools: [{ ...weather, strict: true }] }, { unsupported });
    expect(Object.keys(body)).toEqual(['model', 'messages', 'tools']);
    expect(body['tools']).toEqual([{ type: 'function', function: weather }]);
    expect(warnings.map(({ kind, setting }) => `${kind} ${setting}`)).toEqual([
      'dropped topK', 'dropped seed', 'dropped presencePenalty', 'dropped frequencyPenalty', 'dropped strict', 'dropped parallelToolCalls',
    ]);
  });

  it('let an error of the warning through, so that a strict call sends nothing', () => {
    const warn = (): never => {
      throw new RejectedError('invalid_request', 'strict');
    };
    expect(() => openaiChat().toRequest({ model: 'm', messages: [], topK: 1 }, { ...scope, model: 'm', streaming: false, warn })).toThrow(RejectedError);
  });

  it('of a stream ask for its usage, where the server allows it', () => {
    expect(written({}, {}, true).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(written({}, { streamUsage: false }, true).body).not.toHaveProperty('stream_options');
  });

  it('in providerOptions are merged last, under the name of the adapter, its vendor or the protocol', () => {
    for (const name of ['acme', 'openai-chat']) {
      expect(written({ temperature: 1, providerOptions: { [name]: { temperature: 0, logprobs: true } } }).body).toMatchObject({ temperature: 0, logprobs: true });
    }
    expect(written({ providerOptions: { other: { logprobs: true } } }).body).not.toHaveProperty('logprobs');
  });
});

describe('tools of a chat request', () => {
  it('are functions, with their choice and whether they may run at once', () => {
    const { body } = written({ tools: [{ ...weather, strict: true }], toolChoice: { tool: 'weather' }, parallelToolCalls: false });
    expect(body).toMatchObject({
      tools: [{ type: 'function', function: { ...weather, strict: true } }],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      parallel_tool_calls: false,
    });
  });

  it('must be used: spelt as the server wants it', () => {
    expect(written({ tools: [weather], toolChoice: 'required' }).body['tool_choice']).toBe('required');
    expect(written({ tools: [weather], toolChoice: 'required' }, { requiredToolChoice: 'any' }).body['tool_choice']).toBe('any');
  });

  it('have no choice where there are none, because servers refuse that', () => {
    const { body } = written({ toolChoice: 'auto', parallelToolCalls: true });
    expect(body).not.toHaveProperty('tool_choice');
    expect(body).not.toHaveProperty('parallel_tool_calls');
  });

  it('that the provider runs go to that provider as they are, and to no other', () => {
    const custom = { type: 'custom', custom: { name: 'sql' } };
    const { body, warnings } = written({ tools: [{ type: 'provider', provider: 'acme', definition: custom }, { type: 'provider', provider: 'other', definition: {} }], toolChoice: { tool: 'sql' } });
    expect(body['tools']).toEqual([custom]);
    expect(body['tool_choice']).toEqual({ type: 'custom', custom: { name: 'sql' } });
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'tools' }]);
  });
});

describe('structured output of a chat request', () => {
  const output = { type: 'json', schema, name: 'place', strict: true } as const;

  it('is a JSON schema', () => {
    expect(written({ output }).body['response_format']).toEqual({ type: 'json_schema', json_schema: { name: 'place', schema, strict: true } });
    expect(written({ output: { type: 'json', schema } }).body['response_format']).toEqual({ type: 'json_schema', json_schema: { name: 'response', schema } });
  });

  it('is any JSON object without a schema', () => {
    expect(written({ output: { type: 'json' } }).body['response_format']).toEqual({ type: 'json_object' });
  });

  it('is asked for in the prompt, with a warning, where the server knows no schema', () => {
    const { body, warnings } = written({ output }, { jsonSchema: 'json_object' });
    expect(body['response_format']).toEqual({ type: 'json_object' });
    expect(JSON.stringify(body['messages'])).toContain('city');
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'output' }]);
    expect(written({ output }, { jsonSchema: 'prompt' }).body).not.toHaveProperty('response_format');
  });
});

describe('reasoning of a chat request', () => {
  it('is an effort', () => {
    expect(written({ reasoning: { effort: 'high' } }).body['reasoning_effort']).toBe('high');
    expect(written({ reasoning: { effort: 'high' } }, { reasoningRequest: 'reasoning' }).body['reasoning']).toEqual({ effort: 'high' });
  });

  it('becomes the nearest effort that the server takes, with a warning', () => {
    expect(written({ reasoning: { effort: 'max' } })).toMatchObject({ body: { reasoning_effort: 'max' }, warnings: [] });
    for (const [effort, nearest] of [['max', 'high'], ['minimal', 'low'], ['none', 'low']] as const) {
      const { body, warnings } = written({ reasoning: { effort } }, { reasoningEfforts: ['low', 'medium', 'high'] });
      expect(body['reasoning_effort']).toBe(nearest);
      expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'reasoning.effort' }]);
    }
    expect(written({ reasoning: { effort: 'medium' } }, { reasoningEfforts: ['low', 'high'] }).body['reasoning_effort']).toBe('high');
  });

  it('is a number of tokens where the server takes one, and a warning elsewhere', () => {
    expect(written({ reasoning: { maxTokens: 100 } }, { reasoningRequest: 'reasoning' }).body['reasoning']).toEqual({ max_tokens: 100 });
    const { body, warnings } = written({ reasoning: { maxTokens: 100 } });
    expect(Object.keys(body)).toEqual(['model', 'messages']);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'reasoning.maxTokens' }]);
  });

  it('is switched on and off where the server can do no more', () => {
    const thinking = { reasoningRequest: 'thinking' } as const;
    expect(written({ reasoning: { effort: 'none' } }, thinking)).toMatchObject({ body: { thinking: { type: 'disabled' } }, warnings: [] });
    expect(written({ reasoning: { effort: 'low' } }, thinking)).toMatchObject({ body: { thinking: { type: 'enabled' } }, warnings: [{ kind: 'approximated' }] });
    const both = { reasoningRequest: 'thinking-and-effort', reasoningEfforts: ['low', 'high', 'max'] } as const;
    expect(written({ reasoning: { effort: 'max' } }, both).body).toMatchObject({ thinking: { type: 'enabled' }, reasoning_effort: 'max' });
  });

  it('is a warning where the server has no setting for it', () => {
    expect(written({ reasoning: { effort: 'low' } }, { reasoningRequest: 'none' }).warnings).toMatchObject([{ kind: 'dropped', setting: 'reasoning' }]);
  });
});

describe('content of a chat request', () => {
  it('is a string where it is only text, and a list of parts otherwise', () => {
    expect(writtenMessages([{ role: 'user', content: [{ type: 'text', text: 'a' }] }])).toEqual([{ role: 'user', content: 'a' }]);
    expect(
      writtenMessages([{
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', data: 'https://x/y.png', detail: 'low' },
          { type: 'image', data: new Uint8Array([1, 2, 3]), mediaType: 'image/gif' },
          { type: 'audio', data: 'AAAA', mediaType: 'audio/mpeg' },
          { type: 'file', data: 'JVBE', mediaType: 'application/pdf', name: 'a.pdf' },
        ],
      }]),
    ).toEqual([{
      role: 'user',
      content: [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'data:image/gif;base64,AQID' } },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
      ],
    }]);
  });

  it('is always a string for servers that take no lists', () => {
    const parts = [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] as const;
    expect(writtenMessages([{ role: 'system', content: parts }, { role: 'assistant', content: parts }], { textContent: 'string' })).toEqual([{ role: 'system', content: 'ab' }, { role: 'assistant', content: 'ab' }]);
    expect(writtenMessages([{ role: 'assistant', content: parts }])).toEqual([{ role: 'assistant', content: parts }]);
  });

  it('that the server cannot take is dropped with a warning', () => {
    const image = { type: 'image', data: 'https://x/y.png' } as const;
    const content = [{ type: 'text', text: 'a' }, image, { type: 'audio', data: 'https://x/y.mp3', mediaType: 'audio/mpeg' }, { type: 'file', data: 'https://x/y.pdf', mediaType: 'application/pdf' }] as const;
    const { body, warnings } = written({ messages: [{ role: 'user', content }, { role: 'assistant', content: [image] }] }, { media: ['audio'] });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'a' }] }, { role: 'assistant', content: '' }]);
    expect(warnings.map(({ setting }) => setting)).toEqual(['image', 'audio', 'file', 'image']);
  });

  it('is no message where it is empty, because servers refuse an empty list', () => {
    expect(writtenMessages([{ role: 'user', content: [] }, { role: 'user', content: 'hi' }])).toEqual([{ role: 'user', content: 'hi' }]);
  });

  it('holds files the way the server wants them', () => {
    const link = { type: 'file', data: 'https://x/y.pdf', mediaType: 'application/pdf', name: 'y.pdf' } as const;
    const content = [{ type: 'text', text: 'a' }, link] as const;
    expect(writtenMessages([{ role: 'user', content }], { files: 'document_url' })).toMatchObject([{ content: [{}, { type: 'document_url', document_url: link.data, document_name: 'y.pdf' }] }]);
    expect(writtenMessages([{ role: 'user', content }], { files: 'file-or-url' })).toMatchObject([{ content: [{}, { type: 'file', file: { filename: 'y.pdf', file_data: link.data } }] }]);
    const video = { type: 'file', data: 'https://x/y.mp4', mediaType: 'video/mp4' } as const;
    expect(writtenMessages([{ role: 'user', content: [video] }], { media: ['video'] })).toEqual([{ role: 'user', content: [{ type: 'video_url', video_url: { url: video.data } }] }]);
    const uploaded = { type: 'file', data: '', mediaType: 'application/pdf', providerData: { acme: { file_id: 'f1' } } } as const;
    expect(writtenMessages([{ role: 'user', content: [uploaded] }])).toEqual([{ role: 'user', content: [{ type: 'file', file: { file_id: 'f1' } }] }]);
  });

  it('holds text files as text, with a warning', () => {
    const { body, warnings } = written({ messages: [{ role: 'user', content: [{ type: 'file', data: new TextEncoder().encode('grüezi'), mediaType: 'text/plain', name: 'a.txt' }] }] });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'a.txt:\ngrüezi' }] }]);
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'file' }]);
  });

  it('refuses a file without bytes, and one whose bytes are not base64', () => {
    for (const data of ['', '%']) {
      expect(() => written({ messages: [{ role: 'user', content: [{ type: 'file', data, mediaType: 'text/plain' }] }] })).toThrow(RejectedError);
    }
  });

  it('carries cache marks to servers that know them, and to no other', () => {
    const content = [{ type: 'text', text: 'a', providerData: { anthropic: { cache_control: { type: 'ephemeral' } } } }] as const;
    const marked = [{ role: 'system', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] }];
    expect(writtenMessages([{ role: 'system', content }], { cacheControl: true })).toEqual(marked);
    expect(writtenMessages([{ role: 'system', content }])).toEqual([{ role: 'system', content: 'a' }]);
  });

  it('names the role of system prompts as the server wants it', () => {
    expect(writtenMessages([{ role: 'system', content: 'a' }], { systemRole: 'developer' })).toEqual([{ role: 'developer', content: 'a' }]);
  });
});
