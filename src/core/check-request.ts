import { RejectedError } from '../errors.js';
import type { ChatRequest } from '../types/chat.js';
import type { EmbedRequest } from '../types/embed.js';
import type { Message } from '../types/message.js';
import type { ProviderTool, ToolDefinition } from '../types/tool.js';

/** Throws RejectedError('invalid_request') for a request that no provider could take, naming the field, what came and what is wanted. Never quotes content. */
export function checkChatRequest(request: ChatRequest): void {
  if (!isObject(request)) throw wrong('request', 'an object', request);
  if (typeof request.model !== 'string' || request.model === '') throw wrong('model', "a string such as 'provider/model'", request.model);
  checkMessages(request.messages);
  if (request.tools !== undefined) checkTools(request.tools);
  if (request.output !== undefined) {
    if (request.output.type !== 'json') throw wrong('output.type', "'json'", request.output.type);
    if (request.output.schema !== undefined && !isObject(request.output.schema)) throw wrong('output.schema', 'a JSON Schema object', request.output.schema);
  }
  checkToolChoice(request);
  for (const field of COUNTS) checkNumber(field, request[field], (value) => Number.isInteger(value) && value > 0, 'a whole number above 0');
  for (const field of NUMBERS) checkNumber(field, request[field], Number.isFinite, 'a finite number');
  for (const field of FRACTIONS) checkNumber(field, request[field], (value) => Number.isFinite(value) && value >= 0, 'a finite number, 0 or more');
  checkNumber('reasoning.maxTokens', request.reasoning?.maxTokens, (value) => Number.isInteger(value) && value > 0, 'a whole number above 0');
  if (request.stop !== undefined && !(Array.isArray(request.stop) && request.stop.every((stop) => typeof stop === 'string' && stop !== ''))) {
    throw wrong('stop', 'a list of non-empty strings', request.stop);
  }
}

export function checkEmbedRequest(request: EmbedRequest): void {
  if (!isObject(request)) throw wrong('request', 'an object', request);
  if (typeof request.model !== 'string' || request.model === '') throw wrong('model', "a string such as 'provider/model'", request.model);
  if (!Array.isArray(request.input) || request.input.length === 0) throw wrong('input', 'a list of at least one text', request.input);
  request.input.forEach((text, at) => {
    if (typeof text !== 'string') throw wrong(`input[${at}]`, 'a string', text);
  });
  checkNumber('dimensions', request.dimensions, (value) => Number.isInteger(value) && value > 0, 'a whole number above 0');
}

const COUNTS = ['maxTokens', 'topK'] as const;
const NUMBERS = ['seed', 'presencePenalty', 'frequencyPenalty'] as const;
const FRACTIONS = ['temperature', 'topP'] as const;
const ROLES: ReadonlySet<string> = new Set(['system', 'user', 'assistant', 'tool']);
/** What each role may hold, as in types/message.ts. */
const PARTS: Readonly<Record<Message['role'], ReadonlySet<string>>> = {
  system: new Set(['text']),
  user: new Set(['text', 'image', 'audio', 'file']),
  tool: new Set(['text', 'image', 'audio', 'file']),
  assistant: new Set(['text', 'reasoning', 'tool-call', 'refusal', 'image', 'audio', 'opaque']),
};

function checkMessages(messages: readonly Message[]): void {
  if (!Array.isArray(messages) || messages.length === 0) throw wrong('messages', 'a list of at least one message', messages);
  let called: Set<string> | undefined;
  messages.forEach((message: Message, at) => {
    const field = `messages[${at}]`;
    if (!isObject(message)) throw wrong(field, 'an object', message);
    if (!ROLES.has(message.role)) throw wrong(`${field}.role`, "'system', 'user', 'assistant' or 'tool'", message.role);
    if (typeof message.content !== 'string') checkParts(message, field);
    if (message.role === 'assistant' && typeof message.content !== 'string') {
      for (const part of message.content) if (part.type === 'tool-call') (called ??= new Set()).add(part.id);
    } else if (message.role === 'tool') {
      if (typeof message.toolCallId !== 'string' || message.toolCallId === '') throw wrong(`${field}.toolCallId`, 'the id of a tool call', message.toolCallId);
      if (called?.has(message.toolCallId) !== true) {
        throw new RejectedError('invalid_request', `${field}.toolCallId: no earlier assistant message has a tool call with this id; put the assistant message with the call before its result`);
      }
    }
  });
}

