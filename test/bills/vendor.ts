import type { ProviderAdapter } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import { fakeServer, type FakeRequest, type ServerReply } from 'headgate/testing';
import type { Chance } from '../simulation/seed.ts';
import { billOf, usageOf, type Tokens, type VendorName } from './price-list.ts';
import { wordsIn, wordsOf } from './words.ts';

/** One line of a vendor's bill: one request that it saw. */
export interface BillLine {
  readonly vendor: VendorName;
  readonly attempt: string;
  readonly requestId: string;
  /** What was wrong with the answer, as this vendor knows. */
  readonly trouble: Trouble;
  /** It sent a whole answer, and nobody left before it had been written. */
  readonly whole: boolean;
  readonly tokens: Tokens;
  readonly nanoUsd: bigint;
}

export interface Vendor {
  readonly name: VendorName;
  readonly adapter: ProviderAdapter;
  /** Every request so far, when all of them are over. */
  bill(): Promise<readonly BillLine[]>;
  close(): Promise<void>;
}

const TROUBLES = {
  none: 76, 'dropped socket': 1, refused: 8, 'bad gateway': 2, 'reset before the answer': 2, mute: 0.3, 'a web page': 1,
  cut: 2, closed: 2, reset: 2, malformed: 1, 'error inside': 2, stalled: 0.4,
};
type Trouble = keyof typeof TROUBLES;
const REFUSALS = ['provider_rate_limit', 'server_error', 'server_error', 'permission', 'context_length'] as const;

/** How many events come before the first word. */
const EVENTS_BEFORE: Readonly<Partial<Record<NonNullable<FakeRequest['dialect']>, number>>> = { 'openai-chat': 1, 'openai-responses': 4, 'anthropic-messages': 3, 'google-generate-content': 0 };
/** What roles, separators and the like come to. */
const TOKENS_AROUND = 7;

interface Open {
  readonly request: FakeRequest;
  readonly requestId: string;
  readonly trouble: Trouble;
  readonly tokens: Tokens;
  /** Words in what is sent. */
  readonly words: number;
  /** Where no answer is seen, whether the work was done, and billed, all the same. */
  readonly worked: boolean;
}

