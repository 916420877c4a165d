import type { JsonObject } from '../../types/json.js';
import type { AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage, UserPart } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import { toAssistantBlocks } from './assistant-blocks.js';
import { toUserBlocks } from './user-blocks.js';
import { toolIdsOf, type ToolIds } from './tool-ids.js';
import { isObject } from './wire.js';

type Content = string | readonly JsonObject[];

interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  content: Content;
}

export interface Conversation {
  readonly system: Content;
  readonly messages: readonly JsonObject[];
}

/**
 * The conversation in the wire's order: instructions at the start go to `system`; the results of tools go into one user message,
 * before whatever else the user says in that turn, because the API wants every result directly after its calls.
 */
export function toConversation(messages: readonly Message[], systemInside: boolean, context: RequestContext): Conversation {
  const ids = toolIdsOf(messages);
  const turns: Turn[] = [];
  let system: Content = '';
  messages.forEach((message, index) => {
    const path = `messages[${index}]`;
    if (message.role !== 'system') {
      add(turns, toTurn(message, path, ids, context));
      return;
    }
    const content = systemContent(message, path, context);
    if (turns.length === 0) system = joined(system, content);
    else if (systemInside && fitsInside(messages, index)) add(turns, { role: 'system', content });
    else {
      context.warn({ kind: 'approximated', setting: path, detail: `${context.model} takes instructions at the start only here; this one was moved there` });
      system = joined(system, content);
    }
  });
  return { system, messages: withoutTrailingSpace(turns).map(({ role, content }) => ({ role, content })) };
}

/** An instruction inside must follow a user's turn, and end the conversation or come before an assistant's turn. */
function fitsInside(messages: readonly Message[], index: number): boolean {
  const before = messages.slice(0, index).findLast((message) => message.role !== 'system');
  const after = messages.slice(index).find((message) => message.role !== 'system');
  return (before?.role === 'user' || before?.role === 'tool') && (after === undefined || after.role === 'assistant');
}

function toTurn(message: UserMessage | AssistantMessage | ToolMessage, path: string, ids: ToolIds, context: RequestContext): Turn {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: typeof message.content === 'string' ? message.content : toUserBlocks(message.content, path, context) };
    case 'assistant':
      return { role: 'assistant', content: typeof message.content === 'string' ? message.content : toAssistantBlocks(message.content, path, ids, context) };
    case 'tool':
      return { role: 'user', content: [toResult(message, path, ids, context)] };
    default:
      return message satisfies never;
  }
}

function toResult(message: ToolMessage, path: string, ids: ToolIds, context: RequestContext): JsonObject {
  const { cache, content } = resultContent(message.content, path, context);
  return {
    type: 'tool_result',
    tool_use_id: ids(message.toolCallId),
    ...(content.length > 0 && { content }),
    ...(message.isError !== undefined && { is_error: message.isError }),
    ...cache,
  };
}

/** A mark on the last part of a result belongs to the result: blocks inside blocks cannot be marked. */
function resultContent(content: string | readonly UserPart[], path: string, context: RequestContext): { readonly cache?: JsonObject; readonly content: Content } {
  if (typeof content === 'string') return { content };
  const blocks = toUserBlocks(content, path, context).map(({ cache_control: mark, ...block }) => ({ mark, block }));
  const mark = blocks.at(-1)?.mark;
  return { ...(mark !== undefined && { cache: { cache_control: mark } }), content: blocks.map(({ block }) => block) };
}

function systemContent({ content }: SystemMessage, path: string, context: RequestContext): Content {
  return typeof content === 'string' ? content : toUserBlocks(content, path, context);
}

function add(turns: Turn[], turn: Turn): void {
  if (isSilent(turn.content)) return;
  const last = turns.at(-1);
  if (last?.role !== 'user' || turn.role !== 'user' || !(hasResult(last.content) || hasResult(turn.content))) {
    turns.push(turn); // turns of one role in a row are joined by the API itself
    return;
  }
  const blocks = [...blocksOf(last.content), ...blocksOf(turn.content)];
  last.content = [...blocks.filter(isResult), ...blocks.filter((block) => !isResult(block))];
}

function joined(before: Content, after: Content): Content {
  if (isSilent(before)) return after;
  return isSilent(after) ? before : [...blocksOf(before), ...blocksOf(after)];
}

function blocksOf(content: Content): readonly JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

/** The API refuses empty text, and there is nothing in it to lose. */
function isSilent(content: Content): boolean {
  return typeof content === 'string' ? content.trim() === '' : content.length === 0;
}

function hasResult(content: Content): boolean {
  return typeof content !== 'string' && content.some(isResult);
}

function isResult(block: JsonObject): boolean {
  return block['type'] === 'tool_result';
}

/** The API refuses an answer to go on from that ends in white space. */
function withoutTrailingSpace(turns: readonly Turn[]): readonly Turn[] {
  const last = turns.at(-1);
  if (last?.role !== 'assistant') return turns;
  if (typeof last.content === 'string') return [...turns.slice(0, -1), { ...last, content: last.content.trimEnd() }];
  const block = last.content.at(-1);
  if (!isObject(block) || typeof block['text'] !== 'string') return turns;
  return [...turns.slice(0, -1), { ...last, content: [...last.content.slice(0, -1), { ...block, text: block['text'].trimEnd() }] }];
}
