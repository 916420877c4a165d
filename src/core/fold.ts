import { ProviderError } from '../errors.js';
import { parseToolInput } from '../message/tool-input.js';
import type { AssistantPart, ReasoningPart, RefusalPart, TextPart } from '../types/message.js';
import type { ChatDelta } from '../types/stream.js';

type Written = 'text' | 'reasoning' | 'refusal';
type Closing = Extract<ChatDelta, { readonly type: 'part-end' }>;
interface OpenCall {
  readonly at: number;
  readonly id: string;
  readonly name: string;
  json: string;
}

/** Puts deltas together into the parts they stream. The one place that decides what a sequence of deltas means. */
export class Fold {
  /** Closed parts; a tool call that is still open holds its place. */
  readonly #parts: (AssistantPart | OpenCall)[] = [];
  #kind: Written | undefined;
  #text = '';
  #calls: Map<string, OpenCall> | undefined;

  push(delta: ChatDelta): void {
    switch (delta.type) {
      case 'text-delta':
        if (this.#kind !== 'text') this.#open('text');
        this.#text += delta.text;
        return;
      case 'reasoning-delta':
        if (this.#kind !== 'reasoning') this.#open('reasoning');
        this.#text += delta.text;
        return;
      case 'refusal-delta':
        if (this.#kind !== 'refusal') this.#open('refusal');
        this.#text += delta.text;
        return;
      case 'part-end':
        this.#close(delta);
        return;
      case 'tool-call-start':
        this.#close();
        this.#startCall(delta.id, delta.name);
        return;
      case 'tool-call-delta':
        this.#call(delta.id).json += delta.json;
        return;
      case 'tool-call-end': {
        const call = this.#call(delta.id);
        this.#calls?.delete(delta.id);
        this.#parts[call.at] = closedCall(call, delta.providerData);
        return;
      }
      case 'part':
        this.#close();
        this.#parts.push(delta.part);
        return;
      case 'start':
        return;
      default:
        delta satisfies never;
        // Adapters may be plain JavaScript.
        throw new ProviderError('invalid_response', 'the adapter gave an event of a type that does not exist', { certainty: 'started' });
    }
  }

  /** The parts so far. What is still open is given as far as it has come; the fold goes on undisturbed. */
  content(): readonly AssistantPart[] {
    const parts = this.#parts.map((part) => ('type' in part ? part : closedCall(part, undefined)));
    const open = this.#kind === undefined ? undefined : written(this.#kind, this.#text, undefined);
    if (open !== undefined) parts.push(open);
    return parts;
  }

  #open(kind: Written): void {
    this.#close();
    this.#kind = kind;
  }

  #close(end?: Closing): void {
    if (this.#kind === undefined) return;
    const part = written(this.#kind, this.#text, end);
    if (part !== undefined) this.#parts.push(part);
    this.#kind = undefined;
    this.#text = '';
  }

  #startCall(id: string, name: string): void {
    const call: OpenCall = { at: this.#parts.length, id, name, json: '' };
    this.#parts.push(call);
    (this.#calls ??= new Map()).set(id, call);
  }

  #call(id: string): OpenCall {
    const call = this.#calls?.get(id);
    if (call === undefined) throw new ProviderError('invalid_response', 'the adapter went on with a tool call that it had not started', { certainty: 'started' });
    return call;
  }
}

/** A part that is empty and brings nothing else is no part. */
function written(kind: Written, text: string, end: Closing | undefined): TextPart | ReasoningPart | RefusalPart | undefined {
  const data = end?.providerData;
  const citations = end?.citations;
  if (text === '' && data === undefined && citations === undefined && end?.redacted !== true) return undefined;
  const provided = data === undefined ? undefined : { providerData: data };
  switch (kind) {
    case 'text':
      return { type: 'text', text, ...(citations !== undefined && { citations }), ...provided };
    case 'reasoning':
      return { type: 'reasoning', text, ...(end?.redacted !== undefined && { redacted: end.redacted }), ...provided };
    case 'refusal':
      return { type: 'refusal', text, ...provided };
    default:
      return kind satisfies never;
  }
}

function closedCall(call: OpenCall, providerData: Closing['providerData']): AssistantPart {
  return { type: 'tool-call', id: call.id, name: call.name, ...parseToolInput(call.json), ...(providerData !== undefined && { providerData }) };
}
