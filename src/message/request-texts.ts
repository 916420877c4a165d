import type { ChatRequest } from '../types/chat.js';
import type { Json } from '../types/json.js';
import type { AssistantPart, Message, UserPart } from '../types/message.js';

/** Where a text of a request stands. */
export interface TextPlace {
  readonly role: Message['role'];
  /** Index of its message. */
  readonly message: number;
}

/**
 * The request with every text of its messages as `visit` gives it back: contents, reasoning, refusals, transcripts, tool results
 * and the strings inside tool inputs. In order; what `visit` leaves alone is the same object as before, up to the request itself.
 */
export function mapRequestTexts(request: ChatRequest, visit: (text: string, place: TextPlace) => string): ChatRequest {
  const messages = mapped(request.messages, (message, index) => mapMessage(message, (text) => visit(text, { role: message.role, message: index })));
  return messages === request.messages ? request : { ...request, messages };
}

function mapMessage(message: Message, visit: (text: string) => string): Message {
  if (typeof message.content === 'string') {
    const content = visit(message.content);
    return content === message.content ? message : { ...message, content };
  }
  const parts: readonly (UserPart | AssistantPart)[] = message.content;
  const content = mapped(parts, (part) => mapPart(part, visit));
  return content === parts ? message : ({ ...message, content } as Message); // each part keeps its type
}

function mapPart(part: UserPart | AssistantPart, visit: (text: string) => string): UserPart | AssistantPart {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal': {
      const text = visit(part.text);
      return text === part.text ? part : { ...part, text };
    }
    case 'tool-call': {
      const input = mapJson(part.input, visit);
      const invalidInput = part.invalidInput === undefined ? undefined : visit(part.invalidInput);
      if (input === part.input && invalidInput === part.invalidInput) return part;
      return { ...part, input, ...(invalidInput !== undefined && { invalidInput }) };
    }
    case 'audio': {
      const transcript = part.transcript === undefined ? undefined : visit(part.transcript);
      return transcript === undefined || transcript === part.transcript ? part : { ...part, transcript };
    }
    case 'image':
    case 'file':
    case 'opaque':
      return part;
    default:
      return part satisfies never;
  }
}

function mapJson(value: Json, visit: (text: string) => string): Json {
  if (typeof value === 'string') return visit(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return mapped(value, (item) => mapJson(item, visit));
  const members = Object.entries(value);
  const changed = mapped(members, (member) => {
    const inner = mapJson(member[1], visit);
    return inner === member[1] ? member : ([member[0], inner] satisfies [string, Json]);
  });
  return changed === members ? value : Object.fromEntries(changed); // defines members, `__proto__` too
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The same array when nothing changed. */
function mapped<T>(items: readonly T[], change: (item: T, index: number) => T): readonly T[] {
  let copy: T[] | undefined;
  items.forEach((item, index) => {
    const next = change(item, index);
    if (next !== item) (copy ??= items.slice())[index] = next;
  });
  return copy ?? items;
}
