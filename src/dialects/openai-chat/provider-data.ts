import type { Json, JsonObject, ProviderData } from '../../types/json.js';
import { isObject, otherMembers, type WireObject } from './wire.js';

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
  return new Gathered();
}

class Gathered implements Extras {
  #found: Record<string, Json> | undefined;
  #message: JsonObject | undefined;

  ofAnswer(wire: WireObject): void {
    this.#take(otherMembers(wire, ANSWER));
  }

  ofChoice(wire: WireObject): void {
    this.#take(otherMembers(wire, CHOICE));
  }

  ofMessage(wire: WireObject): void {
    const members = otherMembers(wire, MESSAGE);
    if (members !== undefined) this.#message = { ...this.#message, ...members };
  }

  ofUsage(wire: unknown): void {
    const members = isObject(wire) ? otherMembers(wire, USAGE) : undefined;
    if (members !== undefined) this.#take({ usage: members });
  }

  add(name: string, value: Json): void {
    this.#take({ [name]: value });
  }

  data(vendor: string): ProviderData | undefined {
    if (this.#message !== undefined) this.#take({ message: this.#message });
    return this.#found === undefined ? undefined : { [vendor]: this.#found };
  }

  #take(members: JsonObject | undefined): void {
    if (members !== undefined) this.#found = { ...this.#found, ...members };
  }
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
