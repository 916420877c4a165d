import type { Call } from '../core/call.js';
import type { Message } from '../types/message.js';

// Only to share a provider's quota out among calls; the next answer says what was really used. So it looks at lengths and
// at nothing else: a prompt of any size costs the same.
/** English and code run at about four characters a token (OpenAI's help page on tokens). */
const CHARACTERS_PER_TOKEN = 4;
/** A picture of 1024 × 1024 in high detail, by OpenAI's pricing. Other media count the same. */
const TOKENS_PER_MEDIA = 765;

const counted = new WeakMap<object, number>();

/** A quick guess of the tokens that a request sends. At least 1. */
export function requestTokens(call: Pick<Call, 'operation' | 'request'>): number {
  let characters = 0;
  const { request } = call;
  if ('input' in request) {
    for (const text of request.input) characters += text.length;
  } else {
    for (const message of request.messages) characters += typeof message.content === 'string' ? message.content.length : once(message, partsOf);
    if (request.tools !== undefined) characters += once(request.tools, jsonLength);
    if (request.output?.schema !== undefined) characters += once(request.output.schema, jsonLength);
  }
  return Math.max(1, Math.ceil(characters / CHARACTERS_PER_TOKEN));
}

/** A conversation sends the same messages again and again. */
function once<T extends object>(value: T, measure: (value: T) => number): number {
  let length = counted.get(value);
  if (length === undefined) {
    length = measure(value);
    counted.set(value, length);
  }
  return length;
}

function partsOf({ content }: Message): number {
  let characters = 0;
  for (const part of content) {
    if (typeof part === 'string') characters += part.length;
    else if ('text' in part) characters += part.text.length;
    else if (part.type === 'tool-call') characters += part.name.length + jsonLength(part.input);
    else if (part.type === 'opaque') characters += jsonLength(part.data);
    else characters += TOKENS_PER_MEDIA * CHARACTERS_PER_TOKEN;
  }
  return characters;
}

function jsonLength(value: unknown): number {
  const json: string | undefined = JSON.stringify(value); // undefined for what JSON has no word for
  return json?.length ?? 0;
}
