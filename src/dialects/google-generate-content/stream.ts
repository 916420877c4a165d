import type { AdapterEvent } from '../../types/adapter.js';
import type { JsonObject } from '../../types/json.js';
import type { Scope, StreamDecoder } from '../dialect.js';
import { malformed, parseEvent } from '../failure.js';
import { newUsage } from '../new-usage.js';
import { addChunk, createAnswer, isComplete, providerDataOf, refuseMalformedCall } from './answer.js';
import { citationsOf } from './citations.js';
import { chunkError } from './error.js';
import { toFinishReason } from './finish-reason.js';
import { createCallIds, opaqueCall, providerData, readPart, type TextPiece } from './part.js';
import { createArgumentWriter, type ArgumentWriter } from './partial-arguments.js';
import { isEmpty, isObject } from './wire.js';

interface OpenText {
  readonly kind: TextPiece['kind'];
  text: string;
  extra: JsonObject;
}

interface OpenCall {
  readonly id: string;
  readonly writer: ArgumentWriter;
  extra: JsonObject;
}

/** A chunk is an answer with a piece of its content. Usage and grounding may follow the finish reason, so `end` closes everything. */
export function createDecoder(scope: Scope): StreamDecoder {
  const answer = createAnswer();
  const callId = createCallIds();
  let started = false;
  let hasContent = false;
  let hasToolCalls = false;
  let text: OpenText | undefined;
  let call: OpenCall | undefined;

  function closeText(events: AdapterEvent[], isLast = false): void {
    if (text === undefined) return;
    const citations = text.kind === 'text' ? citationsOf(answer.candidate, text.text, isLast) : [];
    events.push({ type: 'part-end', ...providerData(text.extra, scope.vendor), ...(citations.length > 0 && { citations }) });
    text = undefined;
  }

  function closeCall(events: AdapterEvent[]): void {
    if (call === undefined) return;
    writeArguments(events, call.id, call.writer.end());
    events.push({ type: 'tool-call-end', id: call.id, ...providerData(call.extra, scope.vendor) });
    call = undefined;
  }

  function addText(events: AdapterEvent[], { kind, text: piece, extra }: TextPiece): void {
    closeCall(events);
    // What is signed stays as it was signed: text after a signature is another part.
    if (text !== undefined && (text.kind !== kind || !isEmpty(text.extra))) closeText(events);
    if (text === undefined) text = { kind, text: piece, extra };
    else {
      text.text += piece;
      text.extra = extra;
      if (piece === '') return; // only a signature
    }
    events.push({ type: kind === 'text' ? 'text-delta' : 'reasoning-delta', text: piece });
  }

  function addCall(events: AdapterEvent[], wire: JsonObject, extra: JsonObject): void {
    const { name, id, args, partialArgs, willContinue } = wire;
    if (typeof name === 'string') {
      closeText(events);
      closeCall(events);
      hasToolCalls = true;
      call = { id: callId(id, answer.id), writer: createArgumentWriter(), extra };
      events.push({ type: 'tool-call-start', id: call.id, name });
      if (args !== undefined && args !== null && partialArgs === undefined) {
        writeArguments(events, call.id, JSON.stringify(args));
        closeCall(events);
        return;
      }
    } else if (call === undefined) {
      const part = opaqueCall(wire, extra, scope.vendor);
      if (part !== undefined) addWhole(events, { type: 'part', part });
      return;
    } else call.extra = { ...call.extra, ...extra };
    const written = call.writer.write(partialArgs);
    if (written === undefined) throw malformed(scope.provider, 'function arguments whose paths contradict each other');
    writeArguments(events, call.id, written);
    if (willContinue !== true) closeCall(events);
  }

  function addWhole(events: AdapterEvent[], event: AdapterEvent): void {
    closeText(events);
    closeCall(events);
    events.push(event);
  }

  function addPart(events: AdapterEvent[], wire: JsonObject): void {
    const part = readPart(wire, scope.vendor);
    if (part === undefined) return;
    hasContent = true;
    switch (part.kind) {
      case 'text':
      case 'reasoning':
        return addText(events, part);
      case 'call':
        return addCall(events, part.call, part.extra);
      case 'whole':
        return addWhole(events, { type: 'part', part: part.part });
      default:
        return part satisfies never;
    }
  }

  function addWireChunk(events: AdapterEvent[], chunk: unknown): void {
    const error = chunkError(scope.provider, chunk);
    if (error !== undefined) throw error;
    if (!isObject(chunk)) throw malformed(scope.provider, 'a stream event that is not a JSON object');
    const before = answer.usage;
    const parts = addChunk(answer, chunk);
    if (!started) events.push({ type: 'start', id: answer.id, model: answer.model });
    started = true;
    // Once it is complete its finish has the last word.
    const usage = isComplete(answer) ? undefined : newUsage(answer.usage, before);
    if (usage !== undefined) events.push(usage);
    for (const part of parts) addPart(events, part);
    refuseMalformedCall(answer, hasContent, scope.provider);
  }

  return {
    push(event) {
      const events: AdapterEvent[] = [];
      const data = parseEvent(scope.provider, event.data);
      // Without server-sent events the whole stream is one list of chunks.
      for (const chunk of Array.isArray(data) ? data : [data]) addWireChunk(events, chunk);
      return events;
    },
    end() {
      if (!isComplete(answer)) return [];
      const events: AdapterEvent[] = [];
      closeText(events, true);
      closeCall(events);
      events.push({
        type: 'finish',
        finishReason: answer.isBlocked ? 'content-filter' : toFinishReason(answer.finishReason, hasToolCalls),
        ...(answer.usage !== undefined && { usage: answer.usage }),
        ...(answer.serviceTier !== undefined && { serviceTier: answer.serviceTier }),
        providerData: providerDataOf(answer, scope.vendor),
      });
      return events;
    },
  };
}

function writeArguments(events: AdapterEvent[], id: string, json: string): void {
  if (json !== '') events.push({ type: 'tool-call-delta', id, json });
}
