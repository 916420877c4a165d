import { hashed, shortened } from '../call-id.js';
import type { ChatQuirks } from './quirks.js';

/** The id as this server takes it: one that fits stays, any other becomes a hash of itself or ends in one, the same each time. */
export function wireCallId(id: string, rule: ChatQuirks['toolCallIds']): string {
  switch (rule) {
    case 'any':
      return id;
    case 'up-to-40':
      return shortened(id, 40);
    case 'alphanumeric-9':
      return /^[0-9A-Za-z]{9}$/.test(id) ? id : hashed(id);
    default:
      return rule satisfies never;
  }
}

/** An id for a call that came without one: the same for the same answer, however its stream was cut. */
export function inventedId(answerId: string, position: number): string {
  return `call_${hashed(`${answerId}#${position}`)}`;
}
