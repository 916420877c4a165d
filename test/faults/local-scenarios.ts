import { RejectedError, type Interceptor, type RejectedCode } from 'headgate';
import type { Fault } from './host.js';
import { FRESH, next, stop, type Moment, type Scenario, type Verdict } from './scenario.js';
import type { Vendor } from './vendors.js';

const always = (verdict: Verdict): Scenario['verdict'] => () => verdict;

/** No attempt is made where the gateway itself refuses. */
function refused(code: RejectedCode, onward: Verdict['onward']): Verdict {
  return { code, certainty: 'not_sent', tries: 0, onward };
}

/** Stands for a breaker, a limit or a guard that lets nothing through to these targets. */
function refusing(code: RejectedCode): (targets: readonly string[]) => readonly Interceptor[] {
  return (targets) => [
    {
      name: `refuses with ${code}`,
      async intercept(call, proceed) {
        if (targets.includes(call.target.provider)) throw new RejectedError(code, 'refused here', { target: call.target });
        return proceed(call);
      },
    },
  ];
}

function good(vendor: Vendor, moment: Moment): Fault {
  const body = moment === 'unary' ? vendor.whole : vendor.begin + vendor.content + vendor.close;
  return { reply: { body, headers: { 'content-type': moment === 'unary' ? 'application/json' : 'text/event-stream' } } };
}

const hanging = (): Fault => ({ onRequest: () => {} });
/** Asks for five seconds, which the caller may not have. */
const laterOn = (): Fault => ({ reply: { status: 503, body: '', headers: { 'retry-after': '5' } } });
const overloaded = (): Fault => ({ reply: { status: 529, body: '' } });

/** What goes wrong in this process. */
export const localScenarios: readonly Scenario[] = [
  { name: 'an open circuit', moments: FRESH, fault: good, local: { interceptors: refusing('circuit_open') }, verdict: always(refused('circuit_open', 'next')) },
  { name: 'a full queue', moments: FRESH, fault: good, local: { interceptors: refusing('concurrency_exceeded') }, verdict: always(refused('concurrency_exceeded', 'next')) },
  { name: 'a limit of our own', moments: FRESH, fault: good, local: { interceptors: refusing('rate_limited') }, verdict: always(refused('rate_limited', 'next')) },
  { name: 'a budget that is spent', moments: FRESH, fault: good, local: { interceptors: refusing('budget_exceeded') }, verdict: always(refused('budget_exceeded', 'stop')) },
  { name: 'a guard that says no', moments: FRESH, fault: good, local: { interceptors: refusing('guardrail_blocked') }, verdict: always(refused('guardrail_blocked', 'stop')) },
  { name: 'an abort before the call', moments: FRESH, fault: good, local: { abort: 'before' }, verdict: always({ ...stop('cancelled', 'not_sent'), tries: 0 }) },
  { name: 'an abort while the answer is awaited', moments: FRESH, fault: hanging, local: { abort: 'asked' }, verdict: always(stop('cancelled', 'possibly_billed')) },
  { name: 'an abort while a retry is awaited', moments: FRESH, fault: laterOn, timeoutMs: 20_000, local: { abort: 'waiting' }, verdict: always({ ...stop('cancelled', 'refused'), attempted: 'overloaded' }) },
  { name: 'a wait that would pass the deadline', moments: FRESH, fault: laterOn, timeoutMs: 1000, verdict: always(next('overloaded', 'refused')) },
  { name: 'a second of rest that would pass the deadline', moments: FRESH, fault: overloaded, timeoutMs: 800, verdict: always(next('overloaded', 'refused')) },
];
