import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { complete, type CallOf, type ChatResponse, type Interceptor } from 'headgate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONVENTIONS } from '../../src/telemetry/conventions.js';
import { OWN_METRICS } from '../../src/telemetry/own-names.js';
import { failure } from '../support/adapters.js';
import { asking, setUp } from './setting.js';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

const { panels } = JSON.parse(readFileSync('docs/grafana-dashboard.json', 'utf8')) as { readonly panels: readonly Panel[] };
const expressions = panels.flatMap(({ title, targets }) => (targets ?? []).map(({ expr, legendFormat }) => ({ title, expr, legendFormat })));

/** Does everything that some metric counts. */
const busy: Interceptor = {
  name: 'busy',
  intercept: (call, next) => {
    const about = { target: call.target, index: 1 };
    call.trace.record('redactor', { what: 'redacted', kinds: { email: 1 } });
    call.trace.record('guard', { what: 'guardrail', rule: 'r', verdict: 'flag' });
    call.trace.record('guard', { what: 'rejected', code: 'policy_denied' });
    call.trace.record('queue', { what: 'queued' }, about);
    call.trace.record('queue', { what: 'waited', waitMs: 5, code: 'concurrency_exceeded', queued: true }, about);
    call.trace.record('breaker', { what: 'circuit', state: 'open' }, about);
    for (const usd of [0.1, undefined]) call.trace.record('meter', { what: 'cost', usd, usage: { inputTokens: 1, outputTokens: 1 } }, about);
    if (call.request.model !== 'smart') return next(call);
    call.trace.record('cache', { what: 'cache-hit', kind: 'exact', savedUsd: 1 });
    return Promise.resolve(complete(call as CallOf<'chat'>, kept));
  },
};
const kept: ChatResponse = { id: 'x', provider: 'openai', model: 'm', content: [], text: '', toolCalls: [], finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 1 }, warnings: [] };

/** The text that the SDK's own Prometheus exporter serves. */
async function scrape(): Promise<string> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  free.close();
  Object.assign(process.env, { OTEL_METRICS_EXPORTER: 'prometheus', OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1', OTEL_EXPORTER_PROMETHEUS_PORT: String(port), OTEL_LOGS_EXPORTER: 'none' });
  const sdk = new NodeSDK({ autoDetectResources: false, spanProcessors: [] });
  sdk.start();
  const { openai, anthropic, gateway } = setUp({}, [], { models: { moves: ['openai/m', 'anthropic/m'] } });
  openai.fail('server_error').reply({ text: ['a', 'b', 'c'] });
  await gateway.stream(asking('openai/m')).response();
  openai.fail('quota_exhausted');
  anthropic.reply('x');
  await gateway.chat(asking('moves'));
  const other = setUp({}, [busy], { models: { smart: 'openai/m' } });
  other.openai.fail('permission');
  await failure(other.gateway.chat(asking('openai/m')));
  await other.gateway.chat(asking('smart'));
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await sdk.shutdown();
  return text;
}

let served: ReadonlyMap<string, ReadonlySet<string>>;
beforeAll(async () => {
  const found = new Map<string, Set<string>>();
  for (const line of (await scrape()).split('\n')) {
    const [, name, labels] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = found.get(name) ?? new Set<string>();
    for (const [, label] of (labels ?? '').matchAll(/(\w+)="/g)) known.add(label as string);
    found.set(name, known);
  }
  served = found;
});
afterAll(() => void (process.env['OTEL_METRICS_EXPORTER'] = 'none'));

/** Names of series that an expression asks for, as a pattern each. */
function seriesOf(expression: string): readonly RegExp[] {
  const patterns = [...expression.matchAll(/__name__=~"([^"]+)"/g)].map(([, pattern]) => new RegExp(`^${pattern}$`));
  const plain = [...expression.matchAll(/(?<![\w"|])((?:headgate|gen_ai_client)_\w+?_(?:total|sum|count|bucket|state|active|length))(?![\w(])/g)].map(([, name]) => new RegExp(`^${name}$`));
  return [...patterns, ...plain];
}

/** Units in braces are left out. */
const UNITS: Readonly<Record<string, string>> = { s: '_seconds', us: '_microseconds' };

/** As Prometheus names them when it is sent OTLP: with the unit behind the name. */
function withUnit(name: string): string {
  const entry = [...Object.values(CONVENTIONS['1.43'].metrics), ...Object.values(OWN_METRICS)].find((metric) => name.startsWith(metric.name.replaceAll('.', '_')));
  const unit = UNITS[entry?.unit ?? ''] ?? '';
  const base = entry?.name.replaceAll('.', '_') ?? name;
  return base + unit + name.slice(base.length);
}

describe('the Grafana dashboard', () => {
  it.each(expressions)('asks for series that the Prometheus exporter serves: $title', ({ expr }) => {
    const patterns = seriesOf(expr);
    expect(patterns.length).toBeGreaterThan(0);
    for (const pattern of patterns) {
      const names = [...served.keys()].filter((name) => pattern.test(name));
      expect(names, String(pattern)).toHaveLength(1);
      expect(withUnit(names[0] as string), 'the same over OTLP').toMatch(pattern);
    }
  });

  it.each(expressions)('groups and labels by what those series have: $title', ({ expr, legendFormat }) => {
    const patterns = seriesOf(expr);
    const labels = new Set(['le', '__name__', ...[...served].flatMap(([name, of]) => (patterns.some((pattern) => pattern.test(name)) ? [...of] : []))]);
    const asked = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list]) => (list as string).split(', '));
    const filtered = [...expr.matchAll(/[{,](\w+)(?:=~|!=|=)"/g)].map(([, label]) => label as string);
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label as string);
    for (const label of [...asked, ...filtered, ...shown]) expect(labels, expr).toContain(label);
    for (const label of shown) expect(asked).toContain(label);
  });

  it('shows every metric there is', () => {
    const asked = expressions.flatMap(({ expr }) => seriesOf(expr));
    const all = [...Object.values(CONVENTIONS['1.43'].metrics), ...Object.values(OWN_METRICS)].map(({ name }) => name.replaceAll('.', '_'));
    expect(all.filter((name) => ![...served.keys()].some((series) => series.startsWith(name) && asked.some((pattern) => pattern.test(series))))).toEqual([]);
  });

  it('has panels with ids of their own that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [at, { gridPos: one }] of panels.entries()) {
      expect(one.x + one.w).toBeLessThanOrEqual(24);
      for (const { gridPos: other } of panels.slice(at + 1)) expect(one.x + one.w <= other.x || other.x + other.w <= one.x || one.y + one.h <= other.y || other.y + other.h <= one.y).toBe(true);
    }
  });
});
