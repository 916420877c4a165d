import { createGateway, recommended, type Decision, type Gateway } from 'headgate';
import { makeCall, mannerOf, PATIENT, witness, type MadeCall, type Manner } from './caller.ts';
import { checkCall, checkEnd, checkIdle } from './check.ts';
import { installClock, type Clock } from './clock.ts';
import { simulatedProvider, WEATHER_NAMES, type SimulatedProvider, type Visit } from './provider.ts';
import { chanceOf } from './seed.ts';
import { LONGEST_REST_MS, worldOf, type World } from './world.ts';

/** One seed's world, after all has happened. */
export interface Simulation {
  readonly seed: number;
  readonly world: World;
  /** What was done to it, in order. */
  readonly steps: readonly string[];
  readonly calls: readonly MadeCall[];
  readonly visits: readonly Visit[];
  /** Every decision of every call, in order. */
  readonly decisions: readonly Decision[];
  /** Promises that were broken. None: the seed is fine. */
  readonly broken: readonly string[];
}

/** Some moment of 2026, so that dates look like dates. */
const START_AT = Date.UTC(2026, 5, 1);
const MOST_STEPS = 50;
/** Longer than every timeout and every slow reader together, in milliseconds. */
const LONGEST_CALL_MS = 1_800_000;

/** Lives through one seed. The same seed gives the same world, step by step. */
export async function simulate(seed: number): Promise<Simulation> {
  const clock = installClock(START_AT);
  const broken: string[] = [];
  const unhandled = (reason: unknown): void => void broken.push(`a rejection that nobody met: ${String(reason)}`);
  process.on('unhandledRejection', unhandled);
  try {
    return await live(seed, clock, broken);
  } finally {
    clock.uninstall();
    process.off('unhandledRejection', unhandled);
  }
}

async function live(seed: number, clock: Clock, broken: string[]): Promise<Simulation> {
  const chance = chanceOf(seed);
  const world = worldOf(chance);
  const visits: Visit[] = [];
  const calls: MadeCall[] = [];
  const decisions: Decision[] = [];
  const steps: string[] = [];
  const byId = new Map<string, MadeCall>();
  const providers = world.providers.map((plan) => simulatedProvider(plan, chance.fork(), visits));
  const gateway = createGateway({
    providers: providers.map(({ adapter }) => adapter),
    models: { smart: world.route },
    interceptors: [witness(calls, clock), recommended(world.options)],
    ...(world.timeoutMs !== undefined && { timeoutMs: world.timeoutMs }),
    onDecision(decision, callId) {
      decisions.push(decision);
      const made = byId.get(callId) ?? calls.find((call) => call.callId === callId);
      if (made === undefined) return;
      byId.set(callId, made);
      made.decisions.push(decision);
    },
  });
  const simulation: Simulation = { seed, world, steps, calls, visits, decisions, broken };
  const checked = new Set<MadeCall>();

  function call(model: string, manner: Manner): MadeCall {
    return makeCall({ calls, gateway, clock, model, defaultTimeoutMs: world.timeoutMs }, manner);
  }

  /** Those that have ended since. */
  function check(): void {
    for (const made of calls) {
      if (!isOver(made) || checked.has(made)) continue;
      checked.add(made);
      for (const problem of checkCall(made, simulation)) broken.push(`call ${made.number}: ${problem}`);
    }
    if (underWay().length === 0) broken.push(...checkIdle(simulation, clock));
  }

  function underWay(): readonly MadeCall[] {
    return calls.filter((made) => !isOver(made));
  }

  for (let step = chance.whole(5, MOST_STEPS); step > 0; step--) {
    await take(chance.weighted({ call: 40, pass: 30, abort: 6, cancel: 4, weather: 12, wall: 3, suspend: 2 }));
    check();
  }

  async function take(what: 'call' | 'pass' | 'abort' | 'cancel' | 'weather' | 'wall' | 'suspend'): Promise<void> {
    switch (what) {
      case 'call': {
        const count = chance.maybe(0.2) ? chance.whole(2, 8) : 1;
        steps.push(`at ${clock.now} ms: ${count} calls, from number ${calls.length}`);
        for (let made = 0; made < count; made++) call('smart', mannerOf(chance));
        return clock.settle();
      }
      case 'pass': {
        const ms = chance.scale(60_000);
        steps.push(`at ${clock.now} ms: ${ms} ms pass`);
        return clock.pass(ms);
      }
      case 'abort':
      case 'cancel': {
        const running = underWay();
        if (running.length === 0) return;
        const made = chance.pick(running);
        steps.push(`at ${clock.now} ms: ${what} of call ${made.number}`);
        made[what]();
        return clock.settle();
      }
      case 'weather': {
        const provider = chance.pick(providers);
        provider.weather = chance.pick(WEATHER_NAMES);
        steps.push(`at ${clock.now} ms: ${provider.adapter.name} is ${provider.weather}`);
        return;
      }
      case 'wall': {
        const ms = chance.pick([-1, 1]) * chance.scale(86_400_000);
        steps.push(`at ${clock.now} ms: somebody sets the clock by ${ms} ms`);
        return clock.setBy(ms);
      }
      case 'suspend': {
        const ms = chance.scale(120_000);
        steps.push(`at ${clock.now} ms: the process stands still for ${ms} ms`);
        for (const made of underWay()) made.suspendedMs += ms;
        return clock.suspend(ms);
      }
      default:
        return what satisfies never;
    }
  }

  for (let passed = 0; underWay().length > 0 && passed < LONGEST_CALL_MS; passed += 10_000) await clock.pass(10_000);
  // A whole answer waits for its reader as long as it takes: one that was forgotten is given up in the end.
  for (const made of underWay()) if (made.outcome === 'forgotten' && attemptsUnderWay(made) === 0) made.abort();
  await clock.pass(1000);
  check();
  for (const made of calls) if (!checked.has(made)) broken.push(`call ${made.number} never ended: its caller saw ${made.outcome ?? 'nothing'}, the pipeline ${made.outcomes.length} ends`);
  broken.push(...(await afterwards({ gateway, clock, world, providers, call })));
  check();
  const graceMs = 10_000;
  let closed = false;
  void gateway.close({ graceMs }).then(() => (closed = true));
  // Calls under way and work in the background may each take that long.
  await clock.pass(3 * graceMs);
  if (!closed) broken.push('the gateway does not close');
  broken.push(...checkEnd(simulation, clock));
  return simulation;
}

