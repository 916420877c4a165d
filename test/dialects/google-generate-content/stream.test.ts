import { describe, expect, it } from 'vitest';
import { foldEvents } from '../../support/fold.js';
import { answerOf, chunk, decode, dialect, scope, stop } from './build.js';

describe('a stream of chunks', () => {
  it('gives text and reasoning as they come, each part closed once', () => {
    expect(decode([chunk({ text: 'Hm', thought: true }), chunk({ text: '.', thought: true }), chunk({ text: 'Yes' }), chunk({ text: '.' }), stop])).toEqual([
      { type: 'start', id: 'r1', model: 'gemini-2.5-flash' },
      { type: 'reasoning-delta', text: 'Hm' },
      { type: 'reasoning-delta', text: '.' },
      { type: 'part-end' },
      { type: 'text-delta', text: 'Yes' },
      { type: 'text-delta', text: '.' },
      { type: 'part-end' },
      { type: 'finish', finishReason: 'stop', providerData: { google: { finishReason: 'STOP' } } },
    ]);
  });

  it('brings a signature with the end of the text it signs', () => {
    const { content } = foldEvents(decode([chunk({ text: 'Yes.' }), chunk({ text: '', thoughtSignature: 's' }), chunk({ text: 'More.' }), stop]));
    expect(content).toEqual([
      { type: 'text', text: 'Yes.', providerData: { google: { thoughtSignature: 's' } } },
      { type: 'text', text: 'More.' },
    ]);
  });

  it('tells the end only when the body has ended, because usage may follow the finish reason', () => {
    const decoder = dialect.fromStream(scope);
    const push = (wire: unknown) => decoder.push({ data: JSON.stringify(wire) });
    push(chunk({ text: 'Yes.' }));
    push({ ...stop, usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1 } });
    push({ usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 3, thoughtsTokenCount: 2 } });
    push({ usageMetadata: { trafficType: 'ON_DEMAND' } });
    expect(decoder.end().at(-1)).toMatchObject({ type: 'finish', finishReason: 'stop', usage: { inputTokens: 5, outputTokens: 5, reasoningTokens: 2 } });
  });

  it('says what is counted so far when that has changed, until it is complete', () => {
    const counted = (metadata: object, ...parts: readonly object[]) => ({ ...chunk(...parts), usageMetadata: metadata });
    const events = decode([
      counted({ promptTokenCount: 5, cachedContentTokenCount: 4 }, { text: 'a' }),
      counted({ promptTokenCount: 5, cachedContentTokenCount: 4 }, { text: 'b' }),
      counted({ promptTokenCount: 5, cachedContentTokenCount: 4, thoughtsTokenCount: 7 }, { text: 'c' }),
      chunk({ text: 'd' }),
      { ...stop, usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 4, thoughtsTokenCount: 7 } },
    ]);
    expect(events.flatMap((event) => (event.type === 'usage' ? [event.usage] : []))).toEqual([
      { inputTokens: 5, outputTokens: 0, cacheReadTokens: 4 },
      { inputTokens: 5, outputTokens: 7, cacheReadTokens: 4, reasoningTokens: 7 },
    ]);
  });

  it('keeps the last finish reason, because some models say STOP with every chunk', () => {
    const ended = (finishReason: string) => ({ candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason }] });
    expect(decode([ended('STOP'), ended('SAFETY')]).at(-1)).toMatchObject({ finishReason: 'content-filter' });
  });

  it.each([
    [[]],
    [[chunk({ text: 'Yes.' })]],
    [[chunk({ text: 'Yes.' }), { usageMetadata: { promptTokenCount: 1 } }]],
    [[{ candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'FINISH_REASON_UNSPECIFIED' }] }]],
    [[{ promptFeedback: { blockReason: 'BLOCKED_REASON_UNSPECIFIED' } }]],
  ])('gives nothing at its end when it was cut: %j', (chunks) => {
    expect(decode(chunks).filter((event) => event.type === 'finish' || event.type === 'part-end')).toEqual([]);
  });

  it('reads a list of chunks as well, which is the stream without server-sent events', () => {
    const events = dialect.fromStream(scope).push({ data: JSON.stringify([chunk({ text: 'A' }), chunk({ text: 'B' })]) });
    expect(events.filter((event) => event.type === 'text-delta')).toHaveLength(2);
  });

  it.each([['{"candidates":[{"cont'], ['7'], ['null'], ['"text"']])('throws for the event %s', (data) => {
    expect(() => dialect.fromStream(scope).push({ data })).toThrow(expect.objectContaining({ code: 'invalid_response' }) as Error);
  });

  it('joins citations and log probabilities that come in pieces, and counts no citation twice', () => {
    const first = { uri: 'https://a.example' };
    const second = { uri: 'https://b.example' };
    const piece = (citations: readonly object[], token: string) => ({ candidates: [{ citationMetadata: { citations }, logprobsResult: { chosenCandidates: [{ token }] } }] });
    expect(decode([piece([first], 'a'), piece([first, second], 'b'), stop]).at(-1)).toMatchObject({
      providerData: { google: { citationMetadata: { citations: [first, second] }, logprobsResult: { chosenCandidates: [{ token: 'a' }, { token: 'b' }] } } },
    });
  });
});

