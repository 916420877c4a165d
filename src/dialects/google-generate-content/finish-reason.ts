import type { FinishReason } from '../../types/chat.js';

const REASONS: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['LANGUAGE', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['MODEL_ARMOR', 'content-filter'],
  ['JAILBREAK', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
]);

/** What the model stopped for. An unknown reason, and none at all, is `other`; the wire's own word stays in `providerData`. */
export function toFinishReason(reason: string | undefined, hasToolCalls: boolean): FinishReason {
  const finish = (reason !== undefined && REASONS.get(reason)) || 'other';
  return finish === 'stop' && hasToolCalls ? 'tool-calls' : finish;
}

/** Whether it says that the model has stopped. The enum's default value is what a proxy writes when it was not said. */
export function isSaid(reason: unknown): reason is string {
  return typeof reason === 'string' && reason !== '' && !reason.endsWith('_UNSPECIFIED');
}
