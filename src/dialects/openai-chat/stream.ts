import type { AdapterEvent } from '../../types/adapter.js';
import type { Json } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';
import type { Scope, StreamDecoder, WireEvent } from '../dialect.js';
import { malformed, parseEvent } from '../failure.js';
import { newUsage } from '../new-usage.js';
import { readAnnotations, readAudio, readContentItem, readImage, readMessageMembers } from './answer-parts.js';
import { createAudioStream, type AudioStream } from './audio-stream.js';
import { carriesError, errorInStream } from './error.js';
import { isFailure, toFinishReason } from './finish-reason.js';
import { createOtherChoices, type OtherChoices } from './other-choices.js';
import { createExtras, MESSAGE } from './provider-data.js';
import { addDetail, beginsPart, detailData, detailText, type Detail } from './reasoning-details.js';
import { createToolCallStream, type ToolCallStream } from './tool-call-stream.js';
import { toUsage } from './usage.js';
import { asJson, isObject, listOf, textOr, type WireObject } from './wire.js';

type Streamed = 'text' | 'reasoning' | 'refusal';

const NO_EVENTS: readonly AdapterEvent[] = Object.freeze([]);

/**
 * Decodes a stream. It is complete once a finish reason or `[DONE]` came: Ollama ends good streams with the one, other servers
 * with the other alone. The finish waits for `[DONE]` or the end of the body, because usage follows the finish reason.
 */
export function fromStream(scope: Scope): StreamDecoder {
  return new Decoder(scope);
}

/** A class, because every open stream keeps one: with closures it is a kilobyte larger. */
class Decoder implements StreamDecoder {
  readonly #provider: string;
  readonly #vendor: string;
  readonly #extras = createExtras();
  #toolCalls: ToolCallStream | undefined;
  #otherChoices: OtherChoices | undefined;
  #audio: AudioStream | undefined;
  #id = '';
  #started = false;
  #finished = false;
  #finishReason: string | undefined;
  #serviceTier: string | undefined;
  #usage: unknown;
  /** As it was told on the way. */
  #said: Usage | undefined;
  #open: Streamed | undefined;
  #hadText = false;
  #hadRefusal = false;
  #details: Detail[] = [];
  #annotations: unknown[] | undefined;
  #sources: WireObject = {};
  #members: WireObject | undefined;
  #logprobs: Record<string, Json[]> | undefined;

  constructor({ provider, vendor }: Scope) {
    this.#provider = provider;
    this.#vendor = vendor;
  }

