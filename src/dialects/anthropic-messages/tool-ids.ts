import type { Message } from '../../types/message.js';

/** The id a call goes by on the wire. The same one for a call and its result. */
export type ToolIds = (id: string) => string;

const VALID = /^[a-zA-Z0-9_-]+$/;

/** Ids that other providers made may hold what this API refuses (`call.1`, `functions.search:0`): such letters become `_`, and two ids never become one. */
export function toolIdsOf(messages: readonly Message[]): ToolIds {
  const renamed = new Map<string, string>();
  let taken: Set<string> | undefined;
  return (id) => {
    if (VALID.test(id)) return id;
    const known = renamed.get(id);
    if (known !== undefined) return known;
    taken ??= validIds(messages);
    const base = id.replace(/[^a-zA-Z0-9_-]/gu, '_') || 'call';
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    renamed.set(id, name);
    return name;
  };
}

function validIds(messages: readonly Message[]): Set<string> {
  const ids = new Set<string>();
  for (const message of messages) {
    if (message.role === 'tool') ids.add(message.toolCallId);
    else if (message.role === 'assistant' && typeof message.content !== 'string') {
      for (const part of message.content) if (part.type === 'tool-call') ids.add(part.id);
    }
  }
  return ids;
}
