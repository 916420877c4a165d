import { createGateway, exactCache, formatReport, GatewayError, ledger, ledgerCsv, log, memoryLedger, recommended, stats, type ChatRequest, type Decision, type Gateway } from 'headgate';
import { redact } from 'headgate/redact';
import { openai } from 'headgate/providers/openai';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { casesOf, type Cell } from './run-cell.js';
import { connectionScenarios } from './connection-scenarios.js';
import { framingScenarios } from './framing-scenarios.js';
import { hostOf, type Fault } from './host.js';
import { inBandScenarios } from './in-band-scenarios.js';
import { statusScenarios } from './status-scenarios.js';

/** Whatever holds this word came from somewhere it must not be seen. */
const MARK = 'zebrafish';
const KEY = `sk-${MARK}-key`;
const COOKIE = `session=${MARK}-cookie`;
const HEADER = `${MARK}-header`;
const EMAIL = `${MARK}.person@${MARK}-mail.com`;
const SECRETS = ['system', 'prompt', 'tool-argument', 'tool-result', 'tool-description', 'file', 'schema', 'stop'].map((what) => `${MARK}-${what}`);
const [system, prompt, argument, result, description, file, schema, stop] = SECRETS as [string, string, string, string, string, string, string, string];
/** A provider that repeats what it was sent, credentials and all. */
const ECHO = [KEY, COOKIE, HEADER, EMAIL, ...SECRETS].join(' ');

const request: ChatRequest = {
  model: 'first/m',
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: [{ type: 'text', text: `${prompt}, write to ${EMAIL}` }, { type: 'file', data: new TextEncoder().encode(file), mediaType: 'text/plain', name: file }] },
    { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'look', input: { at: argument } }] },
    { role: 'tool', toolCallId: 'c1', content: result },
    { role: 'user', content: 'And now?' },
  ],
  tools: [{ name: 'look', description, parameters: { type: 'object', description: schema } }],
  stop: [stop],
};

/** Everything that a process writes, or hands to someone who does. */
async function traces(cell: Cell): Promise<readonly string[]> {
  const { scenario, vendor, moment } = cell;
  const written: string[] = [];
  const write = (...values: readonly unknown[]): void => void written.push(values.map((value) => (typeof value === 'string' ? value : inspect(value, { depth: 20, showHidden: true }))).join(' '));
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) vi.spyOn(console, name).mockImplementation(write);
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation((chunk) => (write(String(chunk)), true));
  const entries = new Map<string, string>();
  const rows = memoryLedger();
  const host = await hostOf(echoing(await scenario.fault(vendor, moment)));
  const gateway = createGateway({
    providers: [vendor.connect('first', host.origin, { apiKey: KEY, connectTimeoutMs: scenario.connectTimeoutMs })],
    interceptors: [
      log({ logger: { info: write, debug: write }, level: 'debug' }),
      stats(),
      ledger({ store: rows }),
      redact(),
      exactCache({
        scope: 'shared',
        cacheToolResults: true,
        onStoreError: 'allow',
        store: { get: async (key) => entries.get(key), set: async (key, value) => entries.set(key, value).size > 0, delete: async (key) => void entries.delete(key) },
      }),
      recommended({ retry: { minDelayMs: 0, maxDelayMs: 0, random: () => 0 } }),
    ],
    onDecision: (decision: Decision) => write(JSON.stringify(decision)),
  });
  try {
    const outcome = await ended(gateway, cell).catch((error: unknown) => error);
    write(JSON.stringify(gateway.stats()), JSON.stringify(gateway.health()), JSON.stringify(gateway.describe()), JSON.stringify(await gateway.spend({ groupBy: ['provider', 'outcome'] })));
    for await (const line of ledgerCsv(rows, {})) write(line);
    if (outcome instanceof GatewayError) {
      write(String(outcome), outcome.stack, JSON.stringify(outcome), outcome, outcome.cause, JSON.stringify(outcome.report), outcome.report === undefined ? '' : formatReport(outcome.report));
      for (let cause: unknown = outcome; cause instanceof Error; cause = cause.cause) write(cause.message, cause.stack);
    }
    await gateway.close();
  } finally {
    await gateway.close();
    await host.close();
    vi.restoreAllMocks();
  }
  return [...written, ...[...entries].flat()];
}

async function ended(gateway: Gateway, { moment, scenario }: Cell): Promise<void> {
  const options = { headers: { 'x-secret': HEADER }, tags: { team: 'a' }, timeoutMs: scenario.timeoutMs ?? 5000 };
  if (moment === 'unary') await gateway.chat(request, options);
  else for await (const event of gateway.stream(request, options)) void event;
}

/** The same fault, with all it was sent in its words, and a cookie. */
function echoing(fault: Fault): Fault {
  if (!('reply' in fault)) return fault;
  const reply = JSON.parse(JSON.stringify(fault.reply).replaceAll('words of', `${ECHO} words of`)) as typeof fault.reply;
  return typeof reply === 'object' && 'body' in reply ? { reply: { ...reply, headers: { ...reply.headers, 'set-cookie': COOKIE } } } : { reply };
}

const cells = [...casesOf(statusScenarios), ...casesOf(inBandScenarios), ...casesOf(framingScenarios), ...casesOf(connectionScenarios)].filter(([, { world, scenario }]) => world === 'spare' && scenario.slow !== true);

afterEach(() => void vi.restoreAllMocks());

describe('keys, headers, cookies, prompts and what a provider says of them', () => {
  it.each(cells)('are in no error, log line, report, ledger or cache: %s', async (_title, cell) => {
    const seen = await traces(cell);
    expect(seen.length).toBeGreaterThan(4);
    expect(seen.filter((text) => text.includes(MARK)).map((text) => text.slice(Math.max(0, text.indexOf(MARK) - 200), text.indexOf(MARK) + 100))).toEqual([]);
  });

  it('are in no error of a base URL that holds a password', () => {
    let thrown: unknown;
    try {
      openai({ apiKey: KEY, baseUrl: `https://me:${MARK}-password@example.com/v1` });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(GatewayError);
    expect(inspect(thrown, { depth: 20, showHidden: true }) + JSON.stringify(thrown)).not.toContain(MARK);
  });
});
