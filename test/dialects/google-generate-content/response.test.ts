import { describe, expect, it } from 'vitest';
import { isGatewayError } from '../../../src/errors.js';
import type { AssistantPart } from '../../../src/types/message.js';
import { answerOf, decode, dialect, scope, sentBack } from './build.js';

const read = (wire: unknown) => dialect.fromResponse(wire, scope);
const contentOf = (...parts: readonly unknown[]): readonly AssistantPart[] => read(answerOf(parts)).content;

describe('the parts of an answer', () => {
  it('are text, thoughts and calls', () => {
    expect(contentOf({ text: 'Hm.', thought: true }, { text: 'Looking.' }, { functionCall: { id: 'c1', name: 'weather', args: { city: 'Rome' } } })).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Looking.' },
      { type: 'tool-call', id: 'c1', name: 'weather', input: { city: 'Rome' } },
    ]);
  });

  it.each([
    [{ text: 'Hm.', thought: true, thoughtSignature: 's' }],
    [{ text: 'Yes.', thoughtSignature: 's' }],
    [{ functionCall: { id: 'c', name: 'f', args: {} }, thoughtSignature: 's' }],
    [{ inlineData: { mimeType: 'image/png', data: 'AAAA' }, thoughtSignature: 's' }],
    [{ inlineData: { mimeType: 'audio/L16;codec=pcm;rate=24000', data: 'AAAA' } }],
    [{ inlineData: { mimeType: 'image/png', data: 'AAAA' }, thought: true }],
    [{ fileData: { mimeType: 'image/png', fileUri: 'gs://bucket/a.png' } }],
    [{ inlineData: { mimeType: 'video/mp4', data: 'AAAA' } }],
    [{ executableCode: { language: 'PYTHON', code: 'print(1)' }, thoughtSignature: 's' }],
    [{ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1' } }],
    [{ toolCall: { toolType: 'GOOGLE_SEARCH', id: 't' }, thoughtSignature: 's' }],
    [{ toolResponse: { id: 't', response: { hits: [] } } }],
    [{ somethingNew: { nested: [1, null] }, partMetadata: { a: 1 } }],
    [{ functionCall: { args: { nameless: true } } }],
    [{ thoughtSignature: 's' }],
    [{ text: 5 }],
  ])('go back as they came: %j', (part) => {
    expect(sentBack(contentOf(part))).toEqual([part]);
  });

  it('come back the same from a stream', () => {
    const parts = [{ text: 'Hm.', thought: true }, { executableCode: { code: '1' }, thoughtSignature: 's' }, { text: 'Yes.' }, { functionCall: { id: 'c', name: 'f', args: { a: [1] } }, thoughtSignature: 't' }];
    const events = decode([answerOf(parts)]);
    expect(events.filter((event) => event.type === 'part')).toEqual([{ type: 'part', part: { type: 'opaque', provider: 'google', kind: 'executableCode', data: parts[1] } }]);
    expect(events).toContainEqual({ type: 'tool-call-end', id: 'c', providerData: { google: { thoughtSignature: 't' } } });
  });

  it('are only its own provider’s to read back when they are opaque', () => {
    const [part] = dialect.fromResponse(answerOf([{ executableCode: { code: '1' } }]), { provider: 'gemini-eu', vendor: 'vertex' }).content;
    expect(part).toMatchObject({ type: 'opaque', provider: 'vertex', kind: 'executableCode' });
  });

  it('join a signature that comes after its text to that text, so that nobody has to send empty text', () => {
    expect(contentOf({ text: 'Yes.' }, { text: '', thoughtSignature: 's' })).toEqual([{ type: 'text', text: 'Yes.', providerData: { google: { thoughtSignature: 's' } } }]);
  });

  it('leave out what says nothing', () => {
    expect(contentOf({}, { text: '' }, null, 7, { text: 'Yes.' })).toEqual([{ type: 'text', text: 'Yes.' }]);
  });

  it('have ids that are made up where the wire has none: the same each time, and each only once', () => {
    const call = { functionCall: { name: 'f', args: {} } };
    const ids = (): readonly string[] => contentOf(call, { functionCall: { ...call.functionCall, id: 'call_r1_0' } }, call).map((part) => (part.type === 'tool-call' ? part.id : ''));
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(3);
  });

  it('keep arguments that would reach a prototype as text', () => {
    const wire = JSON.parse('{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"__proto__":{"admin":true}}}}]},"finishReason":"STOP"}]}') as unknown;
    expect(read(wire).content).toMatchObject([{ type: 'tool-call', input: null, invalidInput: '{"__proto__":{"admin":true}}' }]);
  });
});

