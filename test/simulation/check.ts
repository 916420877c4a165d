import type { AttemptReport, Decision, ErrorCode } from 'headgate';
import type { MadeCall } from './caller.ts';
import type { Clock } from './clock.ts';
import type { Visit } from './provider.ts';
import type { Simulation } from './run.ts';
import type { World } from './world.ts';

/** How long after its deadline or its abort a call may end, in milliseconds: what interceptors are given to notice. */
const NOTICE_MS = 50;

/** Refused here, so never an attempt. */
const LOCAL: ReadonlySet<string> = new Set<ErrorCode>(['circuit_open', 'concurrency_exceeded', 'rate_limited', 'interceptor_failed', 'config', 'no_eligible_target', 'closed', 'exhausted']);
/** Never for the same target again, unless the provider itself asks for it. */
const NEVER_AGAIN: ReadonlySet<string> = new Set<ErrorCode>([
  'authentication', 'permission', 'not_found', 'invalid_request', 'context_length', 'content_filter', 'quota_exhausted', 'first_content_timeout', 'idle_timeout', 'attempt_timeout',
  'unsupported', 'cancelled', 'deadline_exceeded',
]);
/** No target would do better. */
const FINAL: ReadonlySet<string> = new Set<ErrorCode>(['invalid_request', 'cancelled', 'deadline_exceeded']);

/** What one call broke, once it has ended. */
export function checkCall(made: MadeCall, simulation: Simulation): readonly string[] {
  const { world } = simulation;
  const visits = simulation.visits.filter(({ callId }) => callId === made.callId);
  return [...checkOutcome(made, visits), ...checkTime(made, world), ...checkAttempts(made, world), ...checkRetries(made, world, visits)];
}

function* checkOutcome(made: MadeCall, visits: readonly Visit[]): Iterable<string> {
  yield* made.strange;
  if (made.callId !== undefined && made.outcomes.length !== 1) yield `the pipeline ended ${made.outcomes.length} times`;
  const [end] = made.outcomes;
  if (made.outcome === 'ok' && end?.status !== 'ok') yield `its caller got an answer, the pipeline saw ${end?.status}`;
  if (made.error !== undefined && made.report === undefined) yield 'its error has no report';
  if (made.outcome === 'interceptor_failed' || made.outcome === 'config' || made.outcome === 'silence') yield `it ended with ${made.outcome}: ${made.error?.message}`;
  if (made.responseText !== undefined && made.responseText !== made.text) yield `the reader had ${JSON.stringify(made.text)}, the response holds ${JSON.stringify(made.responseText)}`;

  // What the reader had is what some of the call's visits said, each from its beginning, one after the other.
  const said = visits.map((visit) => visit.said.join(''));
  let rest = made.text;
  for (const text of said) rest = rest.startsWith(text) && text !== '' ? rest.slice(text.length) : rest;
  if (rest !== '' && !said.some((text) => text.startsWith(rest))) yield `its reader was given ${JSON.stringify(rest)}, which nobody said in that order`;
}

function* checkTime(made: MadeCall, { options }: World): Iterable<string> {
  const endedAt = made.outcomes[0]?.at ?? made.settledAt ?? Infinity;
  const late = NOTICE_MS + made.suspendedMs;
  if (made.timeoutMs !== undefined && endedAt > made.startedAt + made.timeoutMs + late) yield `it ended ${endedAt - made.startedAt - made.timeoutMs} ms after its deadline`;
  if (made.givenUp !== undefined && endedAt > made.givenUp.at + late) yield `it ended ${endedAt - made.givenUp.at} ms after its ${made.givenUp.how}`;
  const settledAt = made.settledAt ?? 0;
  if (!made.streaming && made.givenUp !== undefined && settledAt > made.givenUp.at + late) yield `its caller heard of it ${settledAt - made.givenUp.at} ms after its ${made.givenUp.how}`;
  for (const decision of made.decisions) {
    if (decision.what !== 'waited') continue;
    const cap = decision.by === 'throttle' ? options.throttle.maxWaitMs : decision.by === 'concurrency' ? options.concurrency.queueTimeoutMs : Infinity;
    if (decision.waitMs > cap + 1 + made.suspendedMs) yield `it waited ${decision.waitMs} ms in ${decision.by}, which may take ${cap} ms`;
  }
}

function* checkAttempts(made: MadeCall, world: World): Iterable<string> {
  const attempts = attemptsOf(made.decisions);
  const most = Math.max(world.options.retry.maxAttempts, candidatesOf(world, made));
  if (attempts.length > most) yield `it made ${attempts.length} attempts, ${most} are allowed`;
  for (const [at, attempt] of attempts.entries()) {
    const next = attempts[at + 1];
    if (LOCAL.has(attempt.outcome)) yield `attempt ${attempt.index} counts, and was refused here: ${attempt.outcome}`;
    if (next === undefined) continue;
    if (attempt.outcome === 'ok') yield `attempt ${next.index} follows one that answered`;
    // The provider itself may ask for another try; that may then be refused here, which leads on.
    if (FINAL.has(attempt.outcome) && next.kind !== 'retry' && !wasToBeRetried(made.decisions, attempt)) yield `attempt ${next.index} follows ${attempt.outcome}`;
    if (made.streaming && attempt.timeToFirstContentMs !== undefined && next.kind !== 'continue') yield `attempt ${next.index} is a ${next.kind} though attempt ${attempt.index} had given content`;
  }
}

