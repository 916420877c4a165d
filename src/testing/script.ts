import { ConfigError } from '../errors.js';
import { isEmbedding, isError, type ErrorReply } from './reply.js';
import { describeCall, describeMatcher, matches, type Matcher, type OperationKind, type ScriptCall } from './script-call.js';

/** A reply, or a function that makes it from the call. */
export type ReplyFor<Call, Reply> = Reply | ((call: Call) => Reply | Promise<Reply>);

/** What answers a kind of call. */
export interface Replies<Call, Reply> {
  /** The next calls get these, one each, in order. */
  reply(...replies: readonly ReplyFor<Call, Reply>[]): this;
  /** The next call fails. The same as `reply({ error, ...details })`. */
  fail(error: ErrorReply['error'], details?: Omit<ErrorReply, 'error'>): this;
  /** Every call that finds no other reply gets this one. */
  always(reply: ReplyFor<Call, Reply>): this;
}

/** How `mockProvider` and `fakeServer` are told what to answer, and asked what came. */
export interface Script<Call extends ScriptCall, Reply> extends Replies<Call, Reply> {
  /** Replies for the calls that match. Matchers are asked in the order they were made, before the replies that match everything. */
  on(matcher: Matcher<Call>): Replies<Call, Reply>;
  /** Every call so far, oldest first. */
  readonly calls: readonly Call[];
  /** Throws when a reply was never asked for, or a call came that nothing answers. */
  assertDone(): void;
  /** Forgets replies and calls. */
  reset(): void;
}

/** Thrown for a call that nothing answers, and by `assertDone()`. Says what was expected and what came. */
export class UnexpectedCallError extends Error {
  override readonly name = 'UnexpectedCallError';
}

/** The script with its inner side: `take` finds the reply of a call. */
export interface ScriptBook<Call extends ScriptCall, Reply> {
  readonly script: Script<Call, Reply>;
  /** Remembers the call. Not every call is: a server that feeds a benchmark keeps none. */
  record(call: Call): void;
  /** The reply for this call. Rejects with an UnexpectedCallError when there is none. */
  take(call: Call): Promise<Reply>;
  /** Remembers for `assertDone()` what went wrong beside the script. */
  miss(message: string): UnexpectedCallError;
}

interface Rule<Call, Reply> {
  readonly matcher: Matcher<Call> | undefined;
  queue: ReplyFor<Call, Reply>[];
  standing: ReplyFor<Call, Reply> | undefined;
}

export function scriptBook<Call extends ScriptCall, Reply>(name: string): ScriptBook<Call, Reply> {
  let rules: Rule<Call, Reply>[] = [];
  let everything = ruleFor<Call, Reply>(undefined);
  let calls: Call[] = [];
  let unexpected: UnexpectedCallError[] = [];
  // Asked through a function, because `reset` replaces the rule.
  const general = repliesOf(() => everything);

  const script: Script<Call, Reply> = {
    reply(...replies) {
      general.reply(...replies);
      return this;
    },
    fail(error, details) {
      general.fail(error, details);
      return this;
    },
    always(reply) {
      general.always(reply);
      return this;
    },
    on(matcher) {
      const rule = ruleFor<Call, Reply>(matcher);
      rules.push(rule);
      return repliesOf(() => rule);
    },
    get calls() {
      return calls;
    },
    assertDone() {
      const first = unexpected[0];
      if (first !== undefined) throw first;
      const left = [...rules, everything].filter((rule) => rule.queue.length > 0);
      if (left.length === 0) return;
      throw new UnexpectedCallError(`${name}: replies were never asked for\n${left.map(describeRule).join('\n')}\n${describeCalls(calls)}`);
    },
    reset() {
      rules = [];
      everything = ruleFor<Call, Reply>(undefined);
      calls = [];
      unexpected = [];
    },
  };

  async function take(call: Call): Promise<Reply> {
    for (const rule of [...rules, everything]) {
      if (rule.matcher !== undefined && !matches(rule.matcher, call)) continue;
      const next = rule.queue.shift() ?? rule.standing;
      if (next === undefined) continue;
      // `typeof` cannot tell a Reply that is a function from one that makes replies: no reply is a function.
      const reply = typeof next === 'function' ? await (next as (call: Call) => Reply | Promise<Reply>)(call) : next;
      checkFits(reply, call.operation);
      return reply;
    }
    const open = [...rules, everything].filter((rule) => rule.queue.length > 0 || rule.standing !== undefined);
    const expected = open.length === 0 ? '  no more calls' : open.map(describeRule).join('\n');
    throw miss(`nothing answers this call\n  ${describeCall(call)}\nexpected\n${expected}\n${describeCalls(calls.filter((one) => one !== call))}`);
  }

  function checkFits(reply: Reply, operation: OperationKind): void {
    const embeds = typeof reply === 'object' && reply !== null && isEmbedding(reply);
    const fitsAny = typeof reply === 'object' && reply !== null && (isError(reply) || 'body' in reply);
    if (fitsAny || embeds === (operation === 'embed')) return;
    throw miss(operation === 'embed' ? 'an embed call met a chat reply; give it { embeddings }' : 'a chat call met a reply with embeddings; give it { text } or another answer');
  }

  function miss(message: string): UnexpectedCallError {
    const error = new UnexpectedCallError(`${name}: ${message}`);
    unexpected.push(error);
    return error;
  }

  return {
    script,
    record: (call) => {
      calls.push(call);
    },
    take,
    miss,
  };
}

/** One object with the methods of both. Its getters stay getters, and chained calls give it back. */
export function withScript<Own extends object, Call extends ScriptCall, Reply>(script: Script<Call, Reply>, own: Own): Own & Script<Call, Reply> {
  // The compiler cannot follow property descriptors.
  return Object.defineProperties({}, { ...Object.getOwnPropertyDescriptors(script), ...Object.getOwnPropertyDescriptors(own) }) as Own & Script<Call, Reply>;
}

function ruleFor<Call, Reply>(matcher: Matcher<Call> | undefined): Rule<Call, Reply> {
  return { matcher, queue: [], standing: undefined };
}

function repliesOf<Call extends ScriptCall, Reply>(rule: () => Rule<Call, Reply>): Replies<Call, Reply> {
  return {
    reply(...replies) {
      rule().queue.push(...replies);
      return this;
    },
    fail(error, details) {
      // Every reply vocabulary of the kit contains ErrorReply; the type parameter cannot say so.
      const reply: ErrorReply = { ...details, error };
      rule().queue.push(reply as Reply);
      return this;
    },
    always(reply) {
      if (reply === undefined) throw new ConfigError('always() needs a reply: a string, an object or a function');
      rule().standing = reply;
      return this;
    },
  };
}

function describeRule<Call extends ScriptCall, Reply>(rule: Rule<Call, Reply>): string {
  const count = rule.queue.length > 0 ? `${rule.queue.length} more` : 'any number';
  return `  ${describeMatcher(rule.matcher)}: ${rule.standing === undefined ? count : 'any number'}`;
}

function describeCalls(calls: readonly ScriptCall[]): string {
  return calls.length === 0 ? 'no calls came before' : `calls that came before\n${calls.map((call) => `  ${describeCall(call)}`).join('\n')}`;
}