function checkParts(message: Message, field: string): void {
  if (!Array.isArray(message.content)) throw wrong(`${field}.content`, 'a string or a list of parts', message.content);
  const allowed = PARTS[message.role];
  message.content.forEach((part: { readonly type: string; readonly text?: unknown; readonly data?: unknown }, at: number) => {
    const name = `${field}.content[${at}]`;
    if (!isObject(part)) throw wrong(name, 'a part', part);
    if (!allowed.has(part.type)) throw wrong(`${name}.type`, `one of ${[...allowed].join(', ')} in a ${message.role} message`, part.type);
    if ((part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal') && typeof part.text !== 'string') throw wrong(`${name}.text`, 'a string', part.text);
    if ((part.type === 'image' || part.type === 'audio' || part.type === 'file') && typeof part.data !== 'string' && !(part.data instanceof Uint8Array)) {
      throw wrong(`${name}.data`, 'bytes, base64 or a URL', part.data);
    }
    if (part.type === 'tool-call') checkCall(part as { readonly id?: unknown; readonly name?: unknown }, name);
  });
}

function checkCall(part: { readonly id?: unknown; readonly name?: unknown }, field: string): void {
  if (typeof part.id !== 'string' || part.id === '') throw wrong(`${field}.id`, 'a non-empty string', part.id);
  if (typeof part.name !== 'string' || part.name === '') throw wrong(`${field}.name`, 'a non-empty string', part.name);
}

function checkTools(tools: readonly (ToolDefinition | ProviderTool)[]): void {
  if (!Array.isArray(tools)) throw wrong('tools', 'a list of tools', tools);
  const names = new Set<string>();
  tools.forEach((tool: ToolDefinition | ProviderTool, at) => {
    const field = `tools[${at}]`;
    if (!isObject(tool)) throw wrong(field, 'a tool', tool);
    if ('type' in tool && tool.type === 'provider') {
      if (typeof tool.provider !== 'string' || !isObject(tool.definition)) throw wrong(field, "a provider's tool: { type: 'provider', provider, definition }", tool.definition);
      return;
    }
    const definition = tool as ToolDefinition; // the only other kind
    if (typeof definition.name !== 'string' || definition.name === '') throw wrong(`${field}.name`, 'a non-empty string', definition.name);
    if (names.has(definition.name)) throw new RejectedError('invalid_request', `${field}.name: an earlier tool has this name already; names must differ`);
    names.add(definition.name);
    if (!isObject(definition.parameters)) throw wrong(`${field}.parameters`, "a JSON Schema object, such as { type: 'object', properties: {} }", definition.parameters);
    const type = definition.parameters['type'];
    if (type !== undefined && type !== 'object') throw wrong(`${field}.parameters.type`, "'object': tools take named arguments", type);
  });
}

function checkToolChoice({ toolChoice, tools }: ChatRequest): void {
  if (toolChoice === undefined || toolChoice === 'auto' || toolChoice === 'none' || toolChoice === 'required') return;
  if (!isObject(toolChoice) || typeof toolChoice.tool !== 'string') throw wrong('toolChoice', "'auto', 'none', 'required' or { tool: name }", toolChoice);
  const known = (tools ?? []).some((tool) => 'name' in tool && tool.name === toolChoice.tool);
  if (!known) throw new RejectedError('invalid_request', 'toolChoice.tool: none of `tools` has this name');
}

function checkNumber(field: string, value: number | undefined, holds: (value: number) => boolean, wanted: string): void {
  if (value !== undefined && (typeof value !== 'number' || !holds(value))) throw wrong(field, wanted, value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(field: string, wanted: string, got: unknown): RejectedError {
  return new RejectedError('invalid_request', `${field}: wanted ${wanted}, got ${shape(got)}`);
}

/** Numbers and types may be named; text may be content. */
function shape(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value === '' ? 'an empty string' : 'a string';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return `a ${typeof value}`.replace('a object', 'an object');
}
