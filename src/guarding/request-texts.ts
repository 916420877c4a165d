import { mapAll, mapMessage } from '../redaction/request.js';
import type { ChatRequest } from '../types/chat.js';
import type { Json } from '../types/json.js';
import type { Message } from '../types/message.js';

/** Where a text of a request stands. */
export interface TextPlace {
  readonly role: Message['role'];
  /** Index of its message. */
  readonly message: number;
}

/**
 * The request with every text of its messages as `visit` gives it back: what a redactor reads, text files included, and of the
 * input of tools each string by itself. In order; what `visit` leaves alone is the same object, up to the request itself.
 */
export function mapRequestTexts(request: ChatRequest, visit: (text: string, place: TextPlace) => string): ChatRequest {
  const messages = mapAll(request.messages, (message, index) => {
    const text = (one: string): string => visit(one, { role: message.role, message: index });
    return mapMessage(message, { text, json: (json) => mapStrings(json, text), unscannable: () => {} });
  });
  return messages === request.messages ? request : { ...request, messages };
}

/** JSON stays JSON. What a model wrote that is none is one text. */
function mapStrings(json: string, visit: (text: string) => string): string {
  let value: Json;
  try {
    value = JSON.parse(json) as Json; // by what JSON.parse gives
  } catch {
    return visit(json);
  }
  const mapped = mapJson(value, visit);
  return mapped === value ? json : JSON.stringify(mapped);
}

function mapJson(value: Json, visit: (text: string) => string): Json {
  if (typeof value === 'string') return visit(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return mapAll(value, (item) => mapJson(item, visit));
  const members = Object.entries(value);
  const changed = mapAll(members, (member) => {
    const inner = mapJson(member[1], visit);
    return inner === member[1] ? member : ([member[0], inner] satisfies [string, Json]);
  });
  return changed === members ? value : Object.fromEntries(changed); // defines members, `__proto__` too
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
