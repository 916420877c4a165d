import { createGateway } from '../../gateway.js';
import type { Interceptor } from '../../index.js';
import { mockProvider } from '../mock-provider.js';
import { endingCases } from './interceptor-endings.js';
import { passingCases } from './interceptor-passing.js';
import type { InterceptorTest, InterceptorTrial } from './interceptor-trial.js';
import { watchTimers, withoutUnhandled } from './leaks.js';
import { settlesWithin, type SuiteCase } from './suite.js';

/** What an interceptor may do on purpose. `content`: it rewrites, blocks or adds content, so answers are compared in everything else. */
export type InterceptorEffect = 'content';

export interface InterceptorSubject {
  /** A fresh interceptor, set up so that an ordinary call passes. A list when it only works with others around it. */
  create(): Interceptor | readonly Interceptor[] | Promise<Interceptor | readonly Interceptor[]>;
  /** @default none */
  readonly changes?: readonly InterceptorEffect[];
}

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
