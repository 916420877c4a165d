import type { FinishReason } from '../../types/chat.js';

/** What an answer held, as far as the finish reason depends on it. */
export interface Answered {
  readonly text: boolean;
  readonly refusal: boolean;
  readonly toolCalls: boolean;
}

/**
 * The finish reason of an answer. A refusal and tool calls win over a plain stop: OpenAI ends both with `stop` (a call of a tool
 * that was named in `tool_choice`, for one). Servers that send none after a whole answer (Snowflake, Ollama) mean a plain stop.
 */
export function toFinishReason(wire: string | undefined, answered: Answered): FinishReason {
  const reason = wire === undefined ? (answered.text ? 'stop' : 'other') : (REASONS.get(wire.toLowerCase()) ?? 'other');
  if (reason !== 'stop' && wire !== undefined) return reason;
  return answered.refusal ? 'refusal' : answered.toolCalls ? 'tool-calls' : reason;
}

/** Reasons that are failures and not ends: DeepSeek's lack of capacity, OpenRouter's and Mistral's `error`. */
export function isFailure(wire: string | undefined): boolean {
  return wire === 'error' || wire === 'insufficient_system_resource';
}

const REASONS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['stop', 'stop'],
  ['eos', 'stop'], // Together
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'], // Mistral
  ['tool_calls', 'tool-calls'],
  ['tool_use', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['safety', 'content-filter'],
]);
