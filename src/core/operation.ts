import type { ChatRequest, ChatResponse } from '../types/chat.js';
import type { EmbedRequest, EmbedResponse } from '../types/embed.js';
import type { ChatDelta, EndEvent } from '../types/stream.js';

/** The one generic spot: a new operation (rerank, image, speech …) is a new row here. */
export interface Operations {
  chat: { request: ChatRequest; delta: ChatDelta; response: ChatResponse };
  embed: { request: EmbedRequest; delta: never; response: EmbedResponse };
}

export type OperationName = keyof Operations;
export type RequestOf<O extends OperationName> = Operations[O]['request'];
export type ResponseOf<O extends OperationName> = Operations[O]['response'];
export type EventOf<O extends OperationName> = Operations[O]['delta'] | EndEvent<ResponseOf<O>>;
