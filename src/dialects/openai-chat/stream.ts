import type { AdapterEvent } from '../../types/adapter.js';
import type { Json } from '../../types/json.js';
import type { Scope, StreamDecoder, WireEvent } from '../dialect.js';
import { malformed, parseEvent } from '../failure.js';
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
export function fromStream({ provider, vendor }: Scope): StreamDecoder {
  const extras = createExtras();
  let toolCalls: ToolCallStream | undefined;
  let otherChoices: OtherChoices | undefined;
  let audio: AudioStream | undefined;
  let id = '';
  let started = false;
  let finished = false;
  let finishReason: string | undefined;
  let serviceTier: string | undefined;
  let usage: unknown;
  let open: Streamed | undefined;
  let hadText = false;
  let hadRefusal = false;
  let details: Detail[] = [];
  let annotations: unknown[] | undefined;
  let sources: WireObject = {};
  let members: WireObject | undefined;
  let logprobs: Record<string, Json[]> | undefined;

  /** Closes reasoning that has details to carry; every other part is closed by what follows it. */
  function closeReasoning(events: AdapterEvent[]): void {
    if (open !== 'reasoning') return;
    open = undefined;
    if (details.length === 0) return;
    events.push({ type: 'part-end', providerData: detailData(details, vendor) });
    details = [];
  }

  function pushText(kind: Streamed, text: string, events: AdapterEvent[]): void {
    if (text === '') return;
    if (open !== kind) {
      closeReasoning(events);
      open = kind;
      if (kind === 'text') hadText = true;
      else if (kind === 'refusal') hadRefusal = true;
    }
    events.push(kind === 'text' ? { type: 'text-delta', text } : kind === 'reasoning' ? { type: 'reasoning-delta', text } : { type: 'refusal-delta', text });
  }

  function pushWhole(event: AdapterEvent, events: AdapterEvent[]): void {
    closeReasoning(events);
    open = undefined;
    events.push(event);
  }

  function readDelta(delta: WireObject, events: AdapterEvent[]): void {
    const reasoning = delta['reasoning_content'] || delta['reasoning'];
    const readable = Array.isArray(delta['reasoning_details']) && readDetails(delta['reasoning_details'], events);
    if (typeof reasoning === 'string' && !readable) pushText('reasoning', reasoning, events);

    const content = delta['content'];
    if (typeof content === 'string') pushText('text', content, events);
    else if (Array.isArray(content)) readList(content, events);
    if (typeof delta['refusal'] === 'string') pushText('refusal', delta['refusal'], events);

    const calls = delta['tool_calls'];
    if (Array.isArray(calls) && calls.length > 0) {
      closeReasoning(events);
      open = undefined;
      toolCalls ??= createToolCallStream(vendor);
      for (const call of calls) if (isObject(call)) toolCalls.push(call, id, events);
    }
    if (isObject(delta['function_call'])) {
      const before = events.length;
      closeReasoning(events);
      toolCalls ??= createToolCallStream(vendor);
      toolCalls.pushLegacy(delta['function_call'], id, events);
      if (events.length > before) open = undefined;
    }
    if (isObject(delta['audio'])) (audio ??= createAudioStream()).push(delta['audio']);
    if (Array.isArray(delta['annotations'])) (annotations ??= []).push(...listOf(delta['annotations']));
    for (const image of listOf(delta['images'])) {
      const part = readImage(image);
      if (part !== undefined) pushWhole({ type: 'part', part }, events);
    }
    for (const key in delta) {
      if (MESSAGE.has(key)) continue;
      extras.ofMessage(delta);
      break;
    }
    if (isObject(delta['extra_content'])) members = delta;
  }

  /** True when they held text: the same text is beside them then, under another name. */
  function readDetails(items: readonly unknown[], events: AdapterEvent[]): boolean {
    let readable = false;
    for (const detail of items) {
      if (!isObject(detail)) continue;
      if (beginsPart(details, detail)) closeReasoning(events);
      const text = detailText(detail);
      pushText('reasoning', text, events);
      readable ||= text !== '';
      addDetail(details, detail);
    }
    return readable;
  }

  function readList(items: readonly unknown[], events: AdapterEvent[]): void {
    for (const item of items) {
      const read = readContentItem(item, vendor);
      if (read === undefined) continue;
      if (read.type === 'part') pushWhole(read, events);
      else pushText(read.type, read.text, events);
    }
  }

  function readChoice(choice: WireObject, events: AdapterEvent[]): void {
    const index = choice['index'];
    if (typeof index === 'number' && index !== 0) {
      (otherChoices ??= createOtherChoices()).push(index, choice);
      return;
    }
    const delta = choice['delta'];
    if (isObject(delta)) readDelta(delta, events);
    if (isObject(choice['logprobs'])) addLogprobs(choice['logprobs']);
    const reason = textOr(choice['finish_reason']);
    if (isFailure(reason)) throw errorInStream(provider, choice['error'] ?? { code: reason });
    if (reason !== undefined) {
      finishReason = reason;
      extras.ofChoice(choice);
    }
    if (isObject(choice['usage'])) usage = choice['usage']; // Moonshot
  }

  function addLogprobs(wire: WireObject): void {
    for (const key in wire) {
      const entries = wire[key];
      if (!Array.isArray(entries) || key === '__proto__') continue;
      const list = ((logprobs ??= {})[key] ??= []);
      for (const entry of entries) list.push(asJson(entry));
    }
  }

  function readChunk(chunk: WireObject, events: AdapterEvent[]): void {
    const choices = listOf(chunk['choices']);
    const first = !started;
    if (first && (choices.length > 0 || textOr(chunk['id']) !== undefined)) {
      started = true;
      id = textOr(chunk['id']) ?? '';
      events.push({ type: 'start', id, model: textOr(chunk['model']) ?? '' });
    }
    const before = finishReason;
    for (const choice of choices) if (isObject(choice)) readChoice(choice, events);
    if (isObject(chunk['usage'])) usage = chunk['usage'];
    else if (isObject(chunk['x_groq']) && isObject(chunk['x_groq']['usage'])) usage = chunk['x_groq']['usage'];
    serviceTier = textOr(chunk['service_tier']) ?? serviceTier;
    if (Array.isArray(chunk['citations'])) sources = chunk;
    // Members without a field of their own come with the first and the last chunks; looking at every chunk would cost more than reading it.
    if (first || choices.length === 0 || finishReason !== before) extras.ofAnswer(chunk);
  }

  function finish(): readonly AdapterEvent[] {
    finished = true;
    const events: AdapterEvent[] = [];
    if (!started) events.push({ type: 'start', id, model: '' });
    if (details.length > 0 && open !== 'reasoning') {
      // Encrypted reasoning, or a signature that came after the text it belongs to.
      events.push({ type: 'reasoning-delta', text: '' }, { type: 'part-end', redacted: true, providerData: detailData(details, vendor) });
      open = undefined;
    }
    closeReasoning(events);
    const textEnd = readAnnotations(annotations, sources, vendor);
    if (textEnd !== undefined && open === 'text') events.push({ type: 'part-end', ...textEnd });
    else if (annotations !== undefined && annotations.length > 0) extras.add('annotations', annotations.map(asJson));
    const hadToolCalls = toolCalls?.seen === true;
    toolCalls?.finish(events);
    const spoken = audio && readAudio(audio.whole(), vendor);
    if (spoken !== undefined) events.push({ type: 'part', part: spoken });
    const back = members && readMessageMembers(members, vendor);
    if (back !== undefined) events.push({ type: 'part', part: back });

    const counted = toUsage(usage);
    extras.ofUsage(usage);
    if (logprobs !== undefined) extras.add('logprobs', logprobs);
    if (otherChoices?.seen === true) extras.add('choices', otherChoices.whole());
    const providerData = extras.data(vendor);
    events.push({
      type: 'finish',
      finishReason: toFinishReason(finishReason, { text: hadText, refusal: hadRefusal, toolCalls: hadToolCalls }),
      ...(counted !== undefined && { usage: counted }),
      ...(serviceTier !== undefined && { serviceTier }),
      ...(providerData !== undefined && { providerData }),
    });
    return events;
  }

  return {
    push({ event, data }: WireEvent) {
      if (finished || data === '') return NO_EVENTS;
      if (data.startsWith('[DONE]')) return finish();
      const chunk = parseEvent(provider, data);
      if (!isObject(chunk)) throw malformed(provider, 'a stream event that is not a JSON object');
      if (event === 'error' || carriesError(chunk)) throw errorInStream(provider, chunk);
      const events: AdapterEvent[] = [];
      readChunk(chunk, events);
      return events;
    },
    end: () => (finished || finishReason === undefined ? NO_EVENTS : finish()),
  };
}
