import type { AdapterContext, AnswerFacts, ProviderAdapter } from '../../types/adapter.js';
import type { ChatRequest, Warning } from '../../types/chat.js';
import type { FakeServer } from '../fake-server.js';
import type { AnswerReply, EmbedReply, ErrorReply } from '../reply.js';
import type { ServerReply } from '../server-reply.js';

/**
 * What an adapter may do without. `failures`: it cannot be told to fail, break off or hang. `context-length-errors`, `content-filter-errors`:
 * its protocol does not tell them from other refusals. `redirects`: its client follows them by itself.
 */
export type ProviderFeature =
  | 'chat' | 'stream' | 'embed' | 'tools' | 'reasoning' | 'refusal' | 'usage' | 'content-filter' | 'failures' | 'context-length-errors' | 'content-filter-errors' | 'redirects';

/** A context that remembers what it was told. */
export interface WatchedContext extends AdapterContext {
  readonly told: { sent: number; readonly answered: AnswerFacts[]; readonly warnings: Warning[] };
}

/** One case's adapter, and what is around it. */
export interface Trial {
  /** The adapter, with its next calls answered so. */
  open(...replies: readonly (AnswerReply | ErrorReply | EmbedReply)[]): Promise<ProviderAdapter>;
  context(changes?: Partial<AdapterContext>): WatchedContext;
  request(changes?: Partial<ChatRequest>): ChatRequest;
}

/** A trial on real sockets. `openServer` takes replies that only a wire can give. */
export interface WireTrial extends Trial {
  readonly server: FakeServer;
  readonly apiKey: string;
  openServer(...replies: readonly ServerReply[]): Promise<ProviderAdapter>;
}

/** Where the cases are put. */
export interface ProviderBench {
  test(name: string, needs: readonly ProviderFeature[], body: (trial: Trial) => Promise<void>): void;
  /** Left out for an adapter that is scripted. */
  onWire(name: string, needs: readonly ProviderFeature[], body: (trial: WireTrial) => Promise<void>): void;
}

/** Found in no error. Long, so that it cannot appear by chance. */
export const API_KEY = 'sk-conformance-4f1d0c8a7b';
