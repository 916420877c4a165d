import { ProviderError, RejectedError } from '../errors.js';
import type { ChatRequest, ChatResponse, TypedRequest } from '../types/chat.js';
import type { JsonSchema } from '../types/tool.js';
import type { StandardResult, StandardSchema } from '../types/schema.js';

/** A request as interceptors and adapters see it, and what turns its answer into `response.object`. */
export interface PreparedRequest {
  readonly request: ChatRequest;
  /** Adds `object`. Undefined when no structured output was asked for. */
  readonly finish: ((response: ChatResponse) => ChatResponse | Promise<ChatResponse>) | undefined;
  /** Whether `finish` will take the answer. Undefined without a schema that validates. */
  readonly fits?: (response: ChatResponse) => Promise<boolean>;
}

type Validate = (text: string, value: unknown) => Promise<StandardResult<unknown>>;

/** Splits a typed request into the plain one and its validation. Throws RejectedError('invalid_request') for a schema that cannot be sent. */
export function prepare(request: ChatRequest | TypedRequest<unknown>): PreparedRequest {
  const output = request?.output; // what is no request at all is refused later, with the other fields
  if (output === undefined) return { request: request as ChatRequest, finish: undefined }; // without `output` both types are one
  if (isStandardSchema(output)) {
    return { request: { ...request, output: { type: 'json', schema: jsonSchemaOf(output) } }, ...checkedBy(output) };
  }
  if ('validate' in output) {
    const { validate, ...format } = output;
    if (!isStandardSchema(validate)) throw new RejectedError('invalid_request', 'output.validate: wanted a Standard Schema (zod, valibot, arktype …)');
    return { request: { ...request, output: format }, ...checkedBy(validate) };
  }
  return { request: { ...request, output }, finish: parsed };
}

function isStandardSchema(value: unknown): value is StandardSchema<unknown> {
  // arktype's schemas are functions
  const holder = (typeof value === 'object' && value !== null) || typeof value === 'function' ? (value as Partial<StandardSchema<unknown>>) : undefined;
  return typeof holder?.['~standard']?.validate === 'function';
}

function jsonSchemaOf(schema: StandardSchema<unknown>): JsonSchema {
  const { vendor, jsonSchema } = schema['~standard'];
  if (typeof jsonSchema?.input !== 'function') {
    throw new RejectedError(
      'invalid_request',
      `output: this ${vendor} schema can validate but gives no JSON Schema (\`~standard.jsonSchema\`), which the provider needs; pass output: { type: 'json', schema: <JSON Schema>, validate: <this schema> }`,
    );
  }
  try {
    return jsonSchema.input({ target: 'draft-2020-12' }) as JsonSchema; // JSON by the standard's definition
  } catch (cause) {
    throw new RejectedError('invalid_request', `output: this ${vendor} schema cannot be written as JSON Schema; pass output: { type: 'json', schema: <JSON Schema>, validate: <this schema> }`, { cause });
  }
}

/** For a plain format `object` is best effort: whoever wants certainty passes a schema that validates. */
function parsed(response: ChatResponse): ChatResponse {
  const object = parse(response.text);
  return object === undefined ? response : { ...response, object };
}

function checkedBy(schema: StandardSchema<unknown>): Required<Pick<PreparedRequest, 'finish' | 'fits'>> {
  const validate = validateOnce(schema);
  return {
    finish: (response) => validated(response, validate),
    async fits(response) {
      if (response.finishReason === 'tool-calls') return true;
      const value = parse(response.text);
      return value !== undefined && (await validate(response.text, value)).issues === undefined;
    },
  };
}

/** The same answer is looked at once, whoever asks. */
function validateOnce(schema: StandardSchema<unknown>): Validate {
  let last: { readonly text: string; readonly result: Promise<StandardResult<unknown>> } | undefined;
  return (text, value) => {
    if (last?.text !== text) last = { text, result: (async () => schema['~standard'].validate(value))() };
    return last.result;
  };
}

async function validated(response: ChatResponse, validate: Validate): Promise<ChatResponse> {
  // Still calling tools: the typed answer is yet to come.
  if (response.finishReason === 'tool-calls') return response;
  const value = parse(response.text);
  if (value === undefined) throw invalid(response, `its text is not JSON (finish reason: ${response.finishReason})`);
  const result = await validate(response.text, value);
  if (result.issues !== undefined) throw invalid(response, `it does not match the schema in ${result.issues.length} ${result.issues.length === 1 ? 'place' : 'places'}`);
  return { ...response, object: result.value };
}

function invalid(response: ChatResponse, why: string): ProviderError {
  return new ProviderError('invalid_response', `${response.provider} gave an answer that is not the structured output asked for: ${why}; error.partial holds the answer`, {
    certainty: 'started',
    partial: response,
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON has no undefined, so it can stand for text that is not JSON
  }
}

