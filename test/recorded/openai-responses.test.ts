import { describe, expect, it } from 'vitest';
import type { WireEvent } from '../../src/dialects/dialect.js';
import { openaiResponses } from '../../src/dialects/openai-responses/dialect.js';
import { exchangeRows, haveFixtures, loadExchange, type Exchange } from '../support/fixtures.js';
import { check, checkCuts, checkTruncated, eventsOf, replay } from '../support/recorded.js';

const dialect = openaiResponses();
const rows = exchangeRows().filter((row) => row.api === 'openai.responses');

/** Facts that cannot hold, by exchange, each with its reason. Everything else about these exchanges is compared. */
const EXCEPTIONS: Readonly<Record<string, { readonly facts: readonly string[]; readonly reason: string }>> = {
  'openai/agentgateway-responses-stream': {
    facts: ['tool calls', 'finish'],
    reason: 'hand-written; its last event repeats no output, and the facts were read from there, so they miss the tool call that was streamed',
  },
  'openai/apisix-openai-responses-streaming': {
    facts: ['usage'],
    reason: 'hand-written; its last event holds usage and no output, and the facts, read through the output, miss the usage',
  },
  'openai/vercel-openai-shell-container-1-stream': {
    facts: ['text'],
    reason: 'edited by hand: the deltas spell another sentence than the closing events; what was streamed has been read and is not replaced',
  },
  'openai/vercel-github-copilot-id-rotation-1-stream': {
    facts: ['id'],
    reason: 'the server gives the response another id in its last event, and the facts take that one; ours is the one it started with',
  },
  'openai/vercel-openai-reasoning-encrypted-content-1-stream': {
    facts: ['reasoning'],
    reason: 'four responses in one file: the facts take the reasoning of the first and everything else of the last, and the last is what is decoded',
  },
};

/** Streams whose last event does not repeat what was streamed before it. */
const DIFFERENT_FINALS: Readonly<Record<string, string>> = {
  'openai/vercel-openai-shell-container-1-stream': 'edited by hand: the last event has another text',
  'openai/vercel-github-copilot-id-rotation-1-stream': 'every event gives an item another id',
  'openai/test-openai-responses-model-mcp-list-tools-stream-backfills-missing-results.0': 'the server never ends two of its items, so they come last instead of first',
};

/** Several responses in one file, one after another; the facts are those of the last. A stream ends with its first terminal event. */
const CONCATENATED: ReadonlySet<string> = new Set(['openai/vercel-openai-reasoning-encrypted-content-1-stream', 'openai/vercel-openai-shell-tool-1-stream']);

function isTerminal(event: WireEvent): boolean {
  return /^response\.(?:completed|incomplete)$/.test(typeOf(event));
}

function typeOf({ event, data }: WireEvent): string {
  return data === '[DONE]' ? '' : ((JSON.parse(data) as { readonly type?: string }).type ?? event ?? '');
}

function lastResponse(exchange: Exchange): Exchange {
  const text = new TextDecoder().decode(exchange.bytes);
  const created = text.lastIndexOf('"type":"response.created"');
  return { ...exchange, bytes: new TextEncoder().encode(text.slice(text.lastIndexOf('\n\n', created) + 2)) };
}

function load(row: (typeof rows)[number]): Exchange {
  const exchange = loadExchange(row);
  return CONCATENATED.has(row.id) ? lastResponse(exchange) : exchange;
}

describe.skipIf(!haveFixtures)('recorded traffic of the Responses API', () => {
  it('covers more than two hundred exchanges', () => {
    expect(rows.length).toBeGreaterThan(200);
  });

  it.each(rows.map((row) => [row.id, row] as const))('is decoded to its facts: %s', (id, row) => {
    const found = check(dialect, load(row));
    const excepted = EXCEPTIONS[id]?.facts ?? [];
    expect(found.filter((line) => !excepted.some((fact) => line.startsWith(`${fact}:`)))).toEqual([]);
    expect(excepted.filter((fact) => !found.some((line) => line.startsWith(`${fact}:`)))).toEqual([]);
  });

  const streams = rows.filter((row) => row.wire === 'sse').map((row) => [row.id, row] as const);

  it.each(streams)('does not depend on where the stream was cut: %s', (_id, row) => {
    expect(checkCuts(dialect, load(row))).toEqual([]);
  });

  it.each(streams)('never completes before the terminal event: %s', (_id, row) => {
    expect(checkTruncated(dialect, load(row), isTerminal)).toEqual([]);
  });

  it.each(streams)('gives the parts, streamed, that its final response gives whole: %s', (id, row) => {
    const exchange = load(row);
    const last = eventsOf(exchange, []).findLast(isTerminal);
    const response = last === undefined ? undefined : (JSON.parse(last.data) as { readonly response?: { readonly output?: readonly unknown[] } }).response;
    if (response?.output === undefined || response.output.length === 0) return;
    const whole = dialect.fromResponse(response, { provider: row.provider, vendor: row.provider });
    const streamed = replay(dialect, exchange).content;
    if (DIFFERENT_FINALS[id] === undefined) expect(withoutCiphers(streamed)).toEqual(withoutCiphers(whole.content));
    else expect(withoutCiphers(streamed)).not.toEqual(withoutCiphers(whole.content));
  });
});

/** The same reasoning is encrypted anew for each event. */
function withoutCiphers(content: unknown): unknown {
  return JSON.parse(JSON.stringify(content, (key, value: unknown) => (key === 'encrypted_content' ? 'encrypted' : value)));
}