describe('calls in a stream', () => {
  it('come whole, several at once, and end as tool-calls', () => {
    const events = decode([chunk({ functionCall: { name: 'a', args: { x: 1 } }, thoughtSignature: 's' }, { functionCall: { name: 'b' } }), stop]);
    expect(events.slice(1)).toMatchObject([
      { type: 'tool-call-start', id: 'call_r1_0', name: 'a' },
      { type: 'tool-call-delta', id: 'call_r1_0', json: '{"x":1}' },
      { type: 'tool-call-end', id: 'call_r1_0', providerData: { google: { thoughtSignature: 's' } } },
      { type: 'tool-call-start', id: 'call_r1_1', name: 'b' },
      { type: 'tool-call-end', id: 'call_r1_1' },
      { type: 'finish', finishReason: 'tool-calls' },
    ]);
  });

  it('have the ids and the arguments that the whole answer would have', () => {
    const parts = [{ functionCall: { name: 'a', args: null } }, { functionCall: { name: 'b', args: {}, id: 'given' } }, { functionCall: { name: 'c', args: {} } }];
    expect(foldEvents(decode([chunk(parts[0], parts[1]), chunk(parts[2]), stop])).content).toEqual(dialect.fromResponse(answerOf(parts), scope).content);
  });

  const partial = (partialArgs: readonly object[], more = true) => chunk({ functionCall: { partialArgs, willContinue: more } });

  it('give their arguments as they are written', () => {
    const events = decode([
      chunk({ functionCall: { name: 'cook', willContinue: true }, thoughtSignature: 's' }),
      partial([{ jsonPath: '$.recipe.name', stringValue: 'Las', willContinue: true }]),
      partial([{ jsonPath: '$.recipe.name', stringValue: 'agna' }]),
      partial([{ jsonPath: '$.recipe.steps[0]', stringValue: 'Heat.' }, { jsonPath: '$.recipe.steps[1]', stringValue: 'Eat.' }]),
      partial([{ jsonPath: '$.people', numberValue: 4 }]),
      chunk({ functionCall: {} }),
      stop,
    ]);
    expect(events.filter((event) => event.type === 'tool-call-delta').map((event) => event.json)).toEqual(['{"recipe":{"name":"Las', 'agna"', ',"steps":["Heat.","Eat."', ']},"people":4', '}']);
    expect(foldEvents(events)).toMatchObject({
      finishReason: 'tool-calls',
      breaches: [],
      content: [{ name: 'cook', input: { recipe: { name: 'Lasagna', steps: ['Heat.', 'Eat.'] }, people: 4 }, providerData: { google: { thoughtSignature: 's' } } }],
    });
  });

  it.each([
    ['the next call', chunk({ functionCall: { name: 'next', args: {} } })],
    ['text', chunk({ text: 'Done.' })],
    ['the finish reason', stop],
  ])('are closed by %s when their own end never came', (_what, next) => {
    const { content, breaches } = foldEvents(decode([chunk({ functionCall: { name: 'f', willContinue: true } }), partial([{ jsonPath: '$.a', stringValue: 'x', willContinue: true }]), next, stop]));
    expect(breaches).toEqual([]);
    expect(content[0]).toMatchObject({ name: 'f', input: { a: 'x' } });
  });

  it.each([
    ['back to a member that was written', [{ jsonPath: '$.a', numberValue: 1 }, { jsonPath: '$.b', numberValue: 1 }, { jsonPath: '$.a', numberValue: 2 }]],
    ['past the end of a list', [{ jsonPath: '$.a[999999999]', numberValue: 1 }]],
    ['into a text', [{ jsonPath: '$.a', stringValue: 'x' }, { jsonPath: '$.a.b', stringValue: 'y' }]],
    ['to a list at the root', [{ jsonPath: '$[0]', numberValue: 1 }]],
    ['to nothing', [{ jsonPath: '$', numberValue: 1 }]],
    ['nowhere', [{ jsonPath: 'a..b', numberValue: 1 }]],
    ['by a filter', [{ jsonPath: '$.a[?(@.b)]', numberValue: 1 }]],
  ])('are an invalid response when a path leads %s', (_what, partialArgs) => {
    expect(() => decode([chunk({ functionCall: { name: 'f', partialArgs } })])).toThrow(expect.objectContaining({ code: 'invalid_response' }) as Error);
  });

  it.each([['$.__proto__.admin'], ["$['__proto__']['admin']"], ['$.constructor.prototype.admin']])('cannot reach a prototype by the path %s', (jsonPath) => {
    const { content } = foldEvents(decode([chunk({ functionCall: { name: 'f', partialArgs: [{ jsonPath, boolValue: true }] } }), stop]));
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
    expect(content).toMatchObject([{ type: 'tool-call', name: 'f' }]);
  });
});
