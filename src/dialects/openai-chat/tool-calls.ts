import { parseToolInput, safeToolInput } from '../../message/tool-input.js';
import type { Json, ProviderData } from '../../types/json.js';
import type { ToolCallPart } from '../../types/message.js';
import { inventedId } from './tool-call-id.js';
import { asJson, isObject, listOf, objectOf, otherMembers, textOr, type WireObject } from './wire.js';

/** The tool calls of a whole message. A call without an id gets one, and no two have the same. */
export function readToolCalls(message: WireObject, answerId: string, vendor: string): readonly ToolCallPart[] {
  const calls: ToolCallPart[] = [];
  const taken = new Set<string>();
  const add = (wire: WireObject, id: string | undefined, name: string, input: Pick<ToolCallPart, 'input' | 'invalidInput'>, custom: boolean): void => {
    let unique = id ?? inventedId(answerId, calls.length);
    if (taken.has(unique)) unique = inventedId(`${answerId}${unique}`, calls.length);
    taken.add(unique);
    const providerData = toolCallData(wire, custom, vendor);
    calls.push({ type: 'tool-call', id: unique, name, ...input, ...(providerData !== undefined && { providerData }) });
  };
  for (const call of listOf(message['tool_calls']).filter(isObject)) {
    const custom = isCustom(call);
    const named = objectOf(custom ? call['custom'] : call['function']);
    const input = custom ? { input: textOr(named['input']) ?? '' } : readArguments(named['arguments']);
    add(call, textOr(call['id']), textOr(named['name']) ?? '', input, custom);
  }
  // The older way, still sent by some servers, as an empty placeholder by others.
  const legacy = objectOf(message['function_call']);
  const name = textOr(legacy['name']);
  if (name !== undefined) add({}, undefined, name, readArguments(legacy['arguments']), false);
  return calls;
}

function readArguments(wire: unknown): Pick<ToolCallPart, 'input' | 'invalidInput'> {
  return typeof wire === 'string' ? parseToolInput(wire) : safeToolInput(asJson(wire));
}

/** A free-form call. Snowflake sends an empty `custom` beside every function. */
export function isCustom(call: WireObject): boolean {
  return call['type'] === 'custom' || (!isObject(call['function']) && isObject(call['custom']));
}

/** What the server said of a call beside its name and arguments; it goes back with the call. Members have a place of their own: other protocols of the same vendor keep theirs beside it. */
export function toolCallData(call: WireObject, custom: boolean, vendor: string): ProviderData | undefined {
  const others: Readonly<Record<string, Json>> | undefined = otherMembers(call, TOOL_CALL);
  if (!custom && others === undefined) return undefined;
  return { [vendor]: { ...(custom && { type: 'custom' }), ...(others !== undefined && { tool_call: others }) } };
}

const TOOL_CALL: ReadonlySet<string> = new Set(['id', 'index', 'type', 'function', 'custom']);
