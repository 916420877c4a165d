import { RejectedError, type Interceptor, type RejectedCode } from 'headgate';
import { failure } from '../support/adapters.js';
import { until } from '../transport/servers.js';
import type { Fault } from './host.js';
import { FRESH, next, stop, type Moment, type Scenario, type Stage, type Verdict } from './scenario.js';
import type { Vendor } from './vendors.js';

const always = (verdict: Verdict): Scenario['verdict'] => () => verdict;

/** No attempt is made where the gateway itself refuses. */
function refused(code: RejectedCode, onward: Verdict['onward']): Verdict {
  return { code, certainty: 'not_sent', tries: 0, onward };
}

/** Stands for a budget or a guard that lets nothing through to these targets. */
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
const broken = (): Fault => ({ reply: { status: 500, body: '' } });
const tooFast = (): Fault => ({ reply: { status: 429, body: '', headers: { 'retry-after': '60' } } });

const messages = [{ role: 'user', content: 'earlier' }] as const;

/** A call to each of the targets, which fails. */
async function failures({ gateway, targets }: Stage): Promise<void> {
  for (const { model } of targets) await failure(gateway.chat({ model, messages }));
}

/** A call to each of the targets, which is answered in the form that its server speaks. */
async function answers(moment: Moment, { gateway, targets }: Stage): Promise<void> {
  for (const { model } of targets) await (moment === 'unary' ? gateway.chat({ model, messages }) : gateway.stream({ model, messages }).response());
}

/** A call to each of the targets, which goes on until the other one is over. */
async function occupied({ gateway, targets }: Stage): Promise<() => Promise<void>> {
  const controller = new AbortController();
  const calls = targets.map(({ model }) => failure(gateway.chat({ model, messages }, { signal: controller.signal })));
  await until(() => targets.every(({ host }) => host.asked() > 0));
  return async () => {
    controller.abort();
    await Promise.all(calls);
  };
}

/** A minute's quota is one call: the second is not made for a minute. */
const QUOTA = { limits: { first: { requestsPerMinute: 1 }, second: { requestsPerMinute: 1 } } };

/** What goes wrong in this process. */
export const localScenarios: readonly Scenario[] = [
  { name: 'a circuit that failures have opened', moments: FRESH, fault: broken, local: { pipeline: { circuitBreaker: { minOutcomes: 2 } }, before: failures }, verdict: always(refused('circuit_open', 'next')) },
  { name: 'slots that are taken, and no queue', moments: FRESH, fault: hanging, local: { pipeline: { concurrency: { maxConcurrent: 1, maxQueued: 0 } }, before: occupied }, verdict: always(refused('concurrency_exceeded', 'next')) },
  { name: 'a queue that does not move', moments: FRESH, fault: hanging, local: { pipeline: { concurrency: { maxConcurrent: 1, queueTimeoutMs: 30 } }, before: occupied }, verdict: always(refused('concurrency_exceeded', 'next')) },
  ...FRESH.map((moment): Scenario => ({ name: 'a quota of our own that is used up', moments: [moment], fault: good, local: { pipeline: { throttle: QUOTA }, before: (stage) => answers(moment, stage) }, verdict: always(refused('rate_limited', 'next')) })),
  { name: 'a key that rests after a rate limit', moments: FRESH, fault: tooFast, local: { before: failures }, verdict: always(refused('rate_limited', 'next')) },
  { name: 'a gateway that was closed', moments: FRESH, fault: good, local: { before: ({ gateway }) => gateway.close() }, verdict: always(refused('closed', 'stop')) },
  { name: 'a budget that is spent', moments: FRESH, fault: good, local: { interceptors: refusing('budget_exceeded') }, verdict: always(refused('budget_exceeded', 'stop')) },
  { name: 'a guard that says no', moments: FRESH, fault: good, local: { interceptors: refusing('guardrail_blocked') }, verdict: always(refused('guardrail_blocked', 'stop')) },
  { name: 'an abort before the call', moments: FRESH, fault: good, local: { abort: 'before' }, verdict: always({ ...stop('cancelled', 'not_sent'), tries: 0 }) },
  { name: 'an abort while the answer is awaited', moments: FRESH, fault: hanging, local: { abort: 'asked' }, verdict: always(stop('cancelled', 'possibly_billed')) },
  { name: 'an abort in the queue', moments: FRESH, fault: hanging, local: { pipeline: { concurrency: { maxConcurrent: 1 } }, before: occupied, abort: 'asked' }, verdict: always({ ...stop('cancelled', 'not_sent'), tries: 0 }) },
  { name: 'an abort while a retry is awaited', moments: FRESH, fault: laterOn, timeoutMs: 20_000, local: { abort: 'waiting' }, verdict: always({ ...stop('cancelled', 'refused'), attempted: 'overloaded' }) },
  { name: 'a wait that would pass the deadline', moments: FRESH, fault: laterOn, timeoutMs: 1000, verdict: always(next('overloaded', 'refused')) },
  { name: 'a second of rest that would pass the deadline', moments: FRESH, fault: overloaded, timeoutMs: 800, verdict: always(next('overloaded', 'refused')) },
];