/** A stream that was given up before it was read was never sent. */
function isOver({ outcome, outcomes, callId }: MadeCall): boolean {
  return outcome !== undefined && (outcomes.length > 0 || callId === undefined);
}

function attemptsUnderWay({ decisions }: MadeCall): number {
  return decisions.reduce((count, { what }) => (what === 'attempt-start' ? count + 1 : what === 'attempt-end' ? count - 1 : count), 0);
}

interface Remains {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly world: World;
  readonly providers: readonly SimulatedProvider[];
  call(model: string, manner: Manner): MadeCall;
}

/** When all is well again, and long enough has passed: every target answers, and none of its slots is lost. */
async function afterwards({ gateway, clock, world, providers, call }: Remains): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { target, inFlight } of gateway.health()) if (inFlight !== 0) problems.push(`${inFlight} attempts at ${target.provider}/${target.model} are still counted as under way`);
  for (const provider of providers) provider.weather = 'well';
  await clock.pass(LONGEST_REST_MS + 1000);
  const { probes } = world.options.circuitBreaker;
  const { maxConcurrent } = world.options.concurrency;
  for (const model of new Set(world.route.targets.map((target) => (typeof target === 'string' ? target : target.model)))) {
    for (let probe = 0; probe < probes; probe++) {
      call(model, PATIENT);
      await clock.pass(60_000);
    }
    const together = Array.from({ length: maxConcurrent }, () => call(model, PATIENT));
    await clock.pass(60_000);
    for (const { outcome, decisions } of together) {
      if (outcome !== 'ok') problems.push(`${model} does not recover: ${outcome ?? 'no end'}`);
      else if (decisions.some(({ what, by }) => what === 'waited' && by === 'concurrency')) problems.push(`a slot of ${model} is lost`);
    }
  }
  return problems;
}
