import type { ChatDelta, ChatRequest, ChatResponse } from 'headgate';
import { Fold } from '../../src/core/fold.js';
import { unfold } from '../../src/message/content.js';
import { createRedaction, type Redaction } from '../../src/redaction/redaction.js';
import { compileSettings, type CompiledSettings, type RedactSettings } from '../../src/redaction/settings.js';

export type Content = ChatResponse['content'];

const prepared = new WeakMap<RedactSettings, CompiledSettings>();

/** The redaction of one call that asked `question`. */
export function redactionOf(settings: RedactSettings, question: string | ChatRequest): { readonly redaction: Redaction; readonly sent: ChatRequest } {
  const compiled = prepared.get(settings) ?? compileSettings(settings, true);
  prepared.set(settings, compiled);
  const redaction = createRedaction(compiled, 'a secret for the tests');
  const request: ChatRequest = typeof question === 'string' ? { model: 'x/m', messages: [{ role: 'user', content: question }] } : question;
  return { redaction, sent: redaction.chat(request) };
}

/** What the caller gets of an answer that came in these deltas; `seen` is told after each how much has come out. */
export function answered(redaction: Redaction, deltas: readonly ChatDelta[], seen?: (out: readonly ChatDelta[]) => void, wantsJson = false): Content {
  const passes = [redaction.leaks(wantsJson), redaction.restore(wantsJson)].filter((pass) => pass !== undefined);
  const fold = new Fold();
  const out: ChatDelta[] = [];
  const put = (from: number, given: readonly ChatDelta[]): void => {
    const pass = passes[from];
    for (const delta of given) {
      if (pass !== undefined) {
        put(from + 1, pass.delta(delta));
        continue;
      }
      out.push(delta);
      fold.push(delta);
    }
  };
  for (const delta of deltas) {
    put(0, [delta]);
    seen?.(out);
  }
  passes.forEach((pass, at) => put(at + 1, pass.flush()));
  seen?.(out);
  return fold.content();
}

export function wholeAnswer(content: Content): readonly ChatDelta[] {
  return unfold(content);
}

/** Text cut at these places. */
export function cutAt(text: string, places: readonly number[]): readonly string[] {
  return [...places, text.length].map((place, at, all) => text.slice(at === 0 ? 0 : all[at - 1], place));
}

export const textOf = (content: Content): string => content.map((part) => ('text' in part ? part.text : '')).join('');