/** Whether a retry was decided on after this attempt. */
function wasToBeRetried(decisions: readonly Decision[], attempt: AttemptReport): boolean {
  const end = decisions.findIndex((decision) => decision.what === 'attempt-end' && decision.report.index === attempt.index);
  const after = decisions.slice(end + 1);
  const next = after.findIndex(({ what }) => what === 'attempt-start');
  return after.slice(0, next).some((decision) => decision.what === 'retry' && decision.code === attempt.outcome);
}

function* checkRetries(made: MadeCall, { options }: World, visits: readonly Visit[]): Iterable<string> {
  let last: AttemptReport | undefined;
  let billed = 0;
  for (const decision of made.decisions) {
    if (decision.what === 'attempt-end') last = decision.report;
    if (decision.what !== 'retry') continue;
    if (decision.waitMs > options.retry.maxWaitMs) yield `a retry waits ${decision.waitMs} ms, ${options.retry.maxWaitMs} are allowed`;
    if (made.deadline !== undefined && decision.at + decision.waitMs >= made.deadline) yield 'a retry waits past the deadline';
    const askedFor = last !== undefined && visits[last.index - 1]?.asksForMore === true;
    if (LOCAL.has(decision.code) || (NEVER_AGAIN.has(decision.code) && !askedFor)) yield `a retry after ${decision.code}`;
    if (last?.certainty === 'possibly_billed' && ++billed > 1) yield 'a second retry after an attempt that may have been billed';
  }
}

/** While no call is under way, only open circuits wait for something: one timer each. */
export function checkIdle({ decisions }: Simulation, clock: Clock): readonly string[] {
  const open = new Set<string>();
  for (const decision of decisions) {
    if (decision.what !== 'circuit' || decision.target === undefined) continue;
    if (decision.state === 'open') open.add(decision.target);
    else open.delete(decision.target);
  }
  return clock.pending > open.size ? [`${clock.pending} timers at ${clock.now} ms, with no call under way and ${open.size} open circuits`] : [];
}

/** Once all is over: nothing is left behind, and no open circuit let anybody through. */
export function* checkEnd({ calls, visits, decisions }: Simulation, clock: Clock): Iterable<string> {
  if (clock.pending > 0) yield `${clock.pending} timers are left`;
  for (const visit of visits) if (!visit.over && !visit.deaf) yield `visit ${visit.number} at ${visit.target} was never told to stop`;
  for (const made of calls) {
    const left = made.listeners();
    if (left > 0) yield `call ${made.number} left ${left} listeners on its caller's signal`;
    const started = made.decisions.filter(({ what }) => what === 'attempt-start').map(({ index }) => index);
    const ended = made.decisions.filter(({ what }) => what === 'attempt-end').map(({ index }) => index);
    if (started.toSorted().join() !== ended.toSorted().join() || new Set(started).size !== started.length) yield `call ${made.number} started attempts ${started.join()} and ended ${ended.join()}`;
    const asked = visits.filter(({ callId }) => callId === made.callId).length;
    if (asked !== started.length) yield `call ${made.number} asked ${asked} times and reports ${started.length} attempts`;
  }
  yield* whileOpen(decisions);
}

function* whileOpen(decisions: readonly Decision[]): Iterable<string> {
  const open = new Set<string>();
  for (const decision of decisions) {
    const { target = '' } = decision;
    if (decision.what === 'circuit' && decision.state === 'open') open.add(target);
    else if (decision.what === 'circuit') open.delete(target);
    else if (decision.what === 'attempt-start' && open.has(target)) yield `an attempt at ${target} began while its circuit was open`;
  }
}

function attemptsOf(decisions: readonly Decision[]): readonly AttemptReport[] {
  return decisions.flatMap((decision) => (decision.what === 'attempt-end' ? [decision.report] : [])).toSorted((a, b) => a.index - b.index);
}

/** How many there are to go to: the targets of the route and of the detours it took, with each of their keys. */
function candidatesOf(world: World, { model, decisions }: MadeCall): number {
  if (model !== 'smart') return withKeys(world, [model]);
  const { targets, onContextLength = [], onContentFilter = [] } = world.route;
  const codes = new Set(decisions.flatMap((decision) => (decision.what === 'attempt-end' ? [decision.report.outcome] : [])));
  return withKeys(world, [
    ...targets.map((target) => (typeof target === 'string' ? target : target.model)),
    // A plain failure may be a prompt that is too long, too.
    ...(codes.has('context_length') || codes.has('server_error') ? onContextLength : []),
    ...(codes.has('content_filter') ? onContentFilter : []),
  ]);
}

function withKeys({ providers }: World, targets: readonly string[]): number {
  return [...new Set(targets)].reduce((sum, target) => sum + Math.max(1, providers.find(({ name }) => target.startsWith(`${name}/`))?.credentials.length ?? 0), 0);
}
