import type { AdapterContext, ProviderAdapter } from '../../types/adapter.js';
import { fakeServer, type FakeServer } from '../fake-server.js';
import type { AnswerReply, EmbedReply, ErrorReply } from '../reply.js';
import type { ServerReply } from '../server-reply.js';
import { withoutUnhandled } from './leaks.js';
import { answerCases } from './provider-answers.js';
import { failureCases } from './provider-failures.js';
import { socketCases } from './provider-sockets.js';
import { API_KEY, type ProviderBench, type ProviderFeature, type WatchedContext, type WireTrial } from './provider-trial.js';
import { ConformanceError, must, type SuiteCase } from './suite.js';

interface SubjectOptions {
  /** What it cannot do: those cases are left out. @default none */
  readonly without?: readonly ProviderFeature[];
  /** The model to ask for, as the provider names it. @default 'model-1' */
  readonly model?: string;
}

export type { ProviderFeature } from './provider-trial.js';

/** An adapter that goes over HTTP, made to call the fake server: `connect: (server, apiKey) => openai({ apiKey, baseUrl: server.baseUrls.openai })`. */
export interface ConnectedSubject extends SubjectOptions {
  connect(server: FakeServer, apiKey: string): ProviderAdapter | Promise<ProviderAdapter>;
}

/** An adapter of any other kind, made so that its next calls are answered by these replies, in order. */
export interface ScriptedSubject extends SubjectOptions {
  scripted(replies: readonly (AnswerReply | ErrorReply | EmbedReply)[]): ProviderAdapter | Promise<ProviderAdapter>;
}

export type ProviderSubject = ConnectedSubject | ScriptedSubject;

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
    alive: () => {}, // optional: nobody counts it
    told,
    ...changes,
  };
}
