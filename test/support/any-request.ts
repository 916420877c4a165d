import fc from 'fast-check';
import type { ChatRequest } from '../../src/types/chat.js';
import type { AssistantPart, Message, UserPart } from '../../src/types/message.js';
import type { JsonSchema } from '../../src/types/tool.js';
import { CALL_DATA, CUSTOM_CALL_DATA, MADE, MARKED_TEXT, NAMED_SPEAKER, OPTIONS, PROVIDER_TOOLS, REASONING, SAID, STORED } from './vendor-parts.js';

const text = fc.oneof(fc.string({ maxLength: 12, unit: 'grapheme' }), fc.constantFrom('', ' ', 'Hello, how are you?'));
const word = fc.stringMatching(/^[a-z][a-zA-Z0-9_-]{0,11}$/);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
// Keys that JavaScript treats specially have tests of their own.
const json = fc.dictionary(word, fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.record({ inner: scalar })), { maxKeys: 3 }).map((value) => ({ ...value }));

const bytes = fc.constantFrom('iVBORw0KGgo=', new Uint8Array([137, 80, 78, 71]));
const image: fc.Arbitrary<UserPart> = fc.oneof(
  fc.record({ type: fc.constant('image' as const), data: fc.constantFrom('https://example.com/a.png', 'data:image/gif;base64,R0lGOD==', 'gs://bucket/a.png'), detail: fc.constantFrom('auto' as const, 'low' as const, 'high' as const) }),
  fc.record({ type: fc.constant('image' as const), data: bytes, mediaType: fc.constantFrom('image/png', 'image/jpeg', 'image/webp', 'image/bmp', 'image/svg+xml', 'image/heic') }),
);
const audio: fc.Arbitrary<UserPart> = fc.record({
  type: fc.constant('audio' as const),
  data: fc.constantFrom('UklGRg==', 'data:audio/ogg;base64,T2dnUw==', 'https://example.com/a.mp3'),
  mediaType: fc.constantFrom('audio/wav', 'audio/mpeg', 'audio/mp3', 'audio/ogg', 'audio/mp4', 'audio/x-wav;codecs=1'),
});
const file: fc.Arbitrary<UserPart> = fc
  .record({
    data: fc.constantFrom('aGVsbG8=', 'https://example.com/a', 'gs://bucket/a', new Uint8Array([104, 105])),
    mediaType: fc.constantFrom('application/pdf', 'text/plain', 'text/csv', 'application/json', 'image/png', 'image/tiff', 'video/mp4', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    name: fc.option(word, { nil: undefined }),
  })
  .map(({ name, ...rest }) => ({ type: 'file', ...rest, ...(name !== undefined && { name }) }));

const plainText = text.map((value) => ({ type: 'text', text: value }) as const);
const userPart: fc.Arbitrary<UserPart> = fc.oneof(plainText, image, audio, file, fc.constantFrom(...MARKED_TEXT, ...STORED));
const userContent = fc.oneof(text, fc.array(userPart, { maxLength: 3 }));
const systemContent = fc.oneof(text, fc.array(fc.oneof(plainText, fc.constantFrom(...MARKED_TEXT)), { maxLength: 2 }));
const assistantPart: fc.Arbitrary<AssistantPart> = fc.oneof(plainText, fc.constantFrom(...REASONING), fc.constantFrom(...SAID), fc.constantFrom(...MADE));

/** Ids as the vendors make them: `base` makes each its own. */
const ID_STYLES: readonly ((base: string) => string)[] = [
  (base) => `call_${base}`,
  (base) => `toolu_${base}`,
  (base) => `functions.search:${base}`,
  (base) => base.padStart(9, 'a').replaceAll('_', 'b'),
  (base) => `call_${base}_${'x'.repeat(90)}`,
];

interface Call {
  readonly name: string;
  readonly input: Pick<AssistantPart & { readonly type: 'tool-call' }, 'input' | 'invalidInput' | 'providerData'>;
  readonly style: (base: string) => string;
  readonly result: { readonly content: string | readonly UserPart[]; readonly isError: boolean | undefined } | undefined;
}

const input = fc.oneof(
  fc.tuple(json, fc.constantFrom(...CALL_DATA)).map(([value, data]) => ({ input: value, ...(data !== undefined && { providerData: data }) })),
  fc.constantFrom('{"city": "Par', '', '[1, 2', '{"__proto__": 1}').map((invalidInput) => ({ input: null, invalidInput })),
  scalar.map((value) => ({ input: value })),
  text.map((value) => ({ input: value, providerData: CUSTOM_CALL_DATA })),
);
const call: fc.Arbitrary<Call> = fc.record({
  name: word,
  input,
  style: fc.constantFrom(...ID_STYLES),
  result: fc.option(fc.record({ content: userContent, isError: fc.option(fc.boolean(), { nil: undefined }) }), { nil: undefined, freq: 8 }),
});

type Turn =
  | { readonly role: 'system'; readonly content: string | readonly (UserPart & { readonly type: 'text' })[] }
  | { readonly role: 'user'; readonly content: string | readonly UserPart[] }
  | { readonly role: 'assistant'; readonly content: string | readonly AssistantPart[]; readonly calls: readonly Call[] };

const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ role: fc.constant('user' as const), content: fc.oneof({ weight: 9, arbitrary: userContent }, { weight: 1, arbitrary: userPart.map((part) => [NAMED_SPEAKER, part]) }) }),
  fc.record({ role: fc.constant('assistant' as const), content: fc.oneof({ weight: 1, arbitrary: text }, { weight: 5, arbitrary: fc.array(assistantPart, { maxLength: 4 }) }), calls: fc.array(call, { maxLength: 2 }) }),
  { weight: 1, arbitrary: fc.record({ role: fc.constant('system' as const), content: systemContent }) },
);