describe('the end of an answer', () => {
  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['LANGUAGE', 'content-filter'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['MODEL_ARMOR', 'content-filter'],
    ['UNEXPECTED_TOOL_CALL', 'other'],
    ['MALFORMED_FUNCTION_CALL', 'other'],
    ['OTHER', 'other'],
    ['SOMETHING_NEW', 'other'],
  ])('%s is %s', (finishReason, expected) => {
    const answer = read(answerOf([{ text: 'x' }], { finishReason }));
    expect(answer.finishReason).toBe(expected);
    expect(answer.providerData?.['google']).toMatchObject({ finishReason });
  });

  it('is tool-calls when a STOP brings calls', () => {
    const call = { functionCall: { name: 'f', args: {} } };
    expect(read(answerOf([call])).finishReason).toBe('tool-calls');
    expect(read(answerOf([call], { finishReason: 'UNEXPECTED_TOOL_CALL' })).finishReason).toBe('other');
  });

  it('is content-filter for a prompt that was blocked, which has no candidates', () => {
    const blocked = { promptFeedback: { blockReason: 'SAFETY', blockReasonMessage: 'no' }, usageMetadata: { promptTokenCount: 4 } };
    expect(read(blocked)).toMatchObject({ content: [], finishReason: 'content-filter', usage: { inputTokens: 4, outputTokens: 0 }, providerData: { google: { promptFeedback: blocked.promptFeedback } } });
    expect(decode([blocked]).at(-1)).toMatchObject({ type: 'finish', finishReason: 'content-filter' });
  });

  it('is an error worth another try when all there is is a call that the model wrote wrongly', () => {
    const wire = answerOf([], { finishReason: 'MALFORMED_FUNCTION_CALL' });
    for (const action of [() => read(wire), () => decode([wire])]) {
      expect(action).toThrow(expect.objectContaining({ code: 'invalid_response', retryable: true }) as Error);
    }
  });
});

describe('what an answer says beside its content', () => {
  it('is kept whole in providerData', () => {
    const facts = { avgLogprobs: -1, logprobsResult: { chosenCandidates: [{ token: 'x' }] }, safetyRatings: [{ category: 'A' }], finishMessage: 'done', urlContextMetadata: { urlMetadata: [] } };
    const answer = read({ ...answerOf([{ text: 'x' }], facts), createTime: 'now', promptFeedback: {}, usageMetadata: { promptTokenCount: 1, trafficType: 'ON_DEMAND' } });
    expect(answer.providerData).toEqual({ google: { ...facts, finishReason: 'STOP', createTime: 'now', promptFeedback: {}, usageMetadata: { promptTokenCount: 1, trafficType: 'ON_DEMAND' } } });
    expect(answer).toMatchObject({ id: 'r1', model: 'gemini-2.5-flash' });
  });

  it('keeps the other candidates there too', () => {
    const second = { index: 1, content: { parts: [{ text: 'B' }] }, finishReason: 'STOP' };
    const answer = read({ candidates: [second, { index: 0, content: { parts: [{ text: 'A' }] }, finishReason: 'STOP' }] });
    expect(answer.content).toEqual([{ type: 'text', text: 'A' }]);
    expect(answer.providerData?.['google']).toMatchObject({ otherCandidates: [second] });
  });

  it('names the service tier', () => {
    expect(read({ ...answerOf([{ text: 'x' }]), usageMetadata: { promptTokenCount: 1, serviceTier: 'flex' } }).serviceTier).toBe('flex');
  });
});

