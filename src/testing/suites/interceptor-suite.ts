import { createGateway, type Gateway } from '../../gateway.js';
import type { ChatRequest, ChatResponse, Interceptor, StreamEvent } from '../../index.js';
import { mockProvider, type MockProvider } from '../mock-provider.js';
import { endingCases } from './interceptor-endings.js';
import { passingCases } from './interceptor-passing.js';
import { watchTimers, withoutUnhandled, type TimerWatch } from './leaks.js';
import { settlesWithin, type SuiteCase } from './suite.js';

/** What an interceptor may do on purpose. `content`: it rewrites, blocks or adds content, so answers are compared in everything else. */
export type InterceptorEffect = 'content';

export interface InterceptorSubject {
  /** A fresh interceptor, set up so that an ordinary call passes. A list when it only works with others around it. */
  create(): Interceptor | readonly Interceptor[] | Promise<Interceptor | readonly Interceptor[]>;
  /** @default none */
  readonly changes?: readonly InterceptorEffect[];
}

/** One case's gateway with the interceptor, and one without: what the first must equal. */
export interface InterceptorTrial {
  readonly gateway: Gateway;
  readonly mock: MockProvider;
  /** The same calls past the interceptor. Its mock answers from a script of its own. */
  readonly bare: { readonly gateway: Gateway; readonly mock: MockProvider };
  readonly interceptors: readonly Interceptor[];
  /** Since before the interceptor was made. */
  readonly timers: TimerWatch;
  /** True unless the interceptor rewrites content on purpose. */
  readonly comparesContent: boolean;
  /** A request nobody made before, so that no cache answers it. */
  request(changes?: Partial<ChatRequest>): ChatRequest;
}

export type InterceptorTest = (name: string, body: (trial: InterceptorTrial) => Promise<void>, around?: { readonly outside?: readonly Interceptor[] }) => void;

/** What every `Interceptor` must keep to: answers pass, streams stay streams, failures and cancellations arrive, nothing is left behind. */
export function interceptorSuite(subject: InterceptorSubject): readonly SuiteCase[] {
  const cases: SuiteCase[] = [];
  let asked = 0;

  const test: InterceptorTest = (name, body, around = {}) => {
    cases.push({ name, run: () => withoutUnhandled(() => trial(body, around.outside ?? [])) });
  };

  async function trial(body: (trial: InterceptorTrial) => Promise<void>, outside: readonly Interceptor[]): Promise<void> {
    const timers = await watchTimers();
    const created = await subject.create();
    const interceptors = 'intercept' in created ? [created] : created;
    const [mock, bareMock] = [mockProvider(), mockProvider()];
    const gateway = createGateway({ providers: [mock], interceptors: [...outside, ...interceptors] });
    const bare = createGateway({ providers: [bareMock] });
    try {
      await body({
        gateway,
        mock,
        bare: { gateway: bare, mock: bareMock },
        interceptors,
        timers,
        comparesContent: subject.changes?.includes('content') !== true,
        request: (changes) => ({ model: 'mock/model-1', messages: [{ role: 'user', content: `Say something, number ${++asked}.` }], ...changes }),
      });
    } finally {
      // What the case found must not be lost in a gateway that cannot close.
      await settlesWithin(Promise.all([gateway.close({ graceMs: 0 }), bare.close({ graceMs: 0 })]), 1000);
      timers.stop();
    }
  }

  passingCases(test);
  endingCases(test);
  return cases;
}

/** An answer without what differs from call to call. */
export function comparable(response: ChatResponse, comparesContent: boolean): object {
  const { gateway: _report, content, text, toolCalls, ...rest } = response;
  return comparesContent ? { ...rest, content, text, toolCalls } : rest;
}

/** Every event of a stream, with the moment it came. */
export async function readAll(events: AsyncIterable<StreamEvent>): Promise<readonly { readonly event: StreamEvent; readonly at: number }[]> {
  const all: { event: StreamEvent; at: number }[] = [];
  for await (const event of events) all.push({ event, at: performance.now() });
  return all;
}
