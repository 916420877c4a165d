import type { ChatResponse } from '../types/chat.js';
import { localKey } from './locals.js';

/**
 * Whether a whole answer is the structured output that the caller's own schema wants. The gateway validates it after the last
 * interceptor; who keeps answers for others asks before. Undefined: there is no such schema.
 */
export const answerCheckKey = localKey<((response: ChatResponse) => Promise<boolean>) | undefined>('answer-check', () => undefined);
