import { Fold } from '../core/fold.js';
import type { Rewrite } from '../core/transform.js';
import { textOf, toolCallsOf, unfold } from '../message/content.js';
import { parseToolInput, toolInputText } from '../message/tool-input.js';
import type { ChatRequest } from '../types/chat.js';
import type { AssistantPart } from '../types/message.js';
import type { ChatDelta } from '../types/stream.js';
import type { Judge } from './judge.js';
import { applySpans, spansOf } from './rewriting.js';
import type { Finding, GuardRule, GuardSubject } from './rule.js';

type Part = NonNullable<GuardSubject['part']>;

/** Everything is held back until it is whole: then each part is judged, and comes as it came, or as it was rewritten. */
export function holdAll(rules: readonly GuardRule[], judge: Judge, request: ChatRequest): Rewrite {
  const held: ChatDelta[] = [];
  const fold = new Fold();
  return {
    delta(delta) {
      held.push(delta);
      fold.push(delta);
      return NONE;
    },
    async flush() {
      const content = fold.content();
      const rewritten = await judgeAll(content, rules, judge, request);
      return rewritten.every((part, at) => part === content[at]) ? held : unfold(rewritten);
    },
  };
}

/** Nothing is held back: a block ends the answer where its end would have been. */
export function judgeAtEnd(rules: readonly GuardRule[], judge: Judge, request: ChatRequest): Rewrite {
  const fold = new Fold();
  return {
    delta(delta) {
      fold.push(delta);
      return [delta];
    },
    async flush() {
      await judgeAll(fold.content(), rules, judge, request);
      return NONE;
    },
  };
}

/** The last `characters` of a text are held back, so that what is no longer than that is found before any of it was read; the input of a tool until it is whole. */
export function holdWindow(characters: number, rules: readonly GuardRule[], judge: Judge, request: ChatRequest): Rewrite {
  let type: TextDelta['type'] | undefined;
  let text = '';
  /** From the start of a tool call until none is open. */
  let behind: ChatDelta[] | undefined;
  const calls = new Map<string, { readonly name: string; json: string }>();

  /** Judges what is held, and lets go of all but the last `keep` characters. */
  async function release(keep: number): Promise<readonly ChatDelta[]> {
    if (type === undefined || text === '') return NONE;
    const findings = await judge.judge(rules, { texts: [text], part: PART_OF[type], tools: [], request });
    const spans = spansOf(text, findings, 0);
    let cut = Math.max(0, text.length - keep);
    for (const span of spans) if (span.start < cut && span.end > cut) cut = span.end;
    // Never through the middle of a character: each half would be none.
    if (isHighSurrogate(text.charCodeAt(cut - 1)) && cut < text.length) cut--;
    const out = applySpans(text, spans, cut);
    text = text.slice(cut);
    return out === '' ? NONE : [{ type, text: out }];
  }

  async function close(): Promise<readonly ChatDelta[]> {
    const out = await release(0);
    type = undefined;
    return out;
  }

  async function endCall(id: string): Promise<void> {
    const call = calls.get(id);
    calls.delete(id);
    if (call === undefined) return;
    const texts = [call.json];
    const findings = await judge.judge(rules, { texts, part: 'tool-arguments', tools: [call.name], request });
    const spans = spansOf(call.json, findings, 0);
    if (spans.length === 0 || behind === undefined) return;
    const json = applySpans(call.json, spans);
    const first = behind.findIndex((delta) => delta.type === 'tool-call-start' && delta.id === id);
    behind = behind.filter((delta) => !(delta.type === 'tool-call-delta' && delta.id === id));
    behind.splice(first + 1, 0, { type: 'tool-call-delta', id, json });
  }

  async function take(delta: ChatDelta): Promise<readonly ChatDelta[]> {
    switch (delta.type) {
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta': {
        const before = type !== undefined && type !== delta.type ? await close() : NONE;
        type = delta.type;
        text += delta.text;
        return text.length < 2 * characters ? before : [...before, ...(await release(characters))];
      }
      case 'tool-call-start': {
        const before = await close();
        calls.set(delta.id, { name: delta.name, json: '' });
        behind = [delta];
        return before;
      }
      default:
        return [...(await close()), delta];
    }
  }

  async function takeBehind(waiting: ChatDelta[], delta: ChatDelta): Promise<readonly ChatDelta[]> {
    waiting.push(delta);
    if (delta.type === 'tool-call-start') calls.set(delta.id, { name: delta.name, json: '' });
    if (delta.type !== 'tool-call-end') return NONE;
    await endCall(delta.id);
    return calls.size > 0 ? NONE : letGo();
  }

  async function letGo(): Promise<readonly ChatDelta[]> {
    const waiting = behind ?? [];
    behind = undefined;
    const out: ChatDelta[] = [];
    // Text that came between two calls has not been judged yet.
    for (const delta of waiting) out.push(...(delta.type.startsWith('tool-call') ? [delta] : await take(delta)));
    return out;
  }

  return {
    delta(delta) {
      if (behind !== undefined) {
        const call = delta.type === 'tool-call-delta' ? calls.get(delta.id) : undefined;
        if (call !== undefined && delta.type === 'tool-call-delta') call.json += delta.json;
        return takeBehind(behind, delta);
      }
      if (isText(delta) && delta.type === type && text.length + delta.text.length < 2 * characters) {
        text += delta.text; // the common case: nothing to judge yet, nothing to wait for
        return NONE;
      }
      return take(delta);
    },
    async flush() {
      for (const id of calls.keys()) await endCall(id);
      const out = behind === undefined ? [] : [...(await letGo())];
      return [...out, ...(await close())];
    },
  };
}

async function judgeAll(content: readonly AssistantPart[], rules: readonly GuardRule[], judge: Judge, request: ChatRequest): Promise<readonly AssistantPart[]> {
  const whole = { answer: textOf(content), tools: toolCallsOf(content).map(({ name }) => name), request };
  // An answer that says nothing is an answer too: a rule may want something in it.
  if (content.length === 0) await judge.judge(rules, { ...whole, texts: [''], part: 'text' });
  return Promise.all(content.map((part) => judgePart(part, rules, judge, whole)));
}

async function judgePart(part: AssistantPart, rules: readonly GuardRule[], judge: Judge, whole: Pick<GuardSubject, 'answer' | 'tools' | 'request'>): Promise<AssistantPart> {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal': {
      const text = rewrittenBy(part.text, await judge.judge(rules, { ...whole, texts: [part.text], part: part.type }));
      return text === part.text ? part : { ...part, text };
    }
    case 'tool-call': {
      const json = toolInputText(part);
      const changed = rewrittenBy(json, await judge.judge(rules, { ...whole, texts: [json], part: 'tool-arguments', tools: [part.name] }));
      if (changed === json) return part;
      const { invalidInput: _was, ...rest } = part;
      return { ...rest, ...parseToolInput(changed) };
    }
    default:
      return part;
  }
}

function rewrittenBy(text: string, findings: readonly Finding[]): string {
  return findings.length === 0 ? text : applySpans(text, spansOf(text, findings, 0));
}

type TextDelta = Extract<ChatDelta, { readonly text: string }>;

const PART_OF: Readonly<Record<TextDelta['type'], Part>> = { 'text-delta': 'text', 'reasoning-delta': 'reasoning', 'refusal-delta': 'refusal' };
const NONE: readonly ChatDelta[] = [];

function isText(delta: ChatDelta): delta is TextDelta {
  return delta.type === 'text-delta' || delta.type === 'reasoning-delta' || delta.type === 'refusal-delta';
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
