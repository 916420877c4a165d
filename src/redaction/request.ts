import type { ChatRequest } from '../types/chat.js';
import type { Json, JsonObject } from '../types/json.js';
import type { Citation, Message, UserPart, AssistantPart, ToolCallPart } from '../types/message.js';
import type { ToolDefinition } from '../types/tool.js';
import { RejectedError } from '../errors.js';
import { textFile } from './text-file.js';

/** What becomes of the text of a request. */
export interface TextMap {
  text(text: string): string;
  /** Text that is JSON. */
  json(text: string): string;
  /** Told of every part that cannot be read. */
  unscannable(what: string): void;
}

/**
 * The request with every text in it mapped, the same object where nothing changed: tools, the schema of the output, messages
 * in their order, stop sequences. Tools come first, so that a conversation that goes on numbers what it has already named alike.
 */
export function mapChatRequest(request: ChatRequest, map: TextMap): ChatRequest {
  const tools = request.tools && mapAll(request.tools, (tool) => ('parameters' in tool ? mapTool(tool, map) : tool));
  const schema = request.output?.schema && mapSchema(request.output.schema, map);
  const messages = mapAll(request.messages, (message) => mapMessage(message, map));
  const stop = request.stop && mapAll(request.stop, map.text);
  if (tools === request.tools && schema === request.output?.schema && messages === request.messages && stop === request.stop) return request;
  return {
    ...request,
    messages,
    ...(tools !== undefined && { tools }),
    ...(stop !== undefined && { stop }),
    ...(request.output !== undefined && schema !== undefined && { output: { ...request.output, schema } }),
  };
}

function mapTool(tool: ToolDefinition, map: TextMap): ToolDefinition {
  const description = tool.description === undefined ? undefined : map.text(tool.description);
  const parameters = mapSchema(tool.parameters, map);
  if (description === tool.description && parameters === tool.parameters) return tool;
  return { ...tool, parameters, ...(description !== undefined && { description }) };
}

/** These say how the rest is to be read. Names of properties stay too: the tool's code knows them. */
const STRUCTURE: ReadonlySet<string> = new Set(['type', 'format', 'pattern', 'required', '$ref', '$id', '$schema', '$anchor', '$dynamicRef', '$dynamicAnchor', 'dependentRequired', 'contentEncoding', 'contentMediaType']);
const DEEPEST_SCHEMA = 200;

function mapSchema(schema: JsonObject, map: TextMap): JsonObject {
  const walk = (value: Json, key: string, depth: number): Json => {
    if (typeof value === 'string') return STRUCTURE.has(key) ? value : map.text(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEEPEST_SCHEMA) throw new RejectedError('redaction_failed', `a schema is nested deeper than ${DEEPEST_SCHEMA} levels, so it was not read; make it flatter`);
    if (isList(value)) return mapAll(value, (item) => walk(item, key, depth + 1));
    let changed = false;
    const entries = Object.entries(value).map(([name, inner]) => {
      const mapped = walk(inner, name, depth + 1);
      changed ||= mapped !== inner;
      return [name, mapped] as const;
    });
    return changed ? Object.fromEntries(entries) : value;
  };
  return walk(schema, '', 0) as JsonObject; // an object stays one
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The message with every text in it mapped, the same object where nothing changed. */
export function mapMessage<M extends Message>(message: M, map: TextMap): M {
  const { content } = message;
  if (typeof content === 'string') {
    const text = map.text(content);
    return text === content ? message : { ...message, content: text };
  }
  const parts = mapAll<UserPart | AssistantPart>(content, (part) => mapPart(part, map));
  return parts === content ? message : { ...message, content: parts };
}

function mapPart<P extends UserPart | AssistantPart>(part: P, map: TextMap): P | UserPart | AssistantPart {
  switch (part.type) {
    case 'text': {
      const text = map.text(part.text);
      const citations = part.citations && mapCitations(part.citations, map.text);
      if (text === part.text && citations === part.citations) return part;
      return { ...part, text, ...(citations !== undefined && { citations }) };
    }
    case 'reasoning':
    case 'refusal': {
      const text = map.text(part.text);
      return text === part.text ? part : { ...part, text };
    }
    case 'tool-call':
      return mapToolCall(part, map);
    case 'image':
      map.unscannable('an image');
      return part;
    case 'audio': {
      map.unscannable('audio');
      const transcript = part.transcript === undefined ? undefined : map.text(part.transcript);
      return transcript === part.transcript || transcript === undefined ? part : { ...part, transcript };
    }
    case 'file': {
      const file = textFile(part);
      if (file === undefined) map.unscannable(`a file of type ${part.mediaType}`);
      const text = file && map.text(file.text);
      const name = part.name === undefined ? undefined : map.text(part.name);
      if (text === file?.text && name === part.name) return part;
      return { ...part, ...(file !== undefined && text !== undefined && text !== file.text && { data: file.encode(text) }), ...(name !== undefined && { name }) };
    }
    case 'opaque':
      return part; // only its own provider can read it
    default:
      return part satisfies never;
  }
}

function mapToolCall(part: ToolCallPart, map: TextMap): ToolCallPart {
  if (part.invalidInput !== undefined) {
    const invalidInput = map.json(part.invalidInput);
    return invalidInput === part.invalidInput ? part : { ...part, invalidInput };
  }
  const before = JSON.stringify(part.input) ?? '';
  const after = map.json(before);
  return after === before ? part : { ...part, input: JSON.parse(after) as Json }; // JSON stays JSON
}

/** What a citation quotes, and the name of what it quotes from. */
export function mapCitations(citations: readonly Citation[], text: (text: string) => string): readonly Citation[] {
  return mapAll(citations, (citation) => {
    const quote = citation.quote === undefined ? undefined : text(citation.quote);
    const title = citation.title === undefined ? undefined : text(citation.title);
    if (quote === citation.quote && title === citation.title) return citation;
    return { ...citation, ...(quote !== undefined && { quote }), ...(title !== undefined && { title }) };
  });
}

/** The same list where nothing changed. */
export function mapAll<T>(list: readonly T[], map: (item: T, index: number) => T): readonly T[] {
  let changed = false;
  const mapped = list.map((item, index) => {
    const after = map(item, index);
    changed ||= after !== item;
    return after;
  });
  return changed ? mapped : list;
}
