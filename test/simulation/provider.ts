import { ProviderError, type AdapterContext, type AdapterEvent, type AdapterResponse, type Certainty, type ProviderAdapter, type ProviderCode } from 'headgate';
import type { Chance } from './seed.ts';

/** One time an adapter was asked. */
export interface Visit {
  readonly number: number;
  readonly callId: string;
  /** `provider/model`. */
  readonly target: string;
  readonly credential: string | undefined;
  /** The text it has given, piece by piece. No two visits say the same. */
  readonly said: string[];
  /** It does not hear an abort, and never ends. */
  readonly deaf: boolean;
  /** Its answer says that the same request may be sent again. */
  readonly asksForMore: boolean;
  over: boolean;
}

/** A provider whose every answer is left to chance, within what its weather allows. */
export interface SimulatedProvider {
  readonly adapter: ProviderAdapter;
  weather: Weather;
}

type Ending = 'whole' | 'error' | 'cut' | 'foreign' | 'silence' | 'deafness';

interface Kind {
  readonly endings: Readonly<Record<Ending, number>>;
  readonly codes: readonly ProviderCode[];
  /** Milliseconds. */
  readonly slowest: number;
}

const FAILING: readonly ProviderCode[] = ['server_error', 'overloaded', 'network', 'connect_timeout', 'invalid_response'];
const EVERY: readonly ProviderCode[] = [
  ...FAILING, 'authentication', 'permission', 'not_found', 'invalid_request', 'context_length', 'content_filter', 'provider_rate_limit', 'quota_exhausted',
  'first_content_timeout', 'idle_timeout', 'attempt_timeout', 'stream_interrupted', 'unsupported',
];
const NEVER: Readonly<Record<Ending, number>> = { whole: 0, error: 0, cut: 0, foreign: 0, silence: 0, deafness: 0 };

const WEATHERS = {
  well: { endings: { ...NEVER, whole: 1 }, codes: [], slowest: 100 },
  flaky: { endings: { ...NEVER, whole: 6, error: 3, cut: 1, silence: 0.3, foreign: 0.2 }, codes: FAILING, slowest: 3000 },
  down: { endings: { ...NEVER, error: 9, silence: 1 }, codes: FAILING, slowest: 1000 },
  limited: { endings: { ...NEVER, error: 5, whole: 1 }, codes: ['provider_rate_limit', 'provider_rate_limit', 'quota_exhausted'], slowest: 300 },
  silent: { endings: { ...NEVER, silence: 5, deafness: 1, whole: 1 }, codes: [], slowest: 20_000 },
  cutting: { endings: { ...NEVER, cut: 5, error: 2, whole: 3 }, codes: FAILING, slowest: 2000 },
  wild: { endings: { whole: 2, error: 5, cut: 1, foreign: 1, silence: 1, deafness: 0.5 }, codes: EVERY, slowest: 30_000 },
} as const satisfies Readonly<Record<string, Kind>>;

export type Weather = keyof typeof WEATHERS;
export const WEATHER_NAMES = Object.keys(WEATHERS) as readonly Weather[]; // its own keys

/** Drawn as a whole before anything happens, so that what happens meanwhile moves no later draw. */
interface Fate {
  readonly ending: Ending;
  readonly latencyMs: number;
  /** When it says that it was sent, and answered: before it waits, after it, or never. */
  readonly sent: 'before' | 'after' | 'never';
  readonly answered: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** Pieces of text before the ending. */
  readonly pieces: number;
  readonly gapMs: number;
  readonly toolCall: boolean;
  readonly pings: boolean;
  readonly usage: boolean;
  readonly code: ProviderCode;
  readonly certainty: Certainty;
  readonly retryAfterMs: number | undefined;
  /** A failure that may be the length of the prompt. */
  readonly unclear: boolean;
}

function fateOf(weather: Weather, chance: Chance): Fate {
  const { endings, codes, slowest }: Kind = WEATHERS[weather];
  const ending = chance.weighted(endings);
  const early = ending === 'error' ? 0.8 : ending === 'whole' ? 0.05 : 0.4;
  return {
    ending,
    latencyMs: chance.scale(slowest),
    sent: chance.weighted({ before: 7, after: 2, never: 1 }),
    answered: chance.maybe(0.5),
    headers: weather === 'well' ? {} : {
      ...(chance.maybe(0.1) && { 'x-ratelimit-limit-requests': `${chance.whole(10, 500)}`, 'x-ratelimit-remaining-requests': `${chance.whole(0, 10)}`, 'x-ratelimit-reset-requests': `${chance.scale(60)}s` }),
      ...(chance.maybe(0.05) && { 'x-should-retry': chance.pick(['true', 'false']) }),
    },
    pieces: chance.maybe(early) ? 0 : chance.whole(1, 4),
    gapMs: chance.maybe(0.5) ? 0 : chance.scale(slowest),
    toolCall: chance.maybe(0.1),
    pings: chance.maybe(0.3),
    usage: chance.maybe(0.8),
    code: codes.length === 0 ? 'server_error' : chance.pick(codes),
    certainty: chance.pick<Certainty>(['not_sent', 'refused', 'refused', 'possibly_billed', 'started']),
    retryAfterMs: chance.maybe(0.6) ? undefined : chance.pick([0, 1, chance.scale(1000), chance.scale(20_000), chance.scale(10_000_000)]),
    unclear: chance.maybe(0.2),
  };
}

