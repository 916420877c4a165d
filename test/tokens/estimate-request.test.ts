import { describe, expect, it } from 'vitest';
import { estimateContent, estimateEmbedding, estimateRequest } from '../../src/tokens/estimate-request.js';
import { estimateTokens } from '../../src/tokens/estimate-tokens.js';
import type { Message } from '../../src/types/message.js';

const MODEL = 'gpt-5';
const words = 'The committee met on Thursday to discuss the new library. '.repeat(10);
const ask = (content: string): readonly Message[] => [{ role: 'user', content }];

describe('an estimate of a request', () => {
  it('is that of its texts and a few tokens around each message', () => {
    const alone = estimateTokens(words, MODEL).expected;
    expect(estimateRequest({ messages: ask(words) }, MODEL).expected).toBe(alone + 7);
    expect(estimateRequest({ messages: [...ask(words), ...ask(words)] }, MODEL).expected).toBe(2 * (alone + 4) + 3);
  });

  it('counts tools and schema, and what Claude is told about tools', () => {
    const tool = { name: 'search', description: words, parameters: { type: 'object' } };
    const schema = { type: 'object', description: words };
    const plain = estimateRequest({ messages: ask('Hi') }, MODEL).expected;
    expect(estimateRequest({ messages: ask('Hi'), tools: [tool] }, MODEL).expected).toBeGreaterThan(plain + 80);
    expect(estimateRequest({ messages: ask('Hi'), output: { type: 'json', schema } }, MODEL).expected).toBeGreaterThan(plain + 80);
    expect(estimateRequest({ messages: ask('Hi'), tools: [tool] }, 'claude-sonnet-4-5').expected).toBeGreaterThan(plain + 400);
  });

  it('looks at each message object once, so that a long conversation is not counted again for each turn', () => {
    let looks = 0;
    const message = { role: 'user', get content() { looks++; return words; } } as const;
    const first = estimateRequest({ messages: [message] }, MODEL);
    const after = looks;
    expect(estimateRequest({ messages: [message] }, MODEL)).toEqual(first);
    expect(looks).toBe(after);
  });

  it('counts a message anew for a model with another vocabulary', () => {
    const messages = ask('Η επιτροπή συνεδρίασε την Πέμπτη για να συζητήσει');
    expect(estimateRequest({ messages }, 'gpt-4').expected).toBeGreaterThan(estimateRequest({ messages }, 'gpt-5').expected);
  });

  it('knows every kind of part', () => {
    const messages: readonly Message[] = [
      { role: 'system', content: [{ type: 'text', text: words }] },
      { role: 'user', content: [{ type: 'image', data: 'https://example.com/a.png' }, { type: 'audio', data: new Uint8Array(160_000), mediaType: 'audio/mpeg' }, { type: 'file', data: new Uint8Array(9), mediaType: 'application/pdf' }] },
      { role: 'assistant', content: [{ type: 'reasoning', text: words }, { type: 'refusal', text: words }, { type: 'tool-call', id: '1', name: 'f', input: { words } }, { type: 'tool-call', id: '2', name: 'f', input: null, invalidInput: words }, { type: 'opaque', provider: 'p', kind: 'k', data: words }] },
      { role: 'tool', toolCallId: '1', content: words },
    ];
    const each = messages.map((message) => estimateRequest({ messages: [message] }, MODEL).expected - 3);
    expect(estimateRequest({ messages }, MODEL).expected).toBe(each.reduce((sum, tokens) => sum + tokens, 3));
    for (const tokens of each) expect(tokens).toBeGreaterThan(100);
  });

  it('is no error for what cannot be written as JSON', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const messages = [{ role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', input: circle }, { type: 'opaque', provider: 'p', kind: 'k', data: 1n }] }];
    expect(estimateRequest({ messages: messages as unknown as readonly Message[] }, MODEL).expected).toBeGreaterThan(3); // no messages that types allow
  });

  it('is of an answer its parts, with reasoning told apart, and of an embedding its texts', () => {
    const { expected, reasoning } = estimateContent([{ type: 'reasoning', text: words }, { type: 'text', text: words }], MODEL);
    expect(expected).toBe(2 * reasoning);
    expect(estimateEmbedding({ input: [words, words] }, 'text-embedding-3-small').expected).toBe(2 * estimateTokens(words, 'text-embedding-3-small').expected);
  });
});
