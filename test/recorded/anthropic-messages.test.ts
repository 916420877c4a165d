import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/dialect.js';
import type { WireEvent } from '../../src/dialects/dialect.js';
import type { Json } from '../../src/types/json.js';
import type { AssistantPart } from '../../src/types/message.js';
import { exchangeRows, haveFixtures, loadExchange, readFixture, type Exchange } from '../support/fixtures.js';
import { check, checkCuts, checkTruncated, replay } from '../support/recorded.js';

const dialect = anthropicMessages();
const scope = { provider: 'anthropic', vendor: 'anthropic' };
const exchanges = exchangeRows().filter((row) => row.api === 'anthropic.messages').map(loadExchange);
const streams = exchanges.filter(({ wire }) => wire === 'sse');

/** Exchanges that do not agree with their facts, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'anthropic/vercel-spliced-message-start-stream':
    'a proxy began a second message in the body of the first; the facts are those of the second alone, but the reader has the first already, so the stream fails',
};

describe.skipIf(!haveFixtures)('anthropic-messages on recorded traffic', () => {
  it('agrees with the facts of every exchange but the listed ones', () => {
    const wrong = exchanges.filter((exchange) => check(dialect, exchange).length > 0 || blockDifferences(exchange).length > 0);
    expect(wrong.filter(({ id }) => EXCEPTIONS[id] === undefined).map((exchange) => [exchange.id, ...check(dialect, exchange), ...blockDifferences(exchange)])).toEqual([]);
    expect(wrong.map(({ id }) => id)).toEqual(Object.keys(EXCEPTIONS));
    expect(exchanges.length).toBe(268);
  });

  it('fails, and does not mix, where a second message begins inside a stream', () => {
    const exchange = exchanges.find(({ id }) => id === 'anthropic/vercel-spliced-message-start-stream');
    expect(exchange && replay(dialect, exchange, { scope })).toMatchObject({ error: { code: 'invalid_response' }, finishReason: undefined });
  });

  it('decodes a stream the same however it is cut', () => {
    expect(streams.flatMap((exchange) => checkCuts(dialect, exchange).map((found) => `${exchange.id}: ${found}`))).toEqual([]);
  });

  it('never completes a stream that ends before message_stop', () => {
    expect(streams.flatMap((exchange) => checkTruncated(dialect, exchange, isTerminal).map((found) => `${exchange.id}: ${found}`))).toEqual([]);
  });

  it('throws the errors that came inside a stream, after what was said before them', () => {
    const cases = (readFixture('sse/stream-errors.json') as readonly StreamError[]).filter(({ api }) => api === 'anthropic.messages');
    for (const { id, body, expected } of cases) {
      const { error, content, finishReason } = replay(dialect, { ...streams[0], id, bytes: new TextEncoder().encode(body), status: 200, wire: 'sse' } as Exchange, { scope });
      const before = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
      expect({ id, message: error?.providerMessage, before, finishReason }).toEqual({ id, message: expected.error?.message, before: expected.textBefore, finishReason: undefined });
    }
    expect(cases.length).toBeGreaterThan(1);
  });

  it('reads every recorded request, and writes it again with the same meaning', () => {
    const bodies = exchanges.flatMap(({ id, request }) => (isBody(request?.body) ? [{ id, body: request.body }] : []));
    for (const { id, body } of bodies) {
      const warnings: unknown[] = [];
      const { request, streaming } = dialect.fromRequest(body);
      const again = dialect.toRequest(request, { ...scope, model: request.model, streaming, warn: (warning) => void warnings.push(warning) });
      expect({ id, warnings, body: plain(again) }).toEqual({ id, warnings: [], body: plain(body) });
    }
    expect(bodies.length).toBe(221);
  });
});

interface StreamError {
  readonly id: string;
  readonly api: string;
  readonly body: string;
  readonly expected: { readonly error: { readonly message?: string } | null; readonly textBefore: string };
}

function isTerminal(event: WireEvent): boolean {
  return (JSON.parse(event.data) as { readonly type?: string }).type === 'message_stop';
}

/** Facts that only this protocol has: server-tool blocks with their arguments, and how many citations, signatures and redacted blocks. */
function blockDifferences(exchange: Exchange): readonly string[] {
  const { content } = replay(dialect, exchange, { scope });
  const { expected } = exchange;
  const opaque = content.filter((part) => part.type === 'opaque');
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['server blocks', (expected['serverBlocks'] as readonly ServerBlock[] | undefined)?.map(({ type, id, name, args }) => ({ type, id, name, args })) ?? [], opaque.map(serverBlockOf)],
    ['citations', expected['citations'] ?? 0, content.flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : [])).length],
    ['signatures', expected['signatures'] ?? 0, content.filter((part) => carries(part, 'signature')).length],
    ['redacted thinking', expected['redactedThinking'] ?? 0, content.filter((part) => part.type === 'reasoning' && part.redacted && carries(part, 'data')).length],
  ];
  return pairs.filter(([, wanted, got]) => JSON.stringify(wanted) !== JSON.stringify(got)).map(([fact, wanted, got]) => `${fact}: wanted ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
}

interface ServerBlock {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly args?: Json;
}

function serverBlockOf({ kind, data }: Extract<AssistantPart, { readonly type: 'opaque' }>): ServerBlock {
  const { id, name, input } = data as { readonly id?: string; readonly name?: string; readonly input?: Json };
  return { type: kind, id, name, args: input } as ServerBlock;
}

function carries(part: AssistantPart, field: string): boolean {
  return typeof part.providerData?.['anthropic']?.[field] === 'string';
}

function isBody(body: unknown): body is Wire {
  return typeof body === 'object' && body !== null;
}

type Wire = { readonly [field: string]: unknown };

/** One spelling for what the API takes as the same: defaults written out, the older name of the output format, turns of one role in a row. */
function plain(body: Wire): unknown {
  const { stream, output_format: format, temperature, tools, messages, output_config: config, ...rest } = body;
  const output = { ...(config as Wire | undefined), ...(isBody(format) && { format }) };
  return {
    ...rest,
    ...(stream === true && { stream }),
    ...(temperature !== 1 && { temperature }),
    ...(Object.keys(output).length > 0 && { output }),
    ...(Array.isArray(tools) && { tools: tools.map(({ type, ...tool }: Wire) => ({ ...tool, ...(type !== 'custom' && { type }) })) }),
    messages: joined(messages as readonly Message[]),
  };
}

interface Message {
  readonly role: string;
  readonly content: string | readonly Wire[];
}

function joined(messages: readonly Message[]): readonly Message[] {
  const turns: { role: string; content: readonly Wire[] }[] = [];
  for (const { role, content } of messages) {
    const blocks = (typeof content === 'string' ? [{ type: 'text', text: content }] : content).filter(({ type, text }) => type !== 'text' || String(text).trim() !== '');
    const last = turns.at(-1);
    if (last?.role === role) last.content = [...last.content, ...blocks];
    else turns.push({ role, content: blocks });
  }
  return turns;
}
