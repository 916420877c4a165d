import { unfold } from '../../message/content.js';
import type { AdapterEvent } from '../../types/adapter.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { AssistantPart, ReasoningPart, RefusalPart, TextPart } from '../../types/message.js';
import { argumentsOf, slotsOf, typeOf } from './items.js';
import { nameOf, objectsOf } from './wire.js';

type PassagePart = TextPart | ReasoningPart | RefusalPart;
export type Passage = PassagePart['type'];

interface OpenPassage {
  readonly kind: Passage;
  readonly key: string;
  text: string;
}

interface OpenCall {
  readonly id: string;
  readonly custom: boolean;
  sent: string;
}

/**
 * One output item on its way. Deltas go out as they come; `finish` compares with the whole item and adds what no delta
 * brought, so that servers that leave deltas or closing events out give the same parts as the unary form.
 */
export class ItemStream {
  readonly type: string;
  /** Made, but not handed on yet: an item may have to wait for the one before it. */
  events: AdapterEvent[] = [];
  done = false;
  /** Its own `….completed` event was seen. The item itself may still follow. */
  reported = false;
  called = false;
  refused = false;
  readonly #item: JsonObject;
  readonly #vendor: string;
  /** What closing events said of a content part, by key. */
  readonly #noted = new Map<string, JsonObject>();
  readonly #closed = new Set<string>();
  #open: OpenPassage | undefined;
  #call: OpenCall | undefined;

  constructor(item: JsonObject, vendor: string) {
    this.#item = item;
    this.#vendor = vendor;
    this.type = typeOf(item);
    this.#startCall();
  }

  get id(): string | undefined {
    return nameOf(this.#item['id']);
  }

  /** Whether it goes out in one piece, when it is done. */
  get opaque(): boolean {
    return this.type !== 'message' && this.type !== 'reasoning' && this.#call === undefined;
  }

  write(kind: Passage, key: string, text: string): void {
    if (this.done || text === '' || this.#closed.has(key)) return;
    const open = this.#open?.key === key ? this.#open : this.#start(kind, key);
    open.text += text;
    this.events.push({ type: `${kind}-delta` as const, text });
  }

  /** The whole text of a passage is known: gives what no delta brought. A text that contradicts the deltas changes nothing, they have been read. */
  settle(kind: Passage, key: string, text: string): void {
    const sent = this.#open?.key === key ? this.#open.text : '';
    if (text.startsWith(sent)) this.write(kind, key, text.slice(sent.length));
  }

  /** The content part as its closing event gives it, with annotations and logprobs. */
  note(key: string, content: JsonObject): void {
    this.#noted.set(key, { ...this.#noted.get(key), ...content });
  }

  annotate(key: string, annotation: Json): void {
    const noted = this.#noted.get(key) ?? {};
    this.#noted.set(key, { ...noted, annotations: [...objectsOf(noted['annotations']), annotation] });
  }

  writeArguments(text: string): void {
    if (this.done || text === '' || this.#call === undefined) return;
    this.#call.sent += text;
    // Free text goes out as a JSON string, piece by piece.
    this.#argument(this.#call.custom ? JSON.stringify(text).slice(1, -1) : text);
  }

  settleArguments(text: string): void {
    const sent = this.#call?.sent ?? '';
    if (text.startsWith(sent)) this.writeArguments(text.slice(sent.length));
  }

  /** `item`: the whole of it, where the server gave it. */
  finish(item?: JsonObject): void {
    if (this.done) return;
    if (this.#call !== undefined) this.#endCall(item ?? this.#item);
    else if (item !== undefined || (this.#open === undefined && this.#closed.size === 0)) this.#settleParts(item ?? this.#item);
    this.#close();
    this.done = true;
  }

  #settleParts(item: JsonObject): void {
    for (const { key, part } of slotsOf(item, this.#vendor)) {
      if (this.#closed.has(key)) continue;
      if (isPassage(part)) {
        this.settle(part.type, key, part.text);
        if (this.#open?.key !== key) {
          // It has no text, only what its end brings.
          this.#start(part.type, key);
          this.events.push({ type: `${part.type}-delta` as const, text: '' });
        }
        this.#end(part);
        continue;
      }
      this.#close();
      this.called ||= part.type === 'tool-call';
      this.events.push(...unfold([part]));
    }
  }

  #start(kind: Passage, key: string): OpenPassage {
    this.#close();
    this.refused ||= kind === 'refusal';
    return (this.#open = { kind, key, text: '' });
  }

  /** Closes the open passage before the whole item is known, with what is known of it. */
  #close(): void {
    if (this.#open === undefined) return;
    const { kind, key, text } = this.#open;
    const known: JsonObject =
      kind === 'reasoning'
        ? { type: 'reasoning', id: this.#item['id'] ?? null, [key.startsWith('content') ? 'content' : 'summary']: [{ text }] }
        : { ...this.#item, type: 'message', content: [{ ...this.#noted.get(key), ...(kind === 'text' ? { type: 'output_text', text } : { type: 'refusal', refusal: text }) }] };
    const part = slotsOf(known, this.#vendor)[0]?.part;
    this.#end(part !== undefined && isPassage(part) ? part : { type: kind, text });
  }

  #end(part: PassagePart): void {
    const { type: _type, text: _text, ...end } = part;
    this.events.push({ type: 'part-end', ...end });
    if (this.#open !== undefined) this.#closed.add(this.#open.key);
    this.#open = undefined;
  }

  #startCall(): void {
    if (this.type !== 'function_call' && this.type !== 'custom_tool_call') return;
    const id = nameOf(this.#item['call_id']);
    const name = nameOf(this.#item['name']);
    // Without both the call goes out whole, when the finished item has them.
    if (id === undefined || name === undefined) return;
    this.called = true;
    this.#call = { id, custom: this.type === 'custom_tool_call', sent: '' };
    this.events.push({ type: 'tool-call-start', id, name });
    if (this.#call.custom) this.#argument('"');
  }

  #endCall(item: JsonObject): void {
    if (this.#call === undefined) return;
    this.settleArguments(argumentsOf(item));
    if (this.#call.custom) this.#argument('"');
    const { providerData } = slotsOf(item, this.#vendor)[0]?.part ?? {};
    this.events.push({ type: 'tool-call-end', id: this.#call.id, ...(providerData && { providerData }) });
  }

  #argument(json: string): void {
    if (this.#call !== undefined) this.events.push({ type: 'tool-call-delta', id: this.#call.id, json });
  }
}

function isPassage(part: AssistantPart): part is PassagePart {
  return part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal';
}
