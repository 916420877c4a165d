import type { Json } from '../types/json.js';
import type { ToolCallPart } from '../types/message.js';

type Input = Pick<ToolCallPart, 'input' | 'invalidInput'>;

// Only text that may spell one of the keys is walked. `\u005f` is how JSON may hide an underscore, so any escape counts.
const SUSPICIOUS = /__proto__|constructor|\\u00/;

/**
 * Tool arguments as a model wrote them. Never throws and loses nothing: what is not JSON, and JSON whose keys would
 * reach a prototype when a handler copies it (`__proto__`, `constructor.prototype`), is kept as text in `invalidInput`.
 */
export function parseToolInput(text: string): Input {
  if (text.trim() === '') return { input: {} }; // a call without arguments streams no JSON at all
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return { input: null, invalidInput: text };
  }
  return SUSPICIOUS.test(text) && reachesPrototype(value) ? { input: null, invalidInput: text } : { input: value };
}

/** The same for arguments that a provider sends as an object already. */
export function safeToolInput(value: Json | undefined): Input {
  if (value === undefined || value === null) return { input: {} };
  return reachesPrototype(value) ? { input: null, invalidInput: JSON.stringify(value) } : { input: value };
}

/** The text form of a call's arguments, as it goes back to a provider: what came in unreadable goes back unchanged. */
export function toolInputText(part: Input): string {
  return part.invalidInput ?? JSON.stringify(part.input ?? {});
}

function reachesPrototype(value: Json): boolean {
  // A list instead of recursion: arguments nested 100,000 deep must not overflow the stack.
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (Array.isArray(next)) {
      for (const item of next as readonly Json[]) open.push(item);
      continue;
    }
    for (const [key, inner] of Object.entries(next)) {
      if (key === '__proto__') return true;
      if (key === 'constructor' && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype')) return true;
      open.push(inner);
    }
  }
  return false;
}
