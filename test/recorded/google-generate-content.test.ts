import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { WireEvent } from '../../src/dialects/dialect.js';
import { googleGenerateContent } from '../../src/dialects/google-generate-content/dialect.js';
import { eventScanner } from '../../src/transport/event-scanner.js';
import type { ProviderCode } from '../../src/types/codes.js';
import { exchangeRows, haveFixtures, loadExchange, type Exchange } from '../support/fixtures.js';
import { check, checkCuts, checkTruncated, replay } from '../support/recorded.js';

const dialect = googleGenerateContent();
const rows = exchangeRows().filter((row) => row.api === 'google.generateContent');

/** Exchanges that do not agree with their facts, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'google-vertex/va-unary-success-no-billable-characters': 'the answer of countTokens, filed under generateContent: it has no candidates and is refused as invalid_response',
  'google-vertex/va-streaming-failure-error-mid-stream':
    'every chunk says STOP, and the error after them stands outside of any event: only the transport sees it, as the test below shows',
};

/** Where the details of an error say more than its status: a key that is not valid, a region that is not served. */
const ERROR_CODES: Readonly<Record<string, ProviderCode>> = {
  'google-vertex/va-streaming-failure-api-key': 'authentication',
  'google-vertex/va-unary-failure-api-key': 'authentication',
  'google/gai-unary-failure-api-key': 'authentication',
  'google-vertex/va-streaming-failure-http-error': 'permission',
};

describe.skipIf(!haveFixtures)('google-generate-content on recorded traffic', () => {
  it('agrees with the facts of every exchange', () => {
    const wrong = rows.flatMap((row) => {
      const exchange = loadExchange(row);
      const found = check(dialect, exchange, { errorCodes: ERROR_CODES }).filter((difference) => !(isUnfinished(exchange) && difference === 'the stream never finished'));
      return found.length > 0 && EXCEPTIONS[row.id] === undefined ? [`${row.id}: ${found.join('; ')}`] : [];
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(300);
  });

  it('has no exception that agrees by now', () => {
    const stale = rows.filter((row) => EXCEPTIONS[row.id] !== undefined && check(dialect, loadExchange(row)).length === 0);
    expect(stale).toEqual([]);
  });

  it('does not finish a stream that never says why it ended', () => {
    const finished = streams().filter((exchange) => isUnfinished(exchange) && replay(dialect, exchange).finishReason !== undefined);
    expect(finished.map((exchange) => exchange.id)).toEqual([]);
  });

  it('throws the error that stands outside of any event when the transport reads the stream', () => {
    const [exchange] = streams().filter(({ id }) => id === 'google-vertex/va-streaming-failure-error-mid-stream');
    const decoder = dialect.fromStream(SCOPE);
    const scanner = eventScanner('google', { maxEventBytes: 1_000_000, maxBodyBytes: 1_000_000 }, (event) => void decoder.push(event));
    scanner.push(exchange?.bytes ?? new Uint8Array());
    expect(() => scanner.end()).toThrow(expect.objectContaining({ code: 'server_error', providerMessage: 'The operation was cancelled.' }) as Error);
  });

  it('decodes a stream the same however it is cut', () => {
    expect(streams().flatMap((exchange) => checkCuts(dialect, exchange).map((found) => `${exchange.id}: ${found}`))).toEqual([]);
  });

  it('never completes a stream that ends before a finish reason or a block reason', () => {
    expect(streams().flatMap((exchange) => checkTruncated(dialect, exchange, isTerminal).map((found) => `${exchange.id}: ${found}`))).toEqual([]);
  });

  it('sends an answer back as it came', () => {
    const exchanges = rows.filter((row) => row.wire === 'json' && row.status === 200 && EXCEPTIONS[row.id] === undefined).map(loadExchange);
    let parts = 0;
    const changed = exchanges.filter((exchange) => {
      const answer = JSON.parse(new TextDecoder().decode(exchange.bytes)) as { candidates?: readonly Turn[] };
      const came = (answer.candidates?.[0]?.content?.parts ?? []).filter(saysSomething);
      parts += came.length;
      const { content } = dialect.fromResponse(answer, SCOPE);
      const sent = dialect.toRequest({ model: 'gemini', messages: [{ role: 'assistant', content }] }, { ...SCOPE, model: 'gemini-2.5-flash', streaming: false, warn: () => {} });
      const back = (sent as { contents?: readonly { parts: readonly Part[] }[] }).contents?.[0]?.parts ?? [];
      return !isDeepStrictEqual(back.map(withoutCallId), came.map(withoutCallId));
    });
    expect(changed.map((exchange) => exchange.id)).toEqual([]);
    expect(parts).toBeGreaterThan(250);
  });
});

type Part = Readonly<Record<string, unknown>>;
interface Turn {
  readonly content?: { readonly parts?: readonly Part[] };
}
const SCOPE = { provider: 'google', vendor: 'google' };

/** Calls that come without an id or without arguments are given them, and take them along. */
function withoutCallId(part: Part): Part {
  const call = part['functionCall'] as Part | undefined;
  if (call === undefined) return part;
  return { ...part, functionCall: { name: call['name'], args: call['args'] ?? {} } };
}

function saysSomething(part: Part): boolean {
  return Object.keys(part).length > (part['text'] === '' ? 1 : 0);
}

function streams(): readonly Exchange[] {
  return rows.filter((row) => row.status === 200 && (row.wire === 'sse' || row.wire === 'json-array')).map(loadExchange);
}

/** A stream that gives neither a finish reason nor a block reason has not ended well, whatever else it is. */
function isUnfinished({ wire, expected }: Exchange): boolean {
  return wire !== 'json' && expected.error === undefined && expected.finishReason === undefined && expected['promptBlockReason'] === undefined;
}

function isTerminal(event: WireEvent): boolean {
  const chunk = JSON.parse(event.data) as { candidates?: { finishReason?: string }[]; promptFeedback?: { blockReason?: string } };
  return chunk.promptFeedback?.blockReason !== undefined || chunk.candidates?.[0]?.finishReason !== undefined;
}
