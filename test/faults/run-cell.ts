import { createGateway, ExhaustedError, GatewayError, ProviderError, type CallReport, type CallOptions, type ChatResponse, type Decision, type Gateway } from 'headgate';
import { getEventListeners } from 'node:events';
import { expect } from 'vitest';
import { SHARED_TIMERS, watchLeaks } from '../support/leaks.js';
import { hostOf, type Fault, type Host } from './host.js';
import { pipeline } from './pipeline.js';
import type { Moment, Scenario, Verdict } from './scenario.js';
import { watchTrouble } from './trouble.js';
import { PARTIAL, vendors, type Vendor } from './vendors.js';

/** How much later than its deadline a call may settle, in milliseconds. */
const SETTLES_WITHIN_MS = 100;
const DEADLINE_MS = 5000;
/** How long a socket may take to close after its call, in milliseconds. */
const CLOSES_WITHIN_MS = 1000;

/** `spare`: the second target is well, and of another vendor. `outage`: it does what the first one does. */
export type World = 'spare' | 'outage';

export interface Cell {
  readonly scenario: Scenario;
  readonly vendor: Vendor;
  readonly moment: Moment;
  readonly world: World;
}

/** All that a caller can see of one call. */
interface Seen {
  readonly outcome: string;
  readonly certainty?: string | undefined;
  readonly text: string | undefined;
  readonly finishReason?: string | undefined;
  /** `target outcome certainty`, one for each attempt. */
  readonly attempts: readonly string[];
}

/** Every cell of a table, with its title. */
export function casesOf(scenarios: readonly Scenario[]): readonly (readonly [title: string, cell: Cell])[] {
  const cells = scenarios.flatMap((scenario) =>
    vendors
      .filter(({ name }) => scenario.vendors?.includes(name) !== false)
      .flatMap((vendor) => scenario.moments.flatMap((moment) => worldsOf(scenario, vendor, moment).map((world) => ({ scenario, vendor, moment, world })))),
  );
  return cells.map((cell) => [titleOf(cell), cell]);
}

/** Who else could answer matters only where somebody else is asked. */
function worldsOf({ verdict, slow }: Scenario, vendor: Vendor, moment: Moment): readonly World[] {
  return verdict(vendor.name, moment).onward === 'next' && slow !== true ? ['spare', 'outage'] : ['spare'];
}

function titleOf({ scenario, vendor, moment, world }: Cell): string {
  const { code, tries, onward } = scenario.verdict(vendor.name, moment);
  const way = code === 'ok' ? '' : `, ${['without an attempt', 'once', 'twice'][tries]}, then ${onward === 'stop' ? 'the caller' : world === 'spare' ? 'the other target answers' : 'the other target fails too'}`;
  return `${vendor.name}, ${moment}: ${scenario.name} is ${code}${way}`;
}

/** Runs one cell on sockets of its own, and holds it to its verdict and to what is true of every call. */
export async function runCell(cell: Cell): Promise<void> {
  const { scenario, vendor, moment, world } = cell;
  const trouble = watchTrouble();
  const leaks = watchLeaks({ but: SHARED_TIMERS });
  const other = world === 'outage' ? vendor : otherThan(vendor);
  const first = await hostOf(await scenario.fault(vendor, moment));
  const second = await hostOf(world === 'outage' ? await scenario.fault(vendor, moment) : healthy(other, moment));
  const { connectTimeoutMs } = scenario;
  const decisions: Decision[] = [];
  const earlier = new Set<string>();
  let begun = false;
  const failing = world === 'outage' ? ['first', 'second'] : ['first'];
  const gateway = createGateway({
    providers: [vendor.connect('first', first.origin, { connectTimeoutMs }), other.connect('second', second.origin, { connectTimeoutMs })],
    models: { smart: ['first/m', 'second/m'] },
    interceptors: pipeline(scenario.local?.interceptors?.(failing) ?? [], scenario.local?.pipeline),
    onDecision(decision, callId) {
      if (!begun) earlier.add(callId);
      if (!earlier.has(callId)) decisions.push(decision);
    },
  });
  const asked = (): number => first.asked() + second.asked();
  let undo: (() => Promise<void>) | void = undefined;
  try {
    undo = await scenario.local?.before?.({ gateway, targets: failing.map((name) => ({ model: `${name}/m`, host: name === 'first' ? first : second })) });
    const askedBefore = asked();
    begun = true;
    const controller = new AbortController();
    const { attempts, ...seen } = await settled(gateway, cell, controller, first, decisions);

    expect({ ...seen, attempts }).toEqual(wanted(cell, scenario.verdict(vendor.name, moment)));
    const count = (what: Decision['what']): number => decisions.filter((decision) => decision.what === what).length;
    expect([count('attempt-start'), count('attempt-end')], 'attempts that began and ended').toEqual([attempts.length, attempts.length]);
    expect(asked() - askedBefore, 'requests that the servers counted').toBe(attempts.filter((attempt) => !attempt.endsWith('not_sent')).length);
    await undo?.();
    undo = undefined;
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    await gateway.close();
    expect(await closed([first, second]), 'sockets that the client left open').toBe(0);
    await Promise.all([first.close(), second.close()]);
    expect(await leaks.left()).toEqual({});
    expect(await trouble.seen()).toEqual([]);
  } finally {
    leaks.stop();
    trouble.stop();
    // What one cell found must not be found again in the next.
    await Promise.all([undo?.(), gateway.close(), first.close(), second.close()]);
  }
}

