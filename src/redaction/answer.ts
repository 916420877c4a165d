import type { AssistantPart } from '../types/message.js';
import type { ChatDelta } from '../types/stream.js';
import { mapCitations } from './request.js';
import { jsonText } from './json-text.js';
import { rewriteText, type TextStream } from './text-stream.js';

/** Rewrites the deltas of an answer, as `transform` of the core wants it. */
export interface AnswerRewrite {
  delta(delta: ChatDelta): readonly ChatDelta[];
  flush(): readonly ChatDelta[];
}

type Written = Extract<ChatDelta, { readonly type: 'text-delta' | 'reasoning-delta' | 'refusal-delta' }>;

/**
 * Sends every text of an answer through a stream that `make` gives: each part through one of its own, so nothing is held back
 * past the end of its part. Arguments of tools are JSON, and so is the text when JSON was asked for.
 */
export function rewriteAnswer(make: () => TextStream, wantsJson: boolean): AnswerRewrite {
  let open: { readonly type: Written['type']; readonly stream: TextStream } | undefined;
  const calls = new Map<string, TextStream>();

  function close(): readonly ChatDelta[] {
    if (open === undefined) return [];
    const { type, stream } = open;
    open = undefined;
    const text = stream.end();
    return text === '' ? [] : [{ type, text }];
  }

  function writes(type: Written['type'], text: string): readonly ChatDelta[] {
    const before = open?.type === type ? [] : close();
    open ??= { type, stream: type === 'text-delta' && wantsJson ? jsonText(make) : make() };
    const piece = open.stream.push(text);
    return piece === '' ? before : [...before, { type, text: piece }];
  }

  function endCall(id: string): readonly ChatDelta[] {
    const json = calls.get(id)?.end() ?? '';
    calls.delete(id);
    return json === '' ? [] : [{ type: 'tool-call-delta', id, json }];
  }

  const whole = (text: string): string => rewriteText(make(), text);

  return {
    delta(delta) {
      switch (delta.type) {
        case 'text-delta':
        case 'reasoning-delta':
        case 'refusal-delta':
          return writes(delta.type, delta.text);
        case 'part-end':
          return [...close(), delta.citations === undefined ? delta : { ...delta, citations: mapCitations(delta.citations, whole) }];
        case 'tool-call-start':
          calls.set(delta.id, jsonText(make));
          return [...close(), delta];
        case 'tool-call-delta': {
          const json = calls.get(delta.id)?.push(delta.json) ?? delta.json;
          return json === '' ? [] : [{ ...delta, json }];
        }
        case 'tool-call-end':
          return [...endCall(delta.id), delta];
        case 'part':
          return [...close(), { ...delta, part: rewritePart(delta.part, whole) }];
        case 'start':
          return [delta];
        default:
          delta satisfies never;
          return [delta];
      }
    },
    flush() {
      return [...close(), ...[...calls.keys()].flatMap(endCall)];
    },
  };
}

/** The same for a whole part: one that came before anything could be restored as it streamed. */
function rewritePart(part: AssistantPart, text: (text: string) => string): AssistantPart {
  if (part.type === 'audio' && part.transcript !== undefined) return { ...part, transcript: text(part.transcript) };
  return part;
}