describe('citations', () => {
  const grounding = (text: string, startIndex: number | undefined, endIndex: number) => ({
    groundingMetadata: {
      groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }, { retrievedContext: { uri: 'gs://b', title: 'B' } }],
      groundingSupports: [{ segment: { startIndex, endIndex, text }, groundingChunkIndices: [0, 1, 9] }],
    },
  });

  it('turn byte positions into string positions', () => {
    const text = 'Größe 🐈: 30 cm. Mehr.';
    const quote = '30 cm.';
    const start = new TextEncoder().encode('Größe 🐈: ').length;
    const [part] = read(answerOf([{ text }], grounding(quote, start, start + 6))).content;
    const at = text.indexOf(quote);
    expect(part).toEqual({
      type: 'text',
      text,
      citations: [
        { url: 'https://a.example', title: 'A', quote, start: at, end: at + quote.length },
        { url: 'gs://b', title: 'B', quote, start: at, end: at + quote.length },
      ],
    });
  });

  it('belong to the text that holds the words', () => {
    const { content } = read(answerOf([{ text: 'First.' }, { executableCode: { code: '' } }, { text: 'Second.' }], grounding('Second.', undefined, 7)));
    expect(content[0]).toEqual({ type: 'text', text: 'First.' });
    expect(content[2]).toMatchObject({ citations: [{ quote: 'Second.', start: 0, end: 7 }, {}] });
  });

  it('of recitations keep a place only where the text has it', () => {
    const citationMetadata = { citationSources: [{ startIndex: 6, endIndex: 11, uri: 'https://a.example', license: 'mit' }, { startIndex: 50, endIndex: 60, uri: 'https://b.example' }] };
    expect(read(answerOf([{ text: 'Hello world' }], { citationMetadata })).content).toEqual([
      { type: 'text', text: 'Hello world', citations: [{ url: 'https://a.example', start: 6, end: 11 }, { url: 'https://b.example' }] },
    ]);
  });

  it('come with the end of the text in a stream, where they arrive last', () => {
    const events = decode([{ candidates: [{ content: { parts: [{ text: 'It is ' }] }, groundingMetadata: {} }] }, answerOf([{ text: 'so.' }]), { candidates: [grounding('It is so.', 0, 9)] }]);
    expect(events.filter((event) => event.type === 'part-end')).toMatchObject([{ citations: [{ url: 'https://a.example', start: 0, end: 9 }, { url: 'gs://b' }] }]);
  });
});

describe('the usage of an answer', () => {
  const usageOf = (usageMetadata: object) => read({ ...answerOf([{ text: 'x' }]), usageMetadata }).usage;

  it('counts thoughts as output and tool results as input, and cached tokens only once', () => {
    expect(usageOf({ promptTokenCount: 100, cachedContentTokenCount: 80, toolUsePromptTokenCount: 7, candidatesTokenCount: 20, thoughtsTokenCount: 30, totalTokenCount: 157 })).toEqual({
      inputTokens: 107, outputTokens: 50, cacheReadTokens: 80, reasoningTokens: 30,
    });
  });

  it('tells image tokens from the rest: they cost more', () => {
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 1300, promptTokensDetails: [{ modality: 'IMAGE', tokenCount: 6 }], candidatesTokensDetails: [{ modality: 'IMAGE', tokenCount: 1290 }] };
    expect(read({ ...answerOf([{ text: 'x' }]), usageMetadata }).usage).toMatchObject({ imageInputTokens: 6, imageOutputTokens: 1290 });
  });

  it('tells audio tokens from the rest', () => {
    const details = (audio: number) => [{ modality: 'TEXT', tokenCount: 5 }, { modality: 'AUDIO', tokenCount: audio }];
    expect(usageOf({ promptTokenCount: 15, promptTokensDetails: details(10), candidatesTokenCount: 9, candidatesTokensDetails: details(4) })).toEqual({
      inputTokens: 15, outputTokens: 9, audioInputTokens: 10, audioOutputTokens: 4,
    });
  });

  it('takes an absent count for the zero that this wire leaves out, and no counts at all for silence', () => {
    expect(usageOf({ promptTokenCount: 8, totalTokenCount: 8 })).toEqual({ inputTokens: 8, outputTokens: 0 });
    expect(usageOf({ trafficType: 'ON_DEMAND' })).toBeUndefined();
    expect(usageOf({ promptTokenCount: -1, candidatesTokenCount: 'many' })).toBeUndefined();
  });
});

describe('a body that is no answer', () => {
  it.each([[null], ['text'], [7], [[]], [{}], [{ candidates: [] }], [{ candidates: 'x' }], [{ totalTokens: 258 }], [{ promptFeedback: {} }]])('is an invalid response: %j', (wire) => {
    let thrown: unknown;
    try {
      read(wire);
    } catch (error) {
      thrown = error;
    }
    expect(isGatewayError(thrown, 'invalid_response')).toBe(true);
  });

  it.each([
    [{ candidates: [{}] }],
    [{ candidates: [{ content: { parts: 'x' }, finishReason: 5, citationMetadata: [], groundingMetadata: { groundingSupports: [{ segment: 3, groundingChunkIndices: [0] }] } }], usageMetadata: 'x', responseId: 4, promptFeedback: null }],
    [JSON.parse('{"candidates":[{"__proto__":{"a":1},"constructor":{}}],"__proto__":{"b":1}}')],
  ])('is read for what it has where its shape is odd: %j', (wire: unknown) => {
    expect(read(wire)).toMatchObject({ content: [], finishReason: 'other' });
    expect(decode([wire])).toMatchObject([{ type: 'start' }]);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });
});
