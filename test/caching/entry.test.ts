import fc from 'fast-check';
import type { ChatResponse, EmbedResponse } from 'headgate';
import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry, type Entry } from '../../src/caching/entry.js';
import { textOf, toolCallsOf } from '../../src/message/content.js';
import { anyRequest } from '../support/any-request.js';

function entryOf(response: ChatResponse | EmbedResponse, operation: Entry['operation'] = 'chat'): Entry {
  return { operation, check: 'c', createdAt: 7, generations: ['g'], from: { provider: 'p', model: 'm' }, costUsd: 0.1, response };
}

function answer(content: ChatResponse['content'], more: Partial<ChatResponse> = {}): ChatResponse {
  return { id: 'i', provider: 'p', model: 'm', content, text: textOf(content), toolCalls: toolCallsOf(content), finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 2 }, warnings: [], ...more };
}

function back(entry: Entry): Entry | undefined {
  const text = encodeEntry(entry);
  return text === undefined ? undefined : decodeEntry(text, entry.operation, entry.check);
}

describe('an entry', () => {
  it('comes back as it was, with every kind of part that an answer may hold', () => {
    fc.assert(
      fc.property(anyRequest, ({ messages }) => {
        for (const { role, content } of messages) {
          if (role !== 'assistant' || typeof content === 'string') continue;
          const entry = entryOf(answer(content, { serviceTier: 'flex', providerData: { p: { a: [1, null, '\ud800'] } }, warnings: [{ kind: 'dropped', setting: 's', detail: 'd' }] }));
          expect(back(entry)).toEqual(entry);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives embeddings back to the last bit', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(fc.array(finite, { maxLength: 8 }), { maxLength: 4 }), (embeddings) => {
        const entry = entryOf({ provider: 'p', model: 'm', embeddings, usage: { inputTokens: 1, outputTokens: 0 }, warnings: [] }, 'embed');
        expect(back(entry)).toEqual(entry);
      }),
    );
  });

  it('leaves out the report of the call that made it', () => {
    const text = encodeEntry(entryOf(answer([{ type: 'text', text: 'a' }], { gateway: { callId: 'secret' } as ChatResponse['gateway'] & object })));
    expect(text).not.toContain('secret');
  });

  it('keeps what looks like its own marks as what it is', () => {
    const input = JSON.parse('{"bytes": [[0, "AA=="]], "version": 9, "__proto__": {"polluted": true}, "toJSON": 1}') as { readonly [key: string]: never };
    const entry = entryOf(answer([{ type: 'tool-call', id: 'c', name: 'f', input }, { type: 'image', data: '', mediaType: 'image/png' }]));
    const response = back(entry)?.response as ChatResponse;
    expect(JSON.stringify(response.content)).toBe(JSON.stringify((entry.response as ChatResponse).content));
    expect(Object.keys((response.toolCalls[0] as { readonly input: object }).input)).toContain('__proto__');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['a number that is none', Number.NaN],
    ['negative zero', -0],
    ['a bigint', 1n],
    ['a Date', new Date()],
    ['a Map', new Map()],
    ['a function', () => 1],
    ['a hole', Object.assign([], { length: 1 })],
    ['bytes where none belong', new Uint8Array(1)],
    ['itself', circular()],
  ])('is not made of an answer that holds %s', (_name, value) => {
    expect(encodeEntry(entryOf(answer([{ type: 'text', text: 'a', providerData: { p: { value } } as never }])))).toBeUndefined();
  });

  it.each([null, 7, 'text', {}, { content: 1 }, { content: [null] }, { embeddings: [1] }])('is not made of %j, and nothing is thrown', (response) => {
    const text = encodeEntry(entryOf(response as unknown as ChatResponse));
    expect(text === undefined ? undefined : decodeEntry(text, 'chat', 'c')).toBeUndefined();
  });

  it('is nothing to whoever asks with another check, or for another operation', () => {
    const text = encodeEntry(entryOf(answer([{ type: 'text', text: 'a' }]))) as string;
    expect(decodeEntry(text, 'chat', 'c')).toBeDefined();
    expect(decodeEntry(text, 'chat', 'd')).toBeUndefined();
    expect(decodeEntry(text, 'embed', 'c')).toBeUndefined();
  });
});

function circular(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}
