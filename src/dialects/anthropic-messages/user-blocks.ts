import type { JsonObject } from '../../types/json.js';
import type { TextPart, UserPart } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import { toMediaBlock } from './media.js';
import { dataOf, isObject } from './wire.js';

/** What a user, a tool or the system says, as blocks. */
export function toUserBlocks(parts: readonly UserPart[], path: string, context: RequestContext): readonly JsonObject[] {
  const blocks: JsonObject[] = [];
  parts.forEach((part, index) => {
    const block = toUserBlock(part, `${path}.content[${index}]`, context);
    if (block !== undefined) blocks.push(block);
  });
  return blocks;
}

function toUserBlock(part: UserPart, path: string, context: RequestContext): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return toTextBlock(part, context);
    case 'image':
    case 'file':
      return toMediaBlock(part, path, context);
    case 'audio':
      context.warn({ kind: 'dropped', setting: path, detail: `${context.provider} cannot hear audio` });
      return undefined;
    default:
      return part satisfies never;
  }
}

/** `block` of `providerData` is a block of a kind that parts have no word for (`search_result`, `container_upload` …): it goes back whole, and the text is for everyone else. */
export function toTextBlock(part: TextPart, context: RequestContext): JsonObject | undefined {
  const data = dataOf(part, context);
  const block = data?.['block'];
  // A JSON object by its type: `providerData` holds JSON.
  if (isObject(block)) return block as JsonObject;
  return part.text.trim() === '' ? undefined : { ...data, type: 'text', text: part.text };
}
