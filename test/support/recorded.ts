import { createParser } from 'eventsource-parser';
import type { OutboundDialect, Scope, WireEvent } from '../../src/dialects/dialect.js';
import { ProviderError } from '../../src/errors.js';
import type { AdapterEvent } from '../../src/types/adapter.js';
import type { ProviderCode } from '../../src/types/codes.js';
import type { Exchange } from './fixtures.js';
import { differencesFrom } from './expected-facts.js';
import { foldEvents, type Folded } from './fold.js';

/** What a dialect made of one recorded exchange. `error` and content may both be there: a stream may fail after its first words. */
export interface Outcome extends Folded {
  readonly error: ProviderError | undefined;
  readonly events: readonly AdapterEvent[];
}

export interface ReplayOptions {
  /** @default the provider of the exchange, as name and as vendor */
  readonly scope?: Scope;
  /** Where to cut a streamed body, as byte offsets in rising order. @default nowhere */
  readonly cuts?: readonly number[];
  /** The code an error must have, by exchange id, where the status and the usual codes do not decide it. */
  readonly errorCodes?: Readonly<Record<string, ProviderCode>>;
}

/** Marks the event after which a stream may call itself complete. */
export type IsTerminal = (event: WireEvent) => boolean;

/** Decodes the exchange and compares with its expected facts. Readable differences; an empty list means that all agrees. */
export function check(dialect: OutboundDialect, exchange: Exchange, options: ReplayOptions = {}): readonly string[] {
  return differencesFrom(exchange, replay(dialect, exchange, options), options.errorCodes?.[exchange.id]);
}

/** Cuts the streamed body in `rounds` random ways, and between every two bytes when it is shorter than 2 KB: the outcome is the same each time. */
export function checkCuts(dialect: OutboundDialect, exchange: Exchange, rounds = 3, options: ReplayOptions = {}): readonly string[] {
  const whole = fingerprint(replay(dialect, exchange, options));
  const random = randomFrom(exchange.id);
  const ways: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round++) {
    ways.push(Array.from({ length: 12 }, () => Math.floor(random() * exchange.bytes.length)).toSorted((a, b) => a - b));
  }
  if (exchange.bytes.length < 2048) ways.push(Array.from(exchange.bytes.keys()));
  return ways
    .filter((cuts) => fingerprint(replay(dialect, exchange, { ...options, cuts })) !== whole)
    .map((cuts) => `cut at ${cuts.length > 20 ? 'every byte' : cuts.join(',')}: another result`);
}

/** Ends the body early in `rounds` random places before its terminal event: the stream never finishes, it throws or just ends. */
export function checkTruncated(dialect: OutboundDialect, exchange: Exchange, isTerminal: IsTerminal, rounds = 5, options: ReplayOptions = {}): readonly string[] {
  const random = randomFrom(`${exchange.id} truncated`);
  const found: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const length = Math.floor(random() * exchange.bytes.length);
    const cut = { ...exchange, bytes: exchange.bytes.subarray(0, length) };
    if (exchange.wire === 'sse' && eventsOf(cut, []).some((event) => terminalOrNot(event, isTerminal))) continue;
    if (exchange.wire === 'json-array') continue;
    const outcome = replay(dialect, cut, options);
    if (outcome.finishReason !== undefined) found.push(`finished after ${length} of ${exchange.bytes.length} bytes, without its terminal event`);
  }
  const events = eventsOf(exchange, []);
  const terminal = events.findIndex((event) => terminalOrNot(event, isTerminal));
  const before = decode(dialect, terminal === -1 ? events : events.slice(0, terminal), scopeOf(exchange, options));
  if (before.finishReason !== undefined) found.push('finished without its terminal event');
  return found;
}

/** Decodes the exchange: `fromError`, `fromResponse` or the stream decoder, as its status and wire say. Throws what is not a ProviderError. */
export function replay(dialect: OutboundDialect, exchange: Exchange, options: ReplayOptions = {}): Outcome {
  const scope = scopeOf(exchange, options);
  if (exchange.status >= 400) {
    const error = dialect.fromError({ provider: scope.provider, status: exchange.status, headers: lowerCase(exchange.headers), body: parsedOrText(exchange.bytes) });
    return { ...foldEvents([]), error, events: [] };
  }
  if (exchange.wire === 'sse' || exchange.wire === 'json-array') return decode(dialect, eventsOf(exchange, options.cuts ?? []), scope);
  try {
    const { id, model, content, finishReason, usage } = dialect.fromResponse(parsedOrText(exchange.bytes), scope);
    return { id, model, content, finishReason, usage, breaches: [], error: undefined, events: [] };
  } catch (error) {
    return { ...foldEvents([]), error: providerError(error), events: [] };
  }
}

/** The events of a streamed body cut at these byte offsets. A last event without its blank line counts. */
export function eventsOf(exchange: Exchange, cuts: readonly number[]): readonly WireEvent[] {
  if (exchange.wire === 'json-array') {
    const list = JSON.parse(new TextDecoder().decode(exchange.bytes)) as readonly unknown[];
    return list.map((item) => ({ data: JSON.stringify(item) }));
  }
  const events: WireEvent[] = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data }) });
  const decoder = new TextDecoder();
  let from = 0;
  for (const to of [...cuts, exchange.bytes.length]) {
    parser.feed(decoder.decode(exchange.bytes.subarray(from, to), { stream: true }));
    from = to;
  }
  parser.feed(`${decoder.decode()}\n\n`);
  return events;
}

function decode(dialect: OutboundDialect, wire: readonly WireEvent[], scope: Scope): Outcome {
  const decoder = dialect.fromStream(scope);
  const events: AdapterEvent[] = [];
  let error: ProviderError | undefined;
  try {
    for (const event of wire) events.push(...decoder.push(event));
    events.push(...decoder.end());
  } catch (thrown) {
    error = providerError(thrown);
  }
  return { ...foldEvents(events), error, events };
}

/** Neighbouring deltas may be cut differently; what they add up to may not. */
function fingerprint(outcome: Outcome): string {
  const { id, model, content, finishReason, usage, breaches, error } = outcome;
  return JSON.stringify({ id, model, content, finishReason, usage, breaches, code: error?.code });
}

function scopeOf(exchange: Exchange, options: ReplayOptions): Scope {
  return options.scope ?? { provider: exchange.provider, vendor: exchange.provider };
}

function providerError(thrown: unknown): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  throw thrown;
}

function parsedOrText(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A truncated event is not JSON, and a terminal test that parses it would throw. */
function terminalOrNot(event: WireEvent, isTerminal: IsTerminal): boolean {
  try {
    return isTerminal(event);
  } catch {
    return false;
  }
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** The same numbers for the same seed (mulberry32), so that a failure can be run again. */
function randomFrom(seed: string): () => number {
  let state = 0;
  for (const letter of seed) state = (Math.imul(state, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
