import { unfold } from '../../message/content.js';
import { toolInputText } from '../../message/tool-input.js';
import type { AdapterEvent } from '../../types/adapter.js';
import type { Json, ProviderData } from '../../types/json.js';
import type { AssistantPart } from '../../types/message.js';
import type { Scope, StreamDecoder, WireEvent } from '../dialect.js';
import { malformed, parseEvent, streamError } from '../failure.js';
import { errorInside } from './error.js';
import { partOf, partsOf } from './parts.js';
import { endOf } from './response.js';
import { replaceUsage, usageOf } from './usage.js';
import { isObject, listOf, objectOf, textOf, type Wire } from './wire.js';

interface OpenBlock {
  /** As it started, with everything but its streamed text put into it as that arrives. */
  block: Wire;
  readonly index: number;
  readonly callId: string | undefined;
  /** The streamed arguments of a tool. */
  json: string;
  written: boolean;
}

const NOTHING: readonly AdapterEvent[] = [];

/** Complete with `message_stop`, and with nothing else: a body that ends before it was cut. */
export function fromStream(scope: Scope): StreamDecoder {
  const open = new Map<number, OpenBlock>();
  let message: Wire = {};
  let started = false;
  let counted = false;
  let finished = false;

  function start(wire: Wire): readonly AdapterEvent[] {
    const { content, ...rest } = objectOf(wire['message']);
    // A proxy that lost its upstream may begin anew in the same body. What was given out cannot be taken back.
    if (started && rest['id'] !== message['id']) throw malformed(scope.provider, 'a second message in one stream');
    message = { ...message, ...rest, usage: replaceUsage(objectOf(message['usage']), rest['usage']) };
    if (started) return NOTHING;
    started = true;
    // A turn that goes on after a server tool called one of ours arrives with its first blocks in place. The next one is another block.
    const inPlace = partsOf(content, scope.vendor).flatMap((part) => closed(unfold([part])));
    return [{ type: 'start', id: textOf(rest['id']) ?? '', model: textOf(rest['model']) ?? '' }, ...saidSoFar(), ...inPlace];
  }

  function startBlock(wire: Wire): readonly AdapterEvent[] {
    const block = objectOf(wire['content_block']);
    const index = wire['index'];
    if (typeof index !== 'number') return NOTHING;
    const events = stopBlock(index);
    const part = block['type'] === 'tool_use' ? partOf(block, index, scope.vendor) : undefined;
    const call = part?.type === 'tool-call' ? part : undefined;
    const opened: OpenBlock = { block, index, callId: call?.id, json: '', written: false };
    open.set(index, opened);
    if (call !== undefined) events.push({ type: 'tool-call-start', id: call.id, name: call.name });
    else if (block['type'] === 'text') events.push(...write(opened, 'text-delta', block['text']));
    else if (block['type'] === 'thinking') events.push(...write(opened, 'reasoning-delta', block['thinking']));
    return events;
  }

  function change(wire: Wire): readonly AdapterEvent[] {
    const opened = typeof wire['index'] === 'number' ? open.get(wire['index']) : undefined;
    const delta = wire['delta'];
    if (opened === undefined || !isObject(delta)) return NOTHING;
    switch (delta['type']) {
      case 'text_delta':
        return write(opened, 'text-delta', delta['text']);
      case 'thinking_delta':
        return write(opened, 'reasoning-delta', delta['thinking']);
      case 'input_json_delta': {
        const json = textOf(delta['partial_json']) ?? '';
        opened.json += json;
        return opened.callId === undefined || json === '' ? NOTHING : [{ type: 'tool-call-delta', id: opened.callId, json }];
      }
      case 'signature_delta':
        opened.block = { ...opened.block, signature: delta['signature'] };
        return NOTHING;
      case 'citations_delta':
        opened.block = { ...opened.block, citations: [...listOf(opened.block['citations']), delta['citation']] };
        return NOTHING;
      case 'compaction_delta':
        opened.block = { ...opened.block, ...appended(opened.block, delta) };
        return NOTHING;
      default:
        return NOTHING;
    }
  }

  function stopBlock(index: number): AdapterEvent[] {
    const opened = open.get(index);
    if (opened === undefined) return [];
    open.delete(index);
    const part = partOf(finishedBlock(opened), index, scope.vendor);
    if (part === undefined) return [];
    const { callId } = opened;
    if (callId !== undefined) return [...lateInput(opened, callId, part), { type: 'tool-call-end', id: callId, ...carriedBy(part) }];
    return opened.written ? [{ type: 'part-end', ...carriedBy(part), ...(part.type === 'text' && part.citations && { citations: part.citations }) }] : unfold([part]);
  }

  function stopBlocks(): AdapterEvent[] {
    return [...open.keys()].flatMap(stopBlock);
  }

  function changeMessage(wire: Wire): readonly AdapterEvent[] {
    const { type: _type, delta, usage, ...rest } = wire;
    counted ||= isObject(usage);
    message = { ...message, ...rest, ...objectOf(delta), usage: replaceUsage(objectOf(message['usage']), usage) };
    return saidSoFar();
  }

  /** For a stream that is cut. Of the output there is no more than a placeholder until its end. */
  function saidSoFar(): readonly AdapterEvent[] {
    const usage = usageOf(message['usage']);
    return usage === undefined ? NOTHING : [{ type: 'usage', usage }];
  }

  function stop(): readonly AdapterEvent[] {
    finished = true;
    const events: AdapterEvent[] = stopBlocks();
    const { usage, ...end } = endOf(message, scope);
    // The `output_tokens` of `message_start` is a placeholder, so without a later count there is none.
    events.push({ type: 'finish', ...end, ...(counted && usage !== undefined && { usage }) });
    return events;
  }

  return {
    push(event: WireEvent): readonly AdapterEvent[] {
      if (finished || event.data === '' || event.data === '[DONE]') return NOTHING;
      const wire = parseEvent(scope.provider, event.data);
      if (!isObject(wire)) throw malformed(scope.provider, 'a stream event that is not an object');
      switch (wire['type'] ?? event.event) {
        case 'content_block_delta':
          return change(wire);
        case 'content_block_start':
          return startBlock(wire);
        case 'content_block_stop':
          return typeof wire['index'] === 'number' ? stopBlock(wire['index']) : NOTHING;
        case 'message_start':
          return start(wire);
        case 'message_delta':
          return changeMessage(wire);
        case 'message_stop':
          return stop();
        default: {
          const error = errorInside(wire, scope.provider) ?? (event.event === 'error' ? streamError('server_error', scope.provider, {}) : undefined);
          if (error !== undefined) throw error;
          return NOTHING; // `ping`, and whatever is invented next
        }
      }
    },
    end: () => NOTHING,
  };
}