/** Makes the call, and sees to it that it settles in time. */
async function settled(gateway: Gateway, { scenario, moment }: Cell, controller: AbortController, first: Host, decisions: readonly Decision[]): Promise<Seen> {
  const { local, timeoutMs = DEADLINE_MS } = scenario;
  const abort = local?.abort;
  let late = 0;
  let abortedAt: number | undefined;
  const give = (): void => {
    abortedAt = performance.now();
    controller.abort();
  };
  if (abort === 'before') give();
  const startedAt = performance.now();
  // A machine that is busy is late with every timer: this one says by how much.
  const timer = setTimeout(() => (late = performance.now() - startedAt - timeoutMs), timeoutMs);
  const watching = abort === 'asked' || abort === 'waiting' ? setInterval(() => {
    if (abortedAt === undefined && (abort === 'asked' ? first.asked() > 0 : decisions.some(({ what }) => what === 'retry'))) give();
  }, 5) : undefined;
  const options: CallOptions = { ...local?.options, signal: controller.signal, timeoutMs };
  try {
    return moment === 'unary' ? await unary(gateway, options) : await streamed(gateway, options);
  } finally {
    const dueAt = abortedAt ?? startedAt + timeoutMs + late;
    clearTimeout(timer);
    clearInterval(watching);
    expect(performance.now() - dueAt, 'milliseconds after its deadline').toBeLessThanOrEqual(SETTLES_WITHIN_MS);
  }
}

const request = { model: 'smart', messages: [{ role: 'user', content: 'hi' }] } as const;

async function unary(gateway: Gateway, options: CallOptions): Promise<Seen> {
  try {
    return answered(await gateway.chat(request, options));
  } catch (error) {
    return failed(error);
  }
}

/** Reads as a careful reader would: what came must be what the partial holds, and nothing may come after the end. */
async function streamed(gateway: Gateway, options: CallOptions): Promise<Seen> {
  const iterator = gateway.stream(request, options)[Symbol.asyncIterator]();
  let text = '';
  let whole: ChatResponse | undefined;
  let seen: Seen;
  try {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) break;
      if (whole !== undefined) throw new Error(`${value.type} came after the end`);
      if (value.type === 'text-delta') text += value.text;
      if (value.type === 'end') whole = value.response;
    }
    if (whole === undefined) throw new Error('the stream ended without its end event');
    seen = answered(whole);
  } catch (error) {
    if (whole !== undefined) throw error;
    seen = failed(error);
    const again = await iterator.next().then(() => 'an event', (second: unknown) => second);
    expect(again, 'a second read after the failure').toBe(error);
  }
  expect(text).toBe(seen.text ?? '');
  return seen;
}

function answered(response: ChatResponse): Seen {
  expect(response.gateway, 'the report').toBeDefined();
  return { outcome: 'ok', text: response.text, finishReason: response.finishReason, attempts: attemptsOf(response.gateway) };
}

function failed(error: unknown): Seen {
  if (!(error instanceof GatewayError)) throw error;
  const outcome = error instanceof ExhaustedError ? `exhausted: ${error.errors.map(({ code }) => code).join(', ')}` : error.code;
  return { outcome, certainty: error instanceof ProviderError ? error.certainty : undefined, text: error.partial?.text, attempts: attemptsOf(error.report) };
}

function attemptsOf(report: CallReport | undefined): readonly string[] {
  return (report?.attempts ?? []).map(({ target, outcome, certainty }) => `${target.provider} ${outcome} ${certainty}`);
}

/** What the verdict means for the whole call. An attempt counts as one only when the adapter was called. */
function wanted({ scenario, moment, world }: Cell, { code, attempted, certainty, tries, onward, last = 1, finishReason }: Verdict): Seen {
  const tried = (name: string, times: number): readonly string[] => Array.from({ length: times }, () => `${name} ${attempted ?? code} ${certainty}`);
  const first = tried('first', tries);
  if (code === 'ok') return { outcome: 'ok', text: scenario.partial ?? PARTIAL, finishReason, attempts: first };
  if (onward === 'next' && world === 'spare') return { outcome: 'ok', text: PARTIAL, finishReason: 'stop', attempts: [...first, 'second ok started'] };
  if (onward === 'next') return { outcome: `exhausted: ${code}, ${code}`, certainty: undefined, text: undefined, attempts: [...first, ...tried('second', tries === 0 ? 0 : last)] };
  const cancelled = code === 'cancelled' || code === 'deadline_exceeded';
  const refused = tries === 0;
  return { outcome: code, certainty: cancelled || refused ? undefined : certainty, text: moment === 'midway' ? (scenario.partial ?? PARTIAL) : undefined, attempts: first };
}

function otherThan(vendor: Vendor): Vendor {
  return vendors.find(({ name }) => name.split(' ')[0] !== vendor.name.split(' ')[0]) ?? vendor;
}

function healthy(vendor: Vendor, moment: Moment): Fault {
  const [type, body] = moment === 'unary' ? ['application/json', vendor.whole] : ['text/event-stream', vendor.begin + vendor.content + vendor.close];
  return { reply: { body, headers: { 'content-type': type } } };
}

async function closed(hosts: readonly Host[]): Promise<number> {
  const open = (): number => hosts.reduce((sum, host) => sum + host.open(), 0);
  const until = performance.now() + CLOSES_WITHIN_MS;
  while (open() > 0 && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  return open();
}
