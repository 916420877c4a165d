import type { Json, JsonObject } from '../../types/json.js';
import type { ScriptCall } from '../script-call.js';

/** The protocols the fake server speaks. */
export type FakeDialect = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'google-generate-content' | 'openai-embeddings' | 'google-embeddings';

/** What a request asks for, as far as every protocol can say it. */
export interface Routed extends ScriptCall {
  readonly dialect: FakeDialect;
  /** Inputs to embed. */
  readonly inputs: readonly string[];
  /** Google streams a JSON array without `alt=sse`. */
  readonly events: boolean;
}

// Only the end of the path counts: compatible servers have prefixes of their own.
const ENDS: readonly (readonly [dialect: FakeDialect, pattern: RegExp])[] = [
  ['openai-chat', /(?:\/deployments\/([^/]+))?\/chat\/completions$/],
  ['openai-responses', /\/responses$/],
  ['anthropic-messages', /\/messages$/],
  ['openai-embeddings', /(?:\/deployments\/([^/]+))?\/embeddings$/],
  ['google-generate-content', /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/],
  ['google-embeddings', /\/models\/([^/:]+):(?:batchEmbedContents|embedContent)$/],
];

/** Undefined when no protocol has this path. */
export function route(path: string, body: JsonObject): Routed | undefined {
  const url = new URL(path, 'http://fake');
  for (const [dialect, pattern] of ENDS) {
    const match = pattern.exec(url.pathname);
    if (match === null) continue;
    const model = body['model'];
    const inPath = match[1] === undefined ? undefined : decodeURIComponent(match[1]);
    const embeds = dialect === 'openai-embeddings' || dialect === 'google-embeddings';
    const inputs = embeds ? inputsOf(dialect, body) : [];
    return {
      dialect,
      operation: embeds ? 'embed' : 'chat',
      model: dialect.startsWith('google') ? (inPath ?? '') : typeof model === 'string' ? model : (inPath ?? ''),
      streaming: dialect === 'google-generate-content' ? match[2] === 'streamGenerateContent' : body['stream'] === true,
      events: dialect !== 'google-generate-content' || url.searchParams.get('alt') === 'sse',
      inputs,
      text: embeds ? inputs.join('\n') : lastTextOf(body),
    };
  }
  return undefined;
}

function inputsOf(dialect: FakeDialect, body: JsonObject): readonly string[] {
  if (dialect === 'openai-embeddings') {
    const input = body['input'] ?? '';
    return Array.isArray(input) ? input.map((item: Json) => (typeof item === 'string' ? item : JSON.stringify(item))) : [textOf(input)];
  }
  const requests = body['requests'];
  return Array.isArray(requests) ? requests.map((request: Json) => textOf(request)) : [textOf(body['content'])];
}

function lastTextOf(body: JsonObject): string {
  const messages = body['messages'] ?? body['input'] ?? body['contents'];
  return textOf(Array.isArray(messages) ? messages.at(-1) : messages);
}

/** The text somewhere inside a message, whatever this protocol calls it. */
function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map((item: Json) => textOf(item)).join('');
  const object = value as JsonObject;
  const inner = object['text'] ?? object['content'] ?? object['parts'] ?? object['output'];
  if (inner !== undefined) return textOf(inner);
  const answered = object['functionResponse'];
  return answered === undefined ? '' : JSON.stringify(answered);
}
