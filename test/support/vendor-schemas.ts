import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { readFixture } from './fixtures.js';

/** What is wrong with a request body, in readable lines; none when it is valid. */
export type Problems = (body: unknown, streaming: boolean) => readonly string[];

export interface SchemaOptions {
  /** Members that the schema does not name are problems too: the published schemas are open, and servers are not. */
  readonly closed: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

interface Correction {
  readonly reason: string;
  readonly change: (published: Schema) => Schema;
}

const ASSISTANT_CONTENT: Schema = {
  anyOf: [
    { type: 'object', properties: { type: { const: 'output_text' }, text: { type: 'string' } }, required: ['type', 'text'] },
    { $ref: '#/$defs/RefusalContent' },
  ],
};

/** Definitions of OpenAI's published schema that refuse what its servers take, and why they are read otherwise here. */
const OPENAI_CORRECTIONS: Readonly<Record<string, Correction>> = {
  InputItem: {
    reason: 'discriminators tell its members apart, which JSON Schema has no word for: a message is an EasyInputMessage and an InputMessage at once',
    change: ({ oneOf, ...rest }) => ({ ...rest, anyOf: oneOf }),
  },
  EasyInputMessage: {
    reason: 'servers answer messages of the assistant with output_text and refusal in this form, and refuse the input_text that it allows',
    change: ({ properties, ...rest }) => ({ ...rest, properties: { ...(properties as Schema), content: { anyOf: [(properties as Schema)['content'], { type: 'array', items: ASSISTANT_CONTENT }] } } }),
  },
  FunctionTool: {
    reason: 'servers answer a request whose tools have no `strict`, and no value of it says the same: strict where the schema allows',
    change: (published) => ({ ...published, required: (published['required'] as readonly string[]).filter((name) => name !== 'strict') }),
  },
};

const SAMPLING: Schema = { temperature: { type: 'number', minimum: 0, maximum: 1 }, top_p: { type: 'number', minimum: 0, maximum: 1 }, top_k: { type: 'integer', minimum: 0 } };

const WITH_SAMPLING: Correction = {
  reason: 'the newest declarations no longer name temperature, top_p and top_k; models before Opus 4.7 take them still',
  change: ({ properties, ...rest }) => ({ ...rest, properties: { ...(properties as Schema), ...SAMPLING } }),
};

/** The same for Anthropic's declarations. */
const ANTHROPIC_CORRECTIONS: Readonly<Record<string, Correction>> = { MessageCreateParamsNonStreaming: WITH_SAMPLING, MessageCreateParamsStreaming: WITH_SAMPLING };

export function openaiRequests(definition: 'CreateChatCompletionRequest' | 'CreateResponse', options: SchemaOptions): Problems {
  const schema = corrected(readFixture('reference/schemas/openai.json') as Schema, '$defs', OPENAI_CORRECTIONS);
  const validate = compile(schema, `#/$defs/${definition}`, options);
  return (body) => problems(validate, body);
}

export function anthropicRequests(file: 'anthropic' | 'anthropic-beta', options: SchemaOptions): Problems {
  // Written for draft 7, of which it uses nothing that this draft reads otherwise.
  const { $schema: _draft, ...published } = readFixture(`reference/schemas/${file}.json`) as Schema;
  const schema = corrected(published, 'definitions', ANTHROPIC_CORRECTIONS);
  const whole = compile(schema, '#/definitions/MessageCreateParamsNonStreaming', options);
  const streamed = compile(schema, '#/definitions/MessageCreateParamsStreaming', options);
  return (body, streaming) => problems(streaming ? streamed : whole, body);
}

function corrected(schema: Schema, list: string, corrections: Readonly<Record<string, Correction>>): Schema {
  const definitions = { ...(schema[list] as Readonly<Record<string, Schema>>) };
  for (const [name, { change }] of Object.entries(corrections)) {
    const published = definitions[name];
    if (published === undefined) throw new Error(`the schema has no ${name} to correct`);
    definitions[name] = change(published);
  }
  return { ...schema, [list]: definitions };
}

function compile(schema: Schema, pointer: string, { closed }: SchemaOptions): ValidateFunction {
  // `format` is not checked: it is `uri` alone, of links and of data: URLs of any size.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).addSchema(closed ? closedWhole(schema) : schema, 'vendor');
  const validate = ajv.getSchema(`vendor${pointer}`);
  if (validate === undefined) throw new Error(`the schema has no ${pointer}`);
  return validate;
}

function closedWhole(schema: Schema): Schema {
  const list = schema['$defs'] === undefined ? 'definitions' : '$defs';
  const merged = new Set(Array.from(JSON.stringify(schema).matchAll(/"allOf":\[([^\]]*)\]/g), ([, members = '']) => Array.from(members.matchAll(/"#\/\$defs\/([^"]+)"/g), ([, name]) => name)).flat());
  const definitions = Object.entries(schema[list] as Readonly<Record<string, Schema>>);
  return { ...schema, [list]: Object.fromEntries(definitions.map(([name, definition]) => [name, closed(definition, merged.has(name))])) };
}

/** What is part of an `allOf` stays open, or it would refuse the members of the other parts; the whole of it is closed. */
function closed(schema: unknown, isPart: boolean): unknown {
  if (Array.isArray(schema)) return schema.map((inner: unknown) => closed(inner, false));
  if (typeof schema !== 'object' || schema === null) return schema;
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(schema)) {
    if (name === 'properties') out[name] = Object.fromEntries(Object.entries(inner as Schema).map(([member, its]) => [member, closed(its, false)]));
    else if (name === 'allOf') out[name] = (inner as readonly unknown[]).map((part) => closed(part, true));
    else out[name] = closed(inner, false);
  }
  const hasMembers = 'allOf' in out || ('properties' in out && !('additionalProperties' in out));
  return hasMembers && !isPart ? { ...out, unevaluatedProperties: false } : out;
}

/** A union says no once for each of its members; what it says of the deepest places tells most. */
function problems(validate: ValidateFunction, body: unknown): readonly string[] {
  if (validate(body)) return [];
  const errors = (validate.errors ?? []).toSorted((a, b) => depthOf(b) - depthOf(a));
  return [...new Set(errors.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`))].slice(0, 12);
}

function depthOf({ instancePath }: ErrorObject): number {
  return instancePath.split('/').length;
}
