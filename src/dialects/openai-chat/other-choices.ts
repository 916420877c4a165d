import type { Json, JsonObject } from '../../types/json.js';
import { asJson, isObject, listOf, objectOf, textOr, type WireObject } from './wire.js';

/** Puts together the choices that are not the answer (`n` above 1), in the shape a whole answer has them. */
export interface OtherChoices {
  readonly seen: boolean;
  push(index: number, choice: WireObject): void;
  whole(): readonly JsonObject[];
}

interface Growing {
  readonly index: number;
  readonly message: Record<string, Json>;
  readonly calls: Map<number, { id: string; name: string; json: string }>;
  finish: string | null;
}

export function createOtherChoices(): OtherChoices {
  const byIndex = new Map<number, Growing>();
  return {
    get seen() {
      return byIndex.size > 0;
    },
    push(index, choice) {
      let growing = byIndex.get(index);
      if (growing === undefined) byIndex.set(index, (growing = { index, message: { role: 'assistant' }, calls: new Map(), finish: null }));
      growing.finish = textOr(choice['finish_reason']) ?? growing.finish;
      grow(growing, objectOf(choice['delta']));
    },
    whole: () => [...byIndex.values()].toSorted((a, b) => a.index - b.index).map(finished),
  };
}

function grow({ message, calls }: Growing, delta: WireObject): void {
  for (const field of TEXTS) {
    const text = delta[field];
    const before = message[field];
    if (typeof text === 'string') message[field] = typeof before === 'string' ? before + text : text;
    else if (Array.isArray(text)) message[field] = [...(Array.isArray(before) ? before : []), ...text.map(asJson)];
  }
  for (const wire of listOf(delta['tool_calls']).filter(isObject)) {
    const index = typeof wire['index'] === 'number' ? wire['index'] : 0;
    const called = objectOf(wire['function']);
    const call = calls.get(index) ?? { id: '', name: '', json: '' };
    call.id ||= textOr(wire['id']) ?? '';
    call.name ||= textOr(called['name']) ?? '';
    call.json += textOr(called['arguments']) ?? '';
    calls.set(index, call);
  }
}

const TEXTS = ['content', 'reasoning_content', 'reasoning', 'refusal'] as const;

function finished({ index, message, calls, finish }: Growing): JsonObject {
  const toolCalls = [...calls.values()].map(({ id, name, json }) => ({ id, type: 'function', function: { name, arguments: json } }));
  return { index, message: { ...message, ...(toolCalls.length > 0 && { tool_calls: toolCalls }) }, finish_reason: finish };
}