  push({ event, data }: WireEvent): readonly AdapterEvent[] {
    if (this.#finished || data === '') return NO_EVENTS;
    if (data.startsWith('[DONE]')) return this.#finish();
    const chunk = parseEvent(this.#provider, data);
    if (!isObject(chunk)) throw malformed(this.#provider, 'a stream event that is not a JSON object');
    if (event === 'error' || carriesError(chunk)) throw errorInStream(this.#provider, chunk);
    const events: AdapterEvent[] = [];
    this.#readChunk(chunk, events);
    return events;
  }

  end(): readonly AdapterEvent[] {
    return this.#finished || this.#finishReason === undefined ? NO_EVENTS : this.#finish();
  }

  /** Closes reasoning that has details to carry; every other part is closed by what follows it. */
  #closeReasoning(events: AdapterEvent[]): void {
    if (this.#open !== 'reasoning') return;
    this.#open = undefined;
    if (this.#details.length === 0) return;
    events.push({ type: 'part-end', providerData: detailData(this.#details, this.#vendor) });
    this.#details = [];
  }

  #pushText(kind: Streamed, text: string, events: AdapterEvent[]): void {
    if (text === '') return;
    if (this.#open !== kind) {
      this.#closeReasoning(events);
      this.#open = kind;
      if (kind === 'text') this.#hadText = true;
      else if (kind === 'refusal') this.#hadRefusal = true;
    }
    events.push(kind === 'text' ? { type: 'text-delta', text } : kind === 'reasoning' ? { type: 'reasoning-delta', text } : { type: 'refusal-delta', text });
  }

  #pushWhole(event: AdapterEvent, events: AdapterEvent[]): void {
    this.#closeReasoning(events);
    this.#open = undefined;
    events.push(event);
  }

  #readDelta(delta: WireObject, events: AdapterEvent[]): void {
    const reasoning = delta['reasoning_content'] || delta['reasoning'];
    const readable = Array.isArray(delta['reasoning_details']) && this.#readDetails(delta['reasoning_details'], events);
    if (typeof reasoning === 'string' && !readable) this.#pushText('reasoning', reasoning, events);

    const content = delta['content'];
    if (typeof content === 'string') this.#pushText('text', content, events);
    else if (Array.isArray(content)) this.#readList(content, events);
    if (typeof delta['refusal'] === 'string') this.#pushText('refusal', delta['refusal'], events);

    const calls = delta['tool_calls'];
    if (Array.isArray(calls) && calls.length > 0) {
      this.#closeReasoning(events);
      this.#open = undefined;
      this.#toolCalls ??= createToolCallStream(this.#vendor);
      for (const call of calls) if (isObject(call)) this.#toolCalls.push(call, this.#id, events);
    }
    if (isObject(delta['function_call'])) {
      const before = events.length;
      this.#closeReasoning(events);
      this.#toolCalls ??= createToolCallStream(this.#vendor);
      this.#toolCalls.pushLegacy(delta['function_call'], this.#id, events);
      if (events.length > before) this.#open = undefined;
    }
    if (isObject(delta['audio'])) (this.#audio ??= createAudioStream()).push(delta['audio']);
    if (Array.isArray(delta['annotations'])) (this.#annotations ??= []).push(...listOf(delta['annotations']));
    for (const image of listOf(delta['images'])) {
      const part = readImage(image);
      if (part !== undefined) this.#pushWhole({ type: 'part', part }, events);
    }
    for (const key in delta) {
      if (MESSAGE.has(key)) continue;
      this.#extras.ofMessage(delta);
      break;
    }
    if (isObject(delta['extra_content'])) this.#members = delta;
  }

  /** True when they held text: the same text is beside them then, under another name. */
  #readDetails(items: readonly unknown[], events: AdapterEvent[]): boolean {
    let readable = false;
    for (const detail of items) {
      if (!isObject(detail)) continue;
      if (beginsPart(this.#details, detail)) this.#closeReasoning(events);
      const text = detailText(detail);
      this.#pushText('reasoning', text, events);
      readable ||= text !== '';
      addDetail(this.#details, detail);
    }
    return readable;
  }

  #readList(items: readonly unknown[], events: AdapterEvent[]): void {
    for (const item of items) {
      const read = readContentItem(item, this.#vendor);
      if (read === undefined) continue;
      if (read.type === 'part') this.#pushWhole(read, events);
      else this.#pushText(read.type, read.text, events);
    }
  }

  #readChoice(choice: WireObject, events: AdapterEvent[]): void {
    const index = choice['index'];
    if (typeof index === 'number' && index !== 0) {
      (this.#otherChoices ??= createOtherChoices()).push(index, choice);
      return;
    }
    const delta = choice['delta'];
    if (isObject(delta)) this.#readDelta(delta, events);
    if (isObject(choice['logprobs'])) this.#addLogprobs(choice['logprobs']);
    const reason = textOr(choice['finish_reason']);
    if (isFailure(reason)) throw errorInStream(this.#provider, choice['error'] ?? { code: reason });
    if (reason !== undefined) {
      this.#finishReason = reason;
      this.#extras.ofChoice(choice);
    }
    if (isObject(choice['usage'])) this.#usage = choice['usage']; // Moonshot
  }

  #addLogprobs(wire: WireObject): void {
    for (const key in wire) {
      const entries = wire[key];
      if (!Array.isArray(entries) || key === '__proto__') continue;
      const list = ((this.#logprobs ??= {})[key] ??= []);
      for (const entry of entries) list.push(asJson(entry));
    }
  }

  #readChunk(chunk: WireObject, events: AdapterEvent[]): void {
    const choices = listOf(chunk['choices']);
    const first = !this.#started;
    if (first && (choices.length > 0 || textOr(chunk['id']) !== undefined)) {
      this.#started = true;
      this.#id = textOr(chunk['id']) ?? '';
      events.push({ type: 'start', id: this.#id, model: textOr(chunk['model']) ?? '' });
    }
    const before = this.#finishReason;
    for (const choice of choices) if (isObject(choice)) this.#readChoice(choice, events);
    if (isObject(chunk['usage'])) this.#usage = chunk['usage'];
    else if (isObject(chunk['x_groq']) && isObject(chunk['x_groq']['usage'])) this.#usage = chunk['x_groq']['usage'];
    if (this.#finishReason === undefined && isObject(chunk['usage'])) this.#say(events);
    this.#serviceTier = textOr(chunk['service_tier']) ?? this.#serviceTier;
    if (Array.isArray(chunk['citations'])) this.#sources = chunk;
    // Members without a field of their own come with the first and the last chunks; looking at every chunk would cost more than reading it.
    if (first || choices.length === 0 || this.#finishReason !== before) this.#extras.ofAnswer(chunk);
  }

  /** Some servers count in every chunk (vLLM's `continuous_usage_stats`, xAI): it prices a stream that is cut. */
  #say(events: AdapterEvent[]): void {
    const said = newUsage(toUsage(this.#usage), this.#said);
    if (said === undefined) return;
    this.#said = said.usage;
    events.push(said);
  }

  #finish(): readonly AdapterEvent[] {
    this.#finished = true;
    const events: AdapterEvent[] = [];
    if (!this.#started) events.push({ type: 'start', id: this.#id, model: '' });
    if (this.#details.length > 0 && this.#open !== 'reasoning') {
      // Encrypted reasoning, or a signature that came after the text it belongs to.
      events.push({ type: 'reasoning-delta', text: '' }, { type: 'part-end', redacted: true, providerData: detailData(this.#details, this.#vendor) });
      this.#open = undefined;
    }
    this.#closeReasoning(events);
    const textEnd = readAnnotations(this.#annotations, this.#sources, this.#vendor);
    if (textEnd !== undefined && this.#open === 'text') events.push({ type: 'part-end', ...textEnd });
    else if (this.#annotations !== undefined && this.#annotations.length > 0) this.#extras.add('annotations', this.#annotations.map(asJson));
    const hadToolCalls = this.#toolCalls?.seen === true;
    this.#toolCalls?.finish(events);
    const spoken = this.#audio && readAudio(this.#audio.whole(), this.#vendor);
    if (spoken !== undefined) events.push({ type: 'part', part: spoken });
    const back = this.#members && readMessageMembers(this.#members, this.#vendor);
    if (back !== undefined) events.push({ type: 'part', part: back });

    const counted = toUsage(this.#usage);
    this.#extras.ofUsage(this.#usage);
    if (this.#logprobs !== undefined) this.#extras.add('logprobs', this.#logprobs);
    if (this.#otherChoices?.seen === true) this.#extras.add('choices', this.#otherChoices.whole());
    const providerData = this.#extras.data(this.#vendor);
    events.push({
      type: 'finish',
      finishReason: toFinishReason(this.#finishReason, { text: this.#hadText, refusal: this.#hadRefusal, toolCalls: hadToolCalls }),
      ...(counted !== undefined && { usage: counted }),
      ...(this.#serviceTier !== undefined && { serviceTier: this.#serviceTier }),
      ...(providerData !== undefined && { providerData }),
    });
    return events;
  }
}
