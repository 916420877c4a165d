import type { AdapterContext, AdapterEvent, AnswerFacts, ProviderAdapter } from '../../src/types/adapter.js';
import type { ChatRequest, Warning } from '../../src/types/chat.js';

const QUESTION: ChatRequest = { model: 'any', messages: [{ role: 'user', content: 'Hello' }] };

/** A context, and what the adapter said to it. */
export interface Told extends AdapterContext {
  readonly sentTimes: number;
  readonly facts: readonly AnswerFacts[];
  readonly warnings: readonly Warning[];
}

export function context(changes: Partial<AdapterContext> = {}): Told {
  const facts: AnswerFacts[] = [];
  const warnings: Warning[] = [];
  let sentTimes = 0;
  return {
    model: 'test-model',
    credential: undefined,
    signal: new AbortController().signal,
    callId: 'call',
    headers: {},
    warn: (warning) => void warnings.push(warning),
    sent: () => void sentTimes++,
    answered: (fact) => void facts.push(fact),
    alive: () => {},
    ...changes,
    get sentTimes() {
      return sentTimes;
    },
    facts,
    warnings,
  };
}

export function chat(adapter: ProviderAdapter, asked: AdapterContext = context(), request: ChatRequest = QUESTION): ReturnType<NonNullable<ProviderAdapter['chat']>> {
  if (adapter.chat === undefined) throw new Error(`${adapter.name} has no chat`);
  return adapter.chat(request, asked);
}

export function stream(adapter: ProviderAdapter, asked: AdapterContext = context(), request: ChatRequest = QUESTION): AsyncIterable<AdapterEvent> {
  if (adapter.stream === undefined) throw new Error(`${adapter.name} has no stream`);
  return adapter.stream(request, asked);
}

export function embed(adapter: ProviderAdapter, input: readonly string[], asked: AdapterContext = context()): ReturnType<NonNullable<ProviderAdapter['embed']>> {
  if (adapter.embed === undefined) throw new Error(`${adapter.name} has no embed`);
  return adapter.embed({ model: 'any', input }, asked);
}

export async function collect(events: AsyncIterable<AdapterEvent>): Promise<AdapterEvent[]> {
  const all: AdapterEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

export function textIn(events: readonly AdapterEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

/** What it threw; fails the test when it did not. */
export async function thrownBy(work: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves when the condition holds; fails after a second. */
export async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 1000) throw new Error('this did not happen within a second');
    await delay(5);
  }
}

/** Promises that were rejected with nobody listening, while `work` ran and shortly after. */
export async function unhandledDuring(work: () => Promise<void>): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const listener = (reason: unknown): void => void found.push(reason);
  // vitest listens too and would fail the run: its listeners are put aside meanwhile.
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', listener);
  try {
    await work();
    await delay(50);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  }
  return found;
}