const messages = fc.tuple(fc.array(turn, { maxLength: 6 }), fc.string({ minLength: 1, maxLength: 8 }).map((value) => `${value}?`)).map(([turns, last]): readonly Message[] => [
  ...turns.flatMap(messagesOf),
  { role: 'user', content: last },
]);

function messagesOf(one: Turn, place: number): readonly Message[] {
  if (one.role !== 'assistant' || one.calls.length === 0) return [one.role === 'assistant' ? { role: 'assistant', content: one.content } : one];
  const ids = one.calls.map(({ style }, index) => style(`${place}_${index}`));
  const said: readonly AssistantPart[] = typeof one.content === 'string' ? [{ type: 'text', text: one.content }] : one.content;
  const calls = one.calls.map(({ name, input: given }, index): AssistantPart => ({ type: 'tool-call', id: ids[index] ?? '', name, ...given }));
  const results = one.calls.flatMap(({ result }, index): Message[] => {
    if (result === undefined) return [];
    const { content, isError } = result;
    return [{ role: 'tool', toolCallId: ids[index] ?? '', content, ...(isError !== undefined && { isError }) }];
  });
  return [{ role: 'assistant', content: [...said, ...calls] }, ...results];
}

const schema: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.constantFrom<JsonSchema>({}, { type: 'object' }, { type: 'object', properties: { list: { type: 'array', items: { oneOf: [{ type: 'string', maxLength: 3 }, { $ref: '#/$defs/one' }] } } }, $defs: { one: { type: 'object', properties: {} } } }),
  fc.array(word, { maxLength: 3 }).map((names) => ({ type: 'object', properties: Object.fromEntries(names.map((name) => [name, { type: 'string', minLength: 1 }])), required: [...new Set(names)] })),
);

const tools = fc
  .tuple(
    fc.uniqueArray(fc.record({ name: word, description: text, parameters: schema, strict: fc.boolean() }, { requiredKeys: ['name', 'parameters'] }), { maxLength: 3, selector: (tool) => tool.name }),
    fc.uniqueArray(fc.constantFrom(...PROVIDER_TOOLS), { maxLength: 2 }),
  )
  .map(([own, theirs]) => [...own, ...theirs]);

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
const tenths = (from: number, to: number): fc.Arbitrary<number> => fc.integer({ min: from * 10, max: to * 10 }).map((value) => value / 10);

/**
 * Requests over the whole vocabulary, as the gateway lets them through: parts of all kinds, with and without what the vendors
 * left in them, foreign and own; settings within the ranges that the vendors share.
 */
export const anyRequest: fc.Arbitrary<ChatRequest> = fc
  .record(
    {
      messages,
      tools,
      toolChoice: fc.oneof(fc.constantFrom('auto' as const, 'none' as const, 'required' as const), fc.nat({ max: 2 })),
      parallelToolCalls: fc.boolean(),
      output: fc.record({ type: fc.constant('json' as const), schema, name: word, strict: fc.boolean() }, { requiredKeys: ['type'] }),
      maxTokens: fc.integer({ min: 1, max: 100_000 }),
      temperature: tenths(0, 2),
      topP: tenths(0, 1),
      topK: fc.integer({ min: 1, max: 100 }),
      stop: fc.array(fc.oneof(fc.string({ minLength: 1, maxLength: 5 }), fc.constant('\n')), { maxLength: 6 }),
      seed: fc.integer(),
      presencePenalty: tenths(-2, 2),
      frequencyPenalty: tenths(-2, 2),
      reasoning: fc.record({ effort: fc.constantFrom(...EFFORTS), maxTokens: fc.integer({ min: 1, max: 50_000 }) }, { requiredKeys: [] }),
      providerOptions: fc.constantFrom(...OPTIONS),
    },
    { requiredKeys: ['messages'] },
  )
  .map(({ toolChoice, ...rest }): ChatRequest => {
    const choice = typeof toolChoice === 'number' ? namedTool(rest.tools ?? [], toolChoice) : toolChoice;
    return { model: 'any/model', ...rest, ...(choice !== undefined && { toolChoice: choice }) };
  });

/** A tool can be chosen only from those that there are. */
function namedTool(from: NonNullable<ChatRequest['tools']>, at: number): { readonly tool: string } | undefined {
  const tool = from[at];
  return tool !== undefined && 'name' in tool ? { tool: tool.name } : undefined;
}
