import type { AdapterEvent } from '../../types/adapter.js';
import type { JsonObject } from '../../types/json.js';
import type { Scope, StreamDecoder, WireEvent } from '../dialect.js';
import { parseEvent } from '../failure.js';
import { errorInStream } from './error.js';
import { ItemStream } from './item-stream.js';
import { typeOf } from './items.js';
import { closingOf, hasError } from './response.js';
import { countOf, nameOf, objectOf, objectsOf, textOf } from './wire.js';

/**
 * Decodes a stream. Complete only with `response.completed` or `response.incomplete`; `response.failed` and `error` throw.
 * Items that overlap are given one after another, in the order in which they began, because only deltas of tool calls say
 * where they belong. What is unknown is ignored.
 */
export function fromStream(scope: Scope): StreamDecoder {
  const stream = new ResponseStream(scope);
  return { push: (event) => stream.push(event), end: () => [] };
}

class ResponseStream {
  readonly #scope: Scope;
  readonly #items: ItemStream[] = [];
  readonly #byIndex = new Map<number, ItemStream>();
  /** Those not handed on yet, in order. */
  readonly #waiting: ItemStream[] = [];
  #started = false;
  #finished = false;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  push({ event, data }: WireEvent): readonly AdapterEvent[] {
    if (this.#finished || data === '[DONE]' || data === '' || (event !== undefined && SKIPPED.has(event))) return NOTHING;
    const wire = objectOf(parseEvent(this.#scope.provider, data));
    if (wire === undefined) return NOTHING;
    const type = nameOf(wire['type']) ?? event ?? (hasError(wire) ? 'error' : '');
    if (type === 'response.created') return this.#start(objectOf(wire['response']));
    if (type === 'response.completed' || type === 'response.incomplete') return this.#finish(objectOf(wire['response']) ?? {}, type);
    this.#take(type, wire);
    return this.#drain();
  }

  #take(type: string, wire: JsonObject): void {
    switch (type) {
      case 'response.output_item.added':
        this.#begin(indexOf(wire), objectOf(wire['item']) ?? {});
        return;
      case 'response.output_item.done': {
        const item = objectOf(wire['item']);
        if (item !== undefined) (this.#find(wire) ?? this.#begin(indexOf(wire), item)).finish(item);
        return;
      }
      case 'response.output_text.delta':
        this.#of(wire, 'message').write('text', contentKey(wire), textOf(wire['delta']) ?? '');
        return;
      case 'response.output_text.done':
        this.#of(wire, 'message').settle('text', contentKey(wire), textOf(wire['text']) ?? '');
        return;
      case 'response.output_text.annotation.added':
        this.#of(wire, 'message').annotate(contentKey(wire), objectOf(wire['annotation']) ?? {});
        return;
      case 'response.refusal.delta':
        this.#of(wire, 'message').write('refusal', contentKey(wire), textOf(wire['delta']) ?? '');
        return;
      case 'response.refusal.done':
        this.#of(wire, 'message').settle('refusal', contentKey(wire), textOf(wire['refusal']) ?? '');
        return;
      case 'response.content_part.done':
        this.#settleContent(wire, objectOf(wire['part']) ?? {});
        return;
      case 'response.reasoning_summary_text.delta':
        this.#of(wire, 'reasoning').write('reasoning', summaryKey(wire), textOf(wire['delta']) ?? '');
        return;
      case 'response.reasoning_summary_text.done':
        this.#of(wire, 'reasoning').settle('reasoning', summaryKey(wire), textOf(wire['text']) ?? '');
        return;
      case 'response.reasoning_summary_part.done':
        this.#of(wire, 'reasoning').settle('reasoning', summaryKey(wire), textOf(objectOf(wire['part'])?.['text']) ?? '');
        return;
      case 'response.reasoning_text.delta':
        this.#of(wire, 'reasoning').write('reasoning', contentKey(wire), textOf(wire['delta']) ?? '');
        return;
      case 'response.reasoning_text.done':
        this.#of(wire, 'reasoning').settle('reasoning', contentKey(wire), textOf(wire['text']) ?? '');
        return;
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        this.#find(wire)?.writeArguments(textOf(wire['delta']) ?? '');
        return;
      case 'response.function_call_arguments.done':
        this.#find(wire)?.settleArguments(textOf(wire['arguments']) ?? '');
        return;
      case 'response.custom_tool_call_input.done':
        this.#find(wire)?.settleArguments(textOf(wire['input']) ?? '');
        return;
      case 'response.failed':
        throw errorInStream(this.#scope.provider, objectOf(wire['response'])?.['error']);
      case 'error':
        throw errorInStream(this.#scope.provider, wire);
      default: {
        const item = type.endsWith('.completed') ? this.#find(wire) : undefined;
        if (item !== undefined) item.reported = true;
      }
    }
  }

  #settleContent(wire: JsonObject, part: JsonObject): void {
    const key = contentKey(wire);
    switch (part['type']) {
      case 'output_text':
        this.#of(wire, 'message').settle('text', key, textOf(part['text']) ?? '');
        this.#of(wire, 'message').note(key, part);
        return;
      case 'refusal':
        this.#of(wire, 'message').settle('refusal', key, textOf(part['refusal']) ?? '');
        return;
      case 'reasoning_text':
        this.#of(wire, 'reasoning').settle('reasoning', key, textOf(part['text']) ?? '');
    }
  }

  #start(response: JsonObject | undefined): readonly AdapterEvent[] {
    if (this.#started) return NOTHING;
    this.#started = true;
    return [{ type: 'start', id: nameOf(response?.['id']) ?? '', model: nameOf(response?.['model']) ?? '' }];
  }

  #finish(response: JsonObject, type: 'response.completed' | 'response.incomplete'): readonly AdapterEvent[] {
    if (response['status'] === 'failed' || hasError(response)) throw errorInStream(this.#scope.provider, response['error']);
    const matched = new Set<ItemStream>();
    for (const [index, item] of objectsOf(response['output']).entries()) {
      const stream = this.#matching(item, index, matched) ?? this.#begin(undefined, item);
      matched.add(stream);
      stream.finish(item);
    }
    for (const stream of this.#items) stream.finish();
    const outcome = { called: this.#items.some((stream) => stream.called), refused: this.#items.some((stream) => stream.refused) };
    const status = type === 'response.completed' ? 'completed' : 'incomplete';
    const events = [...this.#start(response), ...this.#drain(), { type: 'finish' as const, ...closingOf(response, status, outcome, this.#scope.vendor) }];
    this.#finished = true;
    return events;
  }

  /** The item of the stream that the final response repeats. Ids first; but some servers leave them empty, or give an item another id in every event. */
  #matching(item: JsonObject, index: number, matched: ReadonlySet<ItemStream>): ItemStream | undefined {
    const id = nameOf(item['id']);
    const type = typeOf(item);
    const free = this.#items.filter((stream) => !matched.has(stream) && stream.type === type);
    const atIndex = this.#byIndex.get(index);
    return (
      (id === undefined ? undefined : free.find((stream) => stream.id === id)) ??
      (atIndex !== undefined && free.includes(atIndex) ? atIndex : undefined) ??
      free.find((stream) => stream.id === undefined)
    );
  }

  /** The item an event belongs to, begun here when the server did not announce it. */
  #of(wire: JsonObject, type: 'message' | 'reasoning'): ItemStream {
    return this.#find(wire) ?? this.#begin(indexOf(wire), { type });
  }

  #find(wire: JsonObject): ItemStream | undefined {
    return this.#byIndex.get(indexOf(wire));
  }

  #begin(index: number | undefined, item: JsonObject): ItemStream {
    const stream = new ItemStream(item, this.#scope.vendor);
    this.#items.push(stream);
    this.#waiting.push(stream);
    if (index !== undefined) {
      // A server that uses an index twice means another item: the first is over.
      this.#byIndex.get(index)?.finish();
      this.#byIndex.set(index, stream);
    }
    return stream;
  }

  /** What may go out now: everything of the first item that is not done, and of all before it. */
  #drain(): readonly AdapterEvent[] {
    let ready: AdapterEvent[] | undefined;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (first.events.length > 0) {
        if (ready === undefined) ready = first.events;
        else ready.push(...first.events);
        first.events = [];
      }
      if (!first.done) {
        // OpenAI leaves out the end of some server-side items (mcp_list_tools). They must not hold up what follows: they
        // go out last, as the final response has them.
        const stuck = first.opaque && first.reported && this.#waiting.some((later) => later.events.length > 0);
        if (!stuck) break;
        this.#waiting.push(first);
      }
      this.#waiting.shift();
    }
    if (ready === undefined) return NOTHING;
    return this.#started ? ready : [...this.#start(undefined), ...ready];
  }
}

function indexOf(wire: JsonObject): number {
  return countOf(wire['output_index']) ?? 0;
}

function contentKey(wire: JsonObject): string {
  return `content:${countOf(wire['content_index']) ?? 0}`;
}

function summaryKey(wire: JsonObject): string {
  return `summary:${countOf(wire['summary_index']) ?? 0}`;
}

const NOTHING: readonly AdapterEvent[] = Object.freeze([]);

/** Large, and nothing in them is needed: not worth parsing. */
const SKIPPED: ReadonlySet<string> = new Set(['response.in_progress', 'response.queued', 'response.image_generation_call.partial_image']);