export interface ProviderPlan {
  readonly name: string;
  readonly credentials: readonly string[];
  readonly methods: 'chat' | 'stream' | 'both';
}

/** `visits` is where it writes down each time it was asked. */
export function simulatedProvider({ name, credentials, methods }: ProviderPlan, chance: Chance, visits: Visit[]): SimulatedProvider {
  function enter(context: AdapterContext): { readonly visit: Visit; readonly fate: Fate } {
    const fate = fateOf(provider.weather, chance);
    const visit: Visit = { number: visits.length + 1, callId: context.callId, target: `${name}/${context.model}`, credential: context.credential, said: [], deaf: fate.ending === 'deafness', asksForMore: fate.headers['x-should-retry'] === 'true', over: false };
    visits.push(visit);
    return { visit, fate };
  }

  /** What every answer begins with. */
  async function begin(fate: Fate, { signal, sent, answered }: AdapterContext): Promise<void> {
    if (fate.sent === 'before') sent();
    await pause(fate.latencyMs, signal);
    if (fate.sent === 'after') sent();
    if (fate.answered) answered({ status: fate.ending === 'error' && fate.pieces === 0 ? 500 : 200, headers: fate.headers });
  }

  /** What every answer ends with, unless it ends well. */
  async function endBadly({ ending, ...fate }: Fate, { signal }: AdapterContext): Promise<void> {
    if (ending === 'silence') await pause(Infinity, signal);
    if (ending === 'deafness') await new Promise(() => {});
    if (ending === 'foreign') throw new TypeError('something in the adapter is not what it seems');
    if (ending !== 'error') return;
    throw new ProviderError(fate.code, `${name} was fated to fail`, {
      certainty: fate.certainty,
      retryAfterMs: fate.retryAfterMs,
      mayMean: fate.unclear && fate.code === 'server_error' ? 'context_length' : undefined,
      facts: { status: 500, headers: fate.headers },
    });
  }

  function say(visit: Visit): string {
    const text = `visit${visit.number}.${visit.said.length} `;
    visit.said.push(text);
    return text;
  }

  async function chat(_request: unknown, context: AdapterContext): Promise<AdapterResponse> {
    const { visit, fate } = enter(context);
    try {
      await begin(fate, context);
      await endBadly(fate, context);
      if (fate.ending === 'cut') throw new ProviderError('network', `${name} broke off`, { certainty: 'possibly_billed' });
      return { id: 'r', model: context.model, content: [{ type: 'text', text: say(visit) }], finishReason: 'stop', ...(fate.usage && { usage: { inputTokens: 3, outputTokens: 2 } }) };
    } finally {
      visit.over = true;
    }
  }

  async function* stream(_request: unknown, context: AdapterContext): AsyncGenerator<AdapterEvent> {
    const { visit, fate } = enter(context);
    try {
      await begin(fate, context);
      yield { type: 'start', id: 'r', model: context.model };
      for (let piece = 0; piece < fate.pieces; piece++) {
        if (piece > 0 && fate.gapMs > 0) await pause(fate.gapMs, context.signal);
        if (fate.pings) context.alive();
        yield { type: 'text-delta', text: say(visit) };
      }
      if (fate.toolCall && fate.pieces > 0) {
        yield { type: 'tool-call-start', id: 't', name: 'f' };
        yield { type: 'tool-call-delta', id: 't', json: '{}' };
        yield { type: 'tool-call-end', id: 't' };
      }
      await endBadly(fate, context);
      if (fate.ending === 'whole') yield { type: 'finish', finishReason: 'stop', ...(fate.usage && { usage: { inputTokens: 3, outputTokens: 2 } }) };
    } finally {
      visit.over = true;
    }
  }

  const provider: SimulatedProvider = {
    weather: 'well',
    adapter: {
      name,
      ...(credentials.length > 0 && { credentials }),
      ...(methods !== 'stream' && { chat }),
      ...(methods !== 'chat' && { stream }),
    },
  };
  return provider;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = ms === Infinity ? undefined : setTimeout(done, ms);
    signal.addEventListener('abort', stop);
    function done(): void {
      signal.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      reject(signal.reason);
    }
  });
}
