import type { Json, JsonObject } from '../../types/json.js';
import type { Message, SystemMessage, TextPart, ToolMessage, UserMessage, UserPart } from '../../types/message.js';
import { dataFor } from '../options.js';
import { assistantMessage } from './assistant-message.js';
import { wireCallId } from './tool-call-id.js';
import { textContent, userContent, type Outgoing } from './user-parts.js';
import { isJsonObject } from './wire.js';

/**
 * The messages as the server wants them: the results of a turn's tool calls directly behind it, in whatever order they were
 * given, and what of a result is not text in a user message behind all of them.
 */
export function toMessages(messages: readonly Message[], out: Outgoing): JsonObject[] {
  const wire: JsonObject[] = [];
  /** Where the next tool result belongs. */
  let afterResults = 0;
  let media: UserPart[] = [];
  const flushMedia = (): void => {
    const content = media.length > 0 ? userContent(media, out) : undefined;
    if (content !== undefined) wire.splice(afterResults, 0, { role: 'user', content });
    media = [];
  };
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        wire.push(systemMessage(message, out));
        break;
      case 'user': {
        const converted = userMessage(message, out);
        if (converted !== undefined) wire.push(converted);
        break;
      }
      case 'assistant':
        flushMedia();
        wire.push(assistantMessage(message, out));
        afterResults = wire.length;
        break;
      case 'tool': {
        const result = toolMessage(message, out);
        wire.splice(afterResults === 0 ? wire.length : afterResults, 0, result.wire);
        afterResults = afterResults === 0 ? wire.length : afterResults + 1;
        media.push(...result.media);
        break;
      }
      default:
        message satisfies never;
    }
  }
  flushMedia();
  return wire;
}

function systemMessage({ content }: SystemMessage, out: Outgoing): JsonObject {
  return { ...messageMembers(content, out), role: out.quirks.systemRole, content: textOrParts(content, out) };
}

function userMessage({ content }: UserMessage, out: Outgoing): JsonObject | undefined {
  const converted = typeof content === 'string' ? content : userContent(content, out);
  return converted === undefined ? undefined : { ...messageMembers(content, out), role: 'user', content: converted };
}

function toolMessage({ toolCallId, content, isError }: ToolMessage, out: Outgoing): { readonly wire: JsonObject; readonly media: readonly UserPart[] } {
  const parts: readonly UserPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const texts: TextPart[] = parts.filter((part) => part.type === 'text');
  const media = parts.filter((part) => part.type !== 'text');
  if (isError === true) {
    out.context.warn({ kind: 'approximated', setting: 'isError', detail: 'the protocol has no field for failed tool results; the text says it' });
    const [first, ...rest] = texts;
    texts.splice(0, texts.length, { ...first, type: 'text', text: `Error: ${first?.text ?? ''}` }, ...rest);
  }
  if (media.length > 0) {
    out.context.warn({ kind: 'approximated', setting: 'tool result', detail: 'tool results take only text; images and files went into a user message behind the results' });
    if (texts.length === 0) texts.push({ type: 'text', text: 'The result is in the next user message.' });
  }
  return {
    wire: { ...messageMembers(content, out), role: 'tool', tool_call_id: wireCallId(toolCallId, out.quirks.toolCallIds), content: textOrParts(texts, out) },
    media,
  };
}

function textOrParts(content: string | readonly TextPart[], out: Outgoing): Json {
  return typeof content === 'string' ? content : content.length === 0 ? '' : textContent(content, out);
}

/** Members of a message that have no field here (`name`) ride on its first part. */
function messageMembers(content: string | readonly UserPart[], out: Outgoing): JsonObject | undefined {
  const first = typeof content === 'string' ? undefined : content[0];
  const members = dataFor(first?.providerData, out.names)?.['message'];
  return isJsonObject(members) ? members : undefined;
}