/** A vendor on a socket, that answers badly now and then (`hangs`: or falls silent) and keeps a bill of its own: in whole for whole answers, else for what it had sent. */
export async function openVendor(name: VendorName, chance: Chance, hangs: boolean): Promise<Vendor> {
  const server = await fakeServer({ record: false });
  const troubles: Readonly<Record<Trouble, number>> = hangs ? TROUBLES : { ...TROUBLES, mute: 0, stalled: 0 };
  const lines: BillLine[] = [];
  let open: Open[] = [];
  let requests = 0;

  function answer(request: FakeRequest): ServerReply {
    if (open.length > 2000) settle();
    const tokens = draw(request);
    const trouble = chance.weighted(troubles);
    const words = wordsOf(chance, /^(?:cut|closed|reset|error inside|stalled)$/.test(trouble) ? chance.whole(0, tokens.visible) : tokens.visible);
    const requestId = `${name}-${++requests}`;
    open.push({ request, requestId, trouble, tokens, words: words.length, worked: chance.maybe(0.5) });
    return replyTo(request, trouble, tokens, words, { 'x-request-id': requestId });
  }

  function draw(request: FakeRequest): Tokens {
    const input = wordsIn(request.body) + TOKENS_AROUND;
    const embeds = request.operation === 'embed';
    const caches = !embeds && name !== 'compatible' && name !== 'silent' && input > 100 && chance.maybe(0.5);
    const cacheRead = caches ? chance.whole(0, Math.floor(input * 0.9)) : 0;
    const written = caches && name === 'anthropic' ? chance.whole(0, input - cacheRead) : 0;
    const cacheWriteLong = chance.whole(0, written);
    return {
      fresh: input - cacheRead - written,
      cacheRead,
      cacheWrite: written - cacheWriteLong,
      cacheWriteLong,
      visible: embeds ? 0 : chance.scale(60),
      hidden: !embeds && name !== 'silent' && chance.maybe(0.1) ? chance.scale(300) : 0,
    };
  }

  function replyTo(request: FakeRequest, trouble: Trouble, tokens: Tokens, text: readonly string[], headers: Readonly<Record<string, string>>): ServerReply {
    const timing = { headers, ...(chance.maybe(0.3) && { delayMs: chance.whole(1, 8) }), ...(chance.maybe(0.15) && { chunkDelayMs: 1 }) };
    const usage = name === 'silent' ? null : usageOf(tokens);
    const good: ServerReply = request.operation === 'embed' ? { ...timing, embeddings: { dimensions: 3 }, usage } : { ...timing, text, usage };
    switch (trouble) {
      case 'refused':
        return { ...timing, error: chance.pick(REFUSALS) };
      case 'bad gateway':
        return { ...timing, error: 'server_error', status: 502 };
      case 'reset before the answer':
        return { ...timing, error: 'network' };
      case 'mute':
        return { ...timing, error: 'first_content_timeout' };
      case 'a web page':
        return { ...timing, error: 'invalid_response' };
      case 'dropped socket':
        return { ...good, dropSocket: true };
      default:
        if (!('text' in good) || trouble === 'none') return good;
        return { ...good, ending: ({ cut: 'cut', closed: 'close', reset: 'reset', malformed: 'malformed', 'error inside': { error: 'server_error' }, stalled: 'hang' } as const)[trouble] };
    }
  }

  /** Writes the lines of requests that are over, and forgets them. */
  function settle(): void {
    const [over, going] = [open.filter(({ request }) => request.ended), open.filter(({ request }) => !request.ended)];
    open = going;
    for (const one of over) lines.push(lineOf(one));
  }

  function lineOf({ request, requestId, trouble, tokens, words, worked }: Open): BillLine {
    const good = trouble === 'none' || trouble === 'dropped socket' || (request.operation === 'embed' && !FAILS_EMBEDDINGS.has(trouble));
    const whole = good && !request.aborted;
    const billed = whole ? tokens : sent(request, trouble, tokens, words, worked);
    return { vendor: name, attempt: request.headers['x-attempt'] ?? '', requestId, trouble, whole, tokens: billed ?? NO_TOKENS, nanoUsd: billed === undefined ? 0n : billOf(name, billed) };
  }

  server.always(answer);
  return {
    name,
    adapter: adapterOf(name, server.baseUrls),
    async bill() {
      for (settle(); open.length > 0; settle()) await new Promise((resolve) => setTimeout(resolve, 20));
      return lines;
    },
    close: () => server.close(),
  };
}

/** The others are endings of a text, and there is none. */
const FAILS_EMBEDDINGS: ReadonlySet<Trouble> = new Set<Trouble>(['refused', 'bad gateway', 'reset before the answer', 'mute', 'a web page']);
const NO_TOKENS: Tokens = { fresh: 0, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0, visible: 0, hidden: 0 };

/** Of an answer that was not whole: the prompt, and the words that had gone out. Undefined: nothing is billed. */
function sent(request: FakeRequest, trouble: Trouble, tokens: Tokens, words: number, worked: boolean): Tokens | undefined {
  switch (trouble) {
    case 'refused':
    case 'a web page': // somebody before the vendor
      return undefined;
    case 'bad gateway':
    case 'reset before the answer':
      return worked ? tokens : undefined;
    default: {
      if (request.writes === 0) return worked ? { ...tokens, visible: 0, hidden: 0 } : undefined;
      if (!request.streaming) return tokens; // made whole before it was written
      const before = request.dialect === undefined ? 0 : (EVENTS_BEFORE[request.dialect] ?? 0);
      return { ...tokens, visible: Math.max(0, Math.min(words, request.writes - before)) };
    }
  }
}

function adapterOf(name: VendorName, { openai: baseUrl, anthropic: messages, google: models }: { readonly openai: string; readonly anthropic: string; readonly google: string }): ProviderAdapter {
  switch (name) {
    case 'openai':
      return openai({ apiKey: 'key', baseUrl });
    case 'anthropic':
      return anthropic({ apiKey: 'key', baseUrl: messages });
    case 'google':
      return google({ apiKey: 'key', baseUrl: models });
    case 'compatible':
    case 'silent':
      return openaiCompatible({ name, baseUrl });
    default:
      return name satisfies never;
  }
}
