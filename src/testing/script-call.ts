import type { Message, UserPart } from '../types/message.js';

export type OperationKind = 'chat' | 'embed';

/** What a matcher can ask of every call, whichever double it reached. */
export interface ScriptCall {
  readonly operation: OperationKind;
  /** As the provider is asked for it, without the provider's own name. */
  readonly model: string;
  readonly streaming: boolean;
  /** Text of the last message, a tool's result included; of an embed call the inputs, one a line. */
  readonly text: string;
}

/** Every field given must fit; or a function that decides. `text` fits when the call's text contains it. */
export type Matcher<Call> =
  | ((call: Call) => boolean)
  | {
      readonly operation?: OperationKind;
      readonly model?: string | RegExp;
      readonly text?: string | RegExp;
      readonly streaming?: boolean;
    };

export function matches<Call extends ScriptCall>(matcher: Matcher<Call>, call: Call): boolean {
  if (typeof matcher === 'function') return matcher(call);
  const { operation, model, text, streaming } = matcher;
  return (
    (operation === undefined || operation === call.operation) &&
    (streaming === undefined || streaming === call.streaming) &&
    (model === undefined || (typeof model === 'string' ? model === call.model : search(model, call.model))) &&
    (text === undefined || (typeof text === 'string' ? call.text.includes(text) : search(text, call.text)))
  );
}

export function describeCall(call: ScriptCall): string {
  const kind = call.operation === 'embed' ? 'embed' : call.streaming ? 'stream' : 'chat';
  const text = call.text.length > 80 ? `${call.text.slice(0, 79)}…` : call.text;
  return `${kind} ${call.model} ${JSON.stringify(text)}`;
}

export function describeMatcher<Call>(matcher: Matcher<Call> | undefined): string {
  if (matcher === undefined) return 'any call';
  if (typeof matcher === 'function') return `calls that ${matcher.name === '' ? 'fit a function' : matcher.name}`;
  const wanted = Object.entries(matcher).map(([field, value]) => `${field} ${value instanceof RegExp ? value.source : JSON.stringify(value)}`);
  return `calls with ${wanted.join(', ')}`;
}

/** Text of the last message. */
export function lastText(messages: readonly Message[]): string {
  const content = messages.at(-1)?.content ?? '';
  if (typeof content === 'string') return content;
  return content.map((part: { readonly type: string } | UserPart) => ('text' in part && typeof part.text === 'string' ? part.text : '')).join('');
}

/** A global or sticky pattern remembers where it stopped: the same call must match twice. */
function search(pattern: RegExp, text: string): boolean {
  return text.search(pattern) >= 0;
}
