import type { Json, JsonObject, ProviderData } from '../../types/json.js';
import { otherMembers, type WireObject } from './wire.js';

/** Gathers what an answer says that has no field of its own here. A later value of a name wins. */
export interface Extras {
  ofAnswer(wire: WireObject): void;
  ofChoice(wire: WireObject): void;
  ofMessage(wire: WireObject): void;
  ofUsage(wire: unknown): void;
  add(name: string, value: Json): void;
  /** Undefined when there was nothing. */
  data(vendor: string): ProviderData | undefined;
}

export function createExtras(): Extras {
  let found: Record<string, Json> | undefined;
  let message: JsonObject | undefined;
  const take = (members: JsonObject | undefined): void => {
    if (members !== undefined) found = { ...found, ...members };
  };
  return {
    ofAnswer: (wire) => take(otherMembers(wire, ANSWER)),
    ofChoice: (wire) => take(otherMembers(wire, CHOICE)),
    ofMessage: (wire) => {
      const members = otherMembers(wire, MESSAGE);
      if (members !== undefined) message = { ...message, ...members };
    },
    ofUsage: (wire) => {
      const members = typeof wire === 'object' && wire !== null && !Array.isArray(wire) ? otherMembers(wire as WireObject, USAGE) : undefined;
      if (members !== undefined) take({ usage: members });
    },
    add: (name, value) => take({ [name]: value }),
    data: (vendor) => {
      if (message !== undefined) take({ message });
      return found === undefined ? undefined : { [vendor]: found };
    },
  };
}

/** Members of a message or delta that are read into parts, or say nothing. */
export const MESSAGE: ReadonlySet<string> = new Set([
  'role', 'content', 'reasoning', 'reasoning_content', 'reasoning_details', 'refusal', 'tool_calls', 'function_call', 'audio', 'annotations', 'images', 'extra_content', 'index',
]);

const ANSWER: ReadonlySet<string> = new Set(['id', 'object', 'created', 'model', 'choices', 'usage', 'service_tier', 'obfuscation', 'error']);

const CHOICE: ReadonlySet<string> = new Set(['index', 'message', 'delta', 'finish_reason', 'logprobs', 'usage', 'error']);

/** Counts that `Usage` holds. */
const USAGE: ReadonlySet<string> = new Set([
  'prompt_tokens', 'completion_tokens', 'total_tokens', 'prompt_tokens_details', 'completion_tokens_details', 'prompt_token_details', 'completion_token_details',
  'input_tokens', 'output_tokens', 'input_tokens_details', 'output_tokens_details', 'reasoning_tokens',
  'prompt_cache_hit_tokens', 'prompt_cache_miss_tokens', 'num_cached_tokens', 'cached_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens',
]);
