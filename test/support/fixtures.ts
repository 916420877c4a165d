import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where the shared recordings are. Tests that need them say that they are skipped when the folder is missing. */
export const fixturesFolder = path.resolve(process.env['HEADGATE_FIXTURES'] ?? '../shared/fixtures');
export const haveFixtures = existsSync(path.join(fixturesFolder, 'index.jsonl'));

export interface ExchangeRow {
  readonly id: string;
  readonly provider: string;
  readonly api: string;
  readonly model: string;
  readonly wire: string;
  readonly status: number;
  readonly origin: string;
  readonly features: readonly string[];
  readonly file: string;
  readonly meta?: string;
}

/** A recorded exchange with its expected facts, as CATALOG.md of the recordings describes them. `bytes` is the body as it was on the wire. */
export interface Exchange extends ExchangeRow {
  readonly request: { readonly method: string; readonly url: string; readonly body?: unknown } | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
}

export interface Expected {
  readonly text?: string;
  readonly reasoning?: string;
  readonly refusal?: string;
  readonly toolCalls?: readonly { readonly id?: string; readonly name: string; readonly args?: unknown; readonly custom?: boolean; readonly input?: string }[];
  readonly finishReason?: string | null;
  readonly finishClass?: 'stop' | 'length' | 'tool-calls' | 'content-filter' | null;
  readonly tokens?: Readonly<Record<string, unknown>> | null;
  readonly error?: { readonly type?: string; readonly code?: string | number; readonly message?: string };
  readonly [fact: string]: unknown;
}

/** Every row of the index. Empty without the folder. */
export function exchangeRows(): readonly ExchangeRow[] {
  if (!haveFixtures) return [];
  return read('index.jsonl').trim().split('\n').map((line) => JSON.parse(line) as ExchangeRow);
}

export function loadExchange(row: ExchangeRow): Exchange {
  if (row.meta === undefined || row.meta === row.file) {
    const whole = JSON.parse(read(row.file)) as { request?: Exchange['request']; response: { headers?: Record<string, string>; body: unknown }; expected?: Expected };
    const body = whole.response.body;
    return { ...row, request: whole.request, headers: whole.response.headers ?? {}, bytes: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)), expected: whole.expected ?? {} };
  }
  const meta = JSON.parse(read(row.meta)) as { request?: Exchange['request']; response: { headers?: Record<string, string> }; expected?: Expected };
  return { ...row, request: meta.request, headers: meta.response.headers ?? {}, bytes: readFileSync(path.join(fixturesFolder, row.file)), expected: meta.expected ?? {} };
}

export function readFixture(file: string): unknown {
  return JSON.parse(read(file));
}

function read(file: string): string {
  return readFileSync(path.join(fixturesFolder, file), 'utf8');
}
