import type { AdapterContext, AnswerFacts, ProviderAdapter } from '../../types/adapter.js';
import type { ChatRequest, Warning } from '../../types/chat.js';
import { fakeServer, type FakeServer } from '../fake-server.js';
import type { AnswerReply, EmbedReply, ErrorReply } from '../reply.js';
import type { ServerReply } from '../server-reply.js';
import { withoutUnhandled } from './leaks.js';
import { answerCases } from './provider-answers.js';
import { failureCases } from './provider-failures.js';
import { socketCases } from './provider-sockets.js';
import { ConformanceError, must, type SuiteCase } from './suite.js';

/** What an adapter may do without. The last three are what its protocol cannot tell apart, or its client does by itself. */
export type ProviderFeature = 'chat' | 'stream' | 'embed' | 'tools' | 'reasoning' | 'refusal' | 'usage' | 'content-filter' | 'context-length-errors' | 'content-filter-errors' | 'redirects';

interface SubjectOptions {
  /** What it cannot do: those cases are left out. @default none */
  readonly without?: readonly ProviderFeature[];
  /** The model to ask for, as the provider names it. @default 'model-1' */
  readonly model?: string;
}

/** An adapter that goes over HTTP, made to call the fake server: `connect: (server, apiKey) => openai({ apiKey, baseUrl: server.baseUrls.openai })`. */
export interface ConnectedSubject extends SubjectOptions {
  connect(server: FakeServer, apiKey: string): ProviderAdapter | Promise<ProviderAdapter>;
}

/** An adapter of any other kind, made so that its next calls are answered by these replies, in order. */
export interface ScriptedSubject extends SubjectOptions {
  scripted(replies: readonly (AnswerReply | ErrorReply | EmbedReply)[]): ProviderAdapter | Promise<ProviderAdapter>;
}

export type ProviderSubject = ConnectedSubject | ScriptedSubject;

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

/** What every `ProviderAdapter` must keep to. Each case makes its own adapter, and its own server when it goes over HTTP. */
export function providerSuite(subject: ProviderSubject): readonly SuiteCase[] {
  const without = new Set(subject.without ?? []);
  const model = subject.model ?? 'model-1';
  const cases: SuiteCase[] = [];

  async function trial(body: (trial: WireTrial) => Promise<void>): Promise<void> {
    const wired = 'connect' in subject;
    const server = wired ? await fakeServer() : undefined;
    const opened: ProviderAdapter[] = [];
    const keep = async (made: ProviderAdapter | Promise<ProviderAdapter>): Promise<ProviderAdapter> => {
      const adapter = await made;
      opened.push(adapter);
      return adapter;
    };
    const openServer = async (...replies: readonly ServerReply[]): Promise<ProviderAdapter> => {
      if (!wired || server === undefined) throw new ConformanceError('this case needs a server');
      server.reply(...replies);
      return keep(subject.connect(server, API_KEY));
    };
    try {
      await body({
        // Cases that need it are left out for subjects without one.
        get server() {
          if (server === undefined) throw new ConformanceError('this case needs a server');
          return server;
        },
        apiKey: API_KEY,
        openServer,
        open: (...replies) => (wired ? openServer(...replies) : keep(subject.scripted(replies))),
        context: (changes) => watchedContext(model, changes),
        request: (changes) => ({ model: `conformance/${model}`, messages: [{ role: 'user', content: 'Say something.' }], ...changes }),
      });
    } finally {
      await Promise.all(opened.map((adapter) => adapter.close?.()));
      await server?.close();
    }
  }

  const bench: ProviderBench = {
    test(name, needs, body) {
      if (needs.some((feature) => without.has(feature))) return;
      cases.push({ name, run: () => withoutUnhandled(() => trial(body)) });
    },
    onWire(name, needs, body) {
      if ('connect' in subject) bench.test(name, needs, (one) => body(one as WireTrial)); // `trial` makes wire trials only
    },
  };
  answerCases(bench);
  failureCases(bench);
  socketCases(bench);
  return cases;
}

function watchedContext(model: string, changes: Partial<AdapterContext> = {}): WatchedContext {
  const told: WatchedContext['told'] = { sent: 0, answered: [], warnings: [] };
  return {
    model,
    credential: undefined,
    signal: new AbortController().signal,
    callId: 'conformance-call',
    headers: {},
    warn: (warning) => told.warnings.push(warning),
    sent: () => {
      must(told.answered.length === 0, 'sent() must come before answered()');
      told.sent++;
    },
    answered: (facts) => told.answered.push(facts),
    told,
    ...changes,
  };
}
