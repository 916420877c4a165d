import { beforeAll, describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/dialect.js';
import type { InboundDialect } from '../../src/dialects/dialect.js';
import { openaiChat } from '../../src/dialects/openai-chat/dialect.js';
import { openaiResponses } from '../../src/dialects/openai-responses/dialect.js';
import { encodingOf } from '../../src/tokens/encodings.js';
import { estimateRequest } from '../../src/tokens/estimate-request.js';
import { createTokenCounter } from '../../src/tokens/tiktoken.js';
import type { ChatRequest } from '../../src/types/chat.js';
import { exchangeRows, haveFixtures, loadExchange } from '../support/fixtures.js';

const DIALECTS: Readonly<Record<string, InboundDialect>> = { 'openai.chat': openaiChat(), 'openai.responses': openaiResponses(), 'anthropic.messages': anthropicMessages() };
const VENDORS = new Set(['openai', 'anthropic']);

interface Billed {
  /** Such as 'openai.chat text'. */
  readonly group: string;
  readonly billed: number;
  readonly expected: number;
  readonly counted: number | undefined;
}

/** Only what both sides can know: texts, tools and their results; no media, no vendor's own tools, no schema for the answer. */
function isPlain({ messages, tools, output }: ChatRequest): boolean {
  const kinds = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content.map(({ type }) => type)));
  return kinds.every((kind) => kind === 'text' || kind === 'tool-call') && output?.schema === undefined && !tools?.some((tool) => 'definition' in tool);
}

async function compare(): Promise<readonly Billed[]> {
  const counters = { o200k_base: await createTokenCounter({ encoding: 'o200k_base' }), cl100k_base: await createTokenCounter({ encoding: 'cl100k_base' }) };
  const found: Billed[] = [];
  for (const row of exchangeRows()) {
    const dialect = DIALECTS[row.api];
    if (dialect === undefined || !VENDORS.has(row.provider) || row.status !== 200 || row.origin !== 'recorded') continue;
    const { request: sent, expected } = loadExchange(row);
    const billed = Number(expected.tokens?.['inputTotal']);
    const request = sent?.body === undefined ? undefined : read(dialect, sent.body);
    if (request === undefined || !(billed > 0) || !isPlain(request) || request.messages.some(({ role }) => role === 'tool')) continue;
    const encoding = encodingOf(row.model);
    const group = `${row.api} ${(request.tools?.length ?? 0) > 0 ? 'tools' : 'text'}`;
    found.push({ group, billed, expected: estimateRequest(request, row.model).expected, counted: encoding && counters[encoding].countRequest(request) });
  }
  return found;
}

/** Some recordings send what no request of ours can be: previous answers by their id, for one. */
function read(dialect: InboundDialect, body: unknown): ChatRequest | undefined {
  try {
    return dialect.fromRequest(body).request;
  } catch {
    return undefined;
  }
}

const median = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;

describe.skipIf(!haveFixtures)('requests whose bill is recorded', () => {
  let all: readonly Billed[] = [];
  beforeAll(async () => {
    all = await compare();
  });

  it.each([
    { group: 'openai.chat text', requests: 80, exact: 0.6 },
    { group: 'openai.responses text', requests: 40, exact: 0.5 },
    { group: 'openai.chat tools', requests: 40, exact: 0 },
    { group: 'openai.responses tools', requests: 25, exact: 0.3 },
    { group: 'anthropic.messages text', requests: 30, exact: 0 },
    { group: 'anthropic.messages tools', requests: 30, exact: 0 },
  ])('are estimated and counted well: $group', ({ group, requests, exact }) => {
    const rows = all.filter((row) => row.group === group);
    expect(rows.length).toBeGreaterThanOrEqual(requests);
    const estimates = median(rows.map(({ expected, billed }) => expected / billed));
    expect(estimates).toBeGreaterThan(0.8);
    expect(estimates).toBeLessThan(1.15);
    const counted = rows.filter((row) => row.counted !== undefined);
    if (counted.length > 0) expect(Math.abs(median(counted.map((row) => (row.counted ?? 0) / row.billed)) - 1)).toBeLessThan(0.06);
    const same = counted.filter((row) => row.counted === row.billed).length;
    process.stdout.write(`${group}: ${rows.length} requests, estimated ${estimates.toFixed(2)}, ${counted.length === 0 ? 'not counted' : `counted ${median(counted.map((row) => (row.counted ?? 0) / row.billed)).toFixed(2)}, exactly ${same}`}\n`);
    expect(same / Math.max(1, counted.length)).toBeGreaterThanOrEqual(exact);
  });
});
