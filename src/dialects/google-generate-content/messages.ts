import { RejectedError } from '../../errors.js';
import type { JsonObject } from '../../types/json.js';
import type { AssistantMessage, Message, SystemMessage, ToolMessage, UserMessage } from '../../types/message.js';
import { assistantPart, userPart } from './content.js';
import { toolResult } from './tool-result.js';
import type { Translation } from './translation.js';

/** `contents` and `systemInstruction`. Tool results that follow each other become one turn: the API wants as many results in it as there were calls. */
export function toContents(messages: readonly Message[], translation: Translation): JsonObject {
  const system: JsonObject[] = [];
  const contents: { readonly role: 'user' | 'model'; readonly parts: JsonObject[] }[] = [];
  const names = new Map<string, string>();
  let lastRole: Message['role'] = 'system';
  for (const [at, message] of messages.entries()) {
    const path = `messages[${at}]`;
    const turn = (role: 'user' | 'model', parts: readonly JsonObject[]): void => {
      if (parts.length > 0) contents.push({ role, parts: [...parts] }); // a turn without parts is refused
    };
    switch (message.role) {
      case 'system':
        if (contents.length > 0) translation.warn({ kind: 'approximated', setting: path, detail: 'system messages all go before the conversation' });
        system.push(...systemParts(message, translation));
        break;
      case 'user':
        turn('user', userParts(message, path, translation));
        break;
      case 'assistant':
        turn('model', assistantParts(message, path, translation, names));
        break;
      case 'tool': {
        const parts = toolResult(message, nameOf(message, names, path), path, translation);
        const last = contents.at(-1);
        if (lastRole === 'tool' && last !== undefined) last.parts.push(...parts);
        else turn('user', parts);
        break;
      }
      default:
        message satisfies never;
    }
    lastRole = message.role;
  }
  return { ...(system.length > 0 && { systemInstruction: { parts: system } }), contents };
}

function systemParts(message: SystemMessage, translation: Translation): readonly JsonObject[] {
  const parts = typeof message.content === 'string' ? [{ type: 'text' as const, text: message.content }] : message.content;
  return parts.flatMap<JsonObject>((part) => userPart(part, '', translation) ?? []);
}

function userParts(message: UserMessage, path: string, translation: Translation): readonly JsonObject[] {
  const parts = typeof message.content === 'string' ? [{ type: 'text' as const, text: message.content }] : message.content;
  return parts.flatMap<JsonObject>((part, at) => userPart(part, `${path}.content[${at}]`, translation) ?? []);
}

/** Also notes the names of the calls, because a result on this wire names its function. */
function assistantParts(message: AssistantMessage, path: string, translation: Translation, names: Map<string, string>): readonly JsonObject[] {
  const parts = typeof message.content === 'string' ? [{ type: 'text' as const, text: message.content }] : message.content;
  let isFirstCall = true;
  return parts.flatMap<JsonObject>((part, at) => {
    const wire = assistantPart(part, `${path}.content[${at}]`, translation, isFirstCall) ?? [];
    if (part.type === 'tool-call') {
      names.set(part.id, part.name);
      isFirstCall = false;
    }
    return wire;
  });
}

function nameOf(message: ToolMessage, names: ReadonlyMap<string, string>, path: string): string {
  const name = names.get(message.toolCallId);
  if (name === undefined) throw new RejectedError('invalid_request', `${path}.toolCallId: no tool call before it has this id; put the assistant message that made the call before it`);
  return name;
}
