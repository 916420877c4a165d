import type { AdapterEvent } from '../../types/adapter.js';
import { isCustom, toolCallData } from './tool-calls.js';
import { inventedId } from './tool-call-id.js';
import { objectOf, textOr, type WireObject } from './wire.js';

/** Puts the fragments of tool calls together. */
export interface ToolCallStream {
  readonly seen: boolean;
  /** One entry of `delta.tool_calls`. */
  push(wire: WireObject, answerId: string, events: AdapterEvent[]): void;
  /** `delta.function_call`, the older way: one call, without id. */
  pushLegacy(wire: WireObject, answerId: string, events: AdapterEvent[]): void;
  /** Ends every call, and starts the ones whose name never came. */
  finish(events: AdapterEvent[]): void;
}

interface Call {
  /** As the events name it; unique within the answer. */
  readonly id: string;
  /** As the server named it, if it did. */
  wireId: string | undefined;
  readonly index: number | undefined;
  name: string;
  readonly custom: boolean;
  started: boolean;
  /** All arguments so far; also what waits for the name. */
  json: string;
  last: WireObject;
}

export function createToolCallStream(vendor: string): ToolCallStream {
  const calls: Call[] = [];
  const byIndex = new Map<number, Call>();
  const byWireId = new Map<string, Call>();
  const taken = new Set<string>();

  const open = (wire: WireObject, answerId: string, index: number | undefined, wireId: string | undefined, custom: boolean): Call => {
    let id = wireId ?? inventedId(answerId, calls.length);
    if (taken.has(id)) id = inventedId(`${answerId}${id}`, calls.length);
    taken.add(id);
    const call: Call = { id, wireId, index, name: '', custom, started: false, json: '', last: wire };
    calls.push(call);
    if (index !== undefined) byIndex.set(index, call);
    if (wireId !== undefined) byWireId.set(wireId, call);
    return call;
  };

  const start = (call: Call, events: AdapterEvent[]): void => {
    call.started = true;
    events.push({ type: 'tool-call-start', id: call.id, name: call.name });
    const held = call.custom ? `"${call.json}` : call.json;
    if (held !== '') events.push({ type: 'tool-call-delta', id: call.id, json: held });
  };

  const feed = (call: Call, name: string | undefined, fragment: unknown, events: AdapterEvent[]): void => {
    const json = fragmentText(fragment, call.custom);
    call.json += json;
    if (call.started) {
      if (json !== '') events.push({ type: 'tool-call-delta', id: call.id, json });
    } else if (name !== undefined) {
      call.name = name;
      start(call, events);
    }
  };

  return {
    get seen() {
      return calls.length > 0;
    },
    push(wire, answerId, events) {
      const index = typeof wire['index'] === 'number' ? wire['index'] : undefined;
      const wireId = textOr(wire['id']);
      const known = index === undefined ? calls.at(-1) : byIndex.get(index);
      const sameId = wireId === undefined ? undefined : byWireId.get(wireId);
      const custom = isCustom(wire);
      const inner = objectOf(custom ? wire['custom'] : wire['function']);
      const name = textOr(inner['name']);
      let call = continued(known, sameId, index, wireId, name);
      if (call === undefined) call = open(wire, answerId, index, wireId, custom);
      else if (wireId !== undefined && call.wireId === undefined) {
        call.wireId = wireId;
        byWireId.set(wireId, call);
      }
      call.last = call.last === wire ? wire : mergedExtras(call.last, wire);
      feed(call, name, custom ? inner['input'] : inner['arguments'], events);
    },
    pushLegacy(wire, answerId, events) {
      const name = textOr(wire['name']);
      const known = byIndex.get(LEGACY);
      if (known === undefined && name === undefined) return; // an empty placeholder
      feed(known ?? open({}, answerId, LEGACY, undefined, false), name, wire['arguments'], events);
    },
    finish(events) {
      for (const call of calls) {
        if (!call.started) start(call, events);
        if (call.custom) events.push({ type: 'tool-call-delta', id: call.id, json: '"' });
        const providerData = toolCallData(call.last, call.custom, vendor);
        events.push({ type: 'tool-call-end', id: call.id, ...(providerData !== undefined && { providerData }) });
      }
      calls.length = 0;
    },
  };
}

/** No server counts below zero. */
const LEGACY = -1;

/**
 * The call that this fragment goes on with; undefined for a new one. The index decides, as documented, but not alone: some servers
 * send every parallel call under index 0 or without index, and some send another id with every fragment of one call.
 */
function continued(known: Call | undefined, sameId: Call | undefined, index: number | undefined, wireId: string | undefined, name: string | undefined): Call | undefined {
  if (sameId !== undefined && (index === undefined || index === sameId.index || name === undefined)) return sameId;
  if (known === undefined || name === undefined) return known;
  const first = known.name === '' && (wireId === undefined || known.wireId === undefined || wireId === known.wireId);
  if (first) return known;
  if (name !== known.name) return undefined;
  // The name again: a server that repeats it goes on with what is not complete yet, a second call begins after what is.
  if (wireId === undefined || known.wireId === undefined) return isWholeJson(known.json) ? undefined : known;
  return known.json !== '' && !isWholeJson(known.json) ? known : undefined;
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Arguments as text; an object that came in place of text; free-form input as the inside of a JSON string, so that the deltas join to JSON. */
function fragmentText(fragment: unknown, custom: boolean): string {
  if (custom) return typeof fragment === 'string' ? JSON.stringify(fragment).slice(1, -1) : '';
  if (typeof fragment === 'string') return fragment;
  return fragment === undefined || fragment === null ? '' : JSON.stringify(fragment);
}

/** Extra members may come with any fragment (Gemini's signatures). Most fragments have none: nothing is copied then. */
function mergedExtras(before: WireObject, wire: WireObject): WireObject {
  for (const key in wire) if (key !== 'index' && key !== 'id' && key !== 'type' && key !== 'function' && key !== 'custom') return { ...before, ...wire };
  return before;
}