/** A text that brings nothing else is unfolded without an end, and would go on in the next one. */
function closed(events: readonly AdapterEvent[]): readonly AdapterEvent[] {
  const last = events.at(-1)?.type;
  return last === 'text-delta' || last === 'reasoning-delta' ? [...events, { type: 'part-end' }] : events;
}

function write(opened: OpenBlock, type: 'text-delta' | 'reasoning-delta', text: unknown): readonly AdapterEvent[] {
  if (typeof text !== 'string' || text === '') return NOTHING;
  opened.written = true;
  return [{ type, text }];
}

/** The block with its streamed arguments in place. A client tool's are read by whoever folds the deltas. */
function finishedBlock({ block, json, callId, written }: OpenBlock): Wire {
  if (json !== '' && callId === undefined) return { ...block, input: inputOf(json) };
  // The text itself went out as deltas; the mark keeps `partOf` from taking the block for an empty one.
  if (written && block['type'] === 'text') return { ...block, text: ' ' };
  return written ? { ...block, thinking: ' ' } : block;
}

/** What does not parse stays text. */
function inputOf(json: string): Json {
  try {
    return JSON.parse(json) as Json;
  } catch {
    return json;
  }
}

/** Arguments that came with the start of the block and were never streamed. */
function lateInput({ json, block }: OpenBlock, id: string, part: AssistantPart): AdapterEvent[] {
  if (json !== '' || part.type !== 'tool-call' || !isObject(block['input']) || Object.keys(block['input']).length === 0) return [];
  return [{ type: 'tool-call-delta', id, json: toolInputText(part) }];
}

function carriedBy({ providerData }: AssistantPart): { readonly providerData?: ProviderData } {
  return providerData === undefined ? {} : { providerData };
}

/** Every text of the delta, put behind what the block has under that name. */
function appended(block: Wire, delta: Wire): Wire {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(delta)) {
    if (key !== 'type' && typeof value === 'string') fields[key] = `${textOf(block[key]) ?? ''}${value}`;
  }
  return fields;
}
