import type { ReplyOf } from '../core/reply.js';
import { transform, type Rewrite } from '../core/transform.js';
import type { ChatRequest, ChatResponse } from '../types/chat.js';
import type { Message } from '../types/message.js';
import type { Target } from '../types/report.js';
import type { ChatDelta } from '../types/stream.js';

export interface Continuation {
  /** Asks for the rest of a cut answer. */
  readonly request: ChatRequest;
  /** The rest, without what it repeats of the part that was given already. */
  joined(reply: ReplyOf<'chat'>): ReplyOf<'chat'>;
}

/** How much of its own beginning a continuation is compared with, in characters. */
const OVERLAP = 200;
/** A shorter repetition may be chance: a space, an article. */
const MIN_OVERLAP = 8;

const INSTRUCTION =
  'Your last message was cut off. Continue it from exactly the point where it stopped: begin with the very next character, repeat nothing, and add no introduction.';

/** How to go on from `partial` at `target`. Undefined when that cannot be done without guessing: a tool call has begun, or there is no text. */
export function continuation(request: ChatRequest, partial: ChatResponse, target: Target): Continuation | undefined {
  if (partial.text === '' || partial.content.some((part) => part.type !== 'text' && part.type !== 'reasoning')) return undefined;
  // Prefill must not end in white space: Anthropic refuses it.
  const said: Message = { role: 'assistant', content: takesPrefill(target) ? partial.text.trimEnd() : partial.text };
  const messages: Message[] = takesPrefill(target) ? [...request.messages, said] : [...request.messages, said, { role: 'user', content: INSTRUCTION }];
  return { request: { ...request, messages }, joined: (reply) => transform(reply, withoutOverlap(partial.text)) };
}

/**
 * Models that go on from an assistant message at the end: Anthropic's up to 4.5
 * (https://docs.anthropic.com/en/docs/build-with-claude/prompt-engineering/prefill-claudes-response). Others answer it as a
 * message of its own, or refuse it.
 */
function takesPrefill({ model }: Target): boolean {
  return /claude-(?:[23]|instant|(?:opus|sonnet|haiku)-4(?:-[0-5])?(?:-\d{8})?$|(?:opus|sonnet)-4-\d{8})/.test(model);
}

/** Holds the first characters back until it is clear how many of them the reader has had. */
function withoutOverlap(before: string): Rewrite {
  const tail = before.slice(-OVERLAP);
  let held = '';
  let clear = false;
  const rest = (): ChatDelta[] => {
    if (held === '') return []; // nothing was said yet: it may still repeat
    clear = true;
    const text = held.slice(overlap(tail, held));
    return text === '' ? [] : [{ type: 'text-delta', text }];
  };
  return {
    delta(delta) {
      if (clear) return [delta];
      if (delta.type !== 'text-delta') return [...rest(), delta];
      held += delta.text;
      // More text can only matter while all of it repeats what came before.
      return held.length < OVERLAP && tail.includes(held.trimStart()) ? [] : rest();
    },
    flush: () => (clear ? [] : rest()),
  };
}

/** Length of the longest beginning of `text` that is an end of `tail`. */
function overlap(tail: string, text: string): number {
  for (let length = Math.min(tail.length, text.length); length >= MIN_OVERLAP; length--) if (tail.endsWith(text.slice(0, length))) return length;
  return 0;
}
