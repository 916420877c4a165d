import type { ChatRequest, Warning } from '../types/chat.js';
import type { Message } from '../types/message.js';

/**
 * Text cut in the middle of an emoji holds half a character (a lone surrogate), which is no valid Unicode and which
 * providers refuse. Such halves are replaced by U+FFFD, with a warning each message; a request without them is returned as it is.
 */
export function wellFormed(request: ChatRequest, warn: (warning: Warning) => void): ChatRequest {
  if (request.messages.every(isClean)) return request;
  const messages = request.messages.map((message, at) => {
    if (isClean(message)) return message;
    warn({ kind: 'approximated', setting: `messages[${at}].content`, detail: 'half a character (a lone surrogate) was replaced by U+FFFD' });
    return repaired(message);
  });
  return { ...request, messages };
}

function isClean({ content }: Message): boolean {
  if (typeof content === 'string') return content.isWellFormed();
  for (const part of content) if ('text' in part && !part.text.isWellFormed()) return false;
  return true;
}

function repaired(message: Message): Message {
  const { content } = message;
  if (typeof content === 'string') return { ...message, content: content.toWellFormed() };
  const parts = content.map((part) => ('text' in part ? { ...part, text: part.text.toWellFormed() } : part));
  return { ...message, content: parts } as Message; // the same parts with other text
}
