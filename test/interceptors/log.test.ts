import { ConfigError, createGateway, log, RejectedError, type Interceptor, type LogOptions } from 'headgate';
import { interceptorSuite, mockProvider, type MockProvider } from 'headgate/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/adapters.js';

const request = { model: 'mock/m', messages: [{ role: 'user', content: 'the secret plan' }] } as const;

interface Written {
  readonly info: Record<string, unknown>[];
  readonly debug: Record<string, unknown>[];
}

/** A logger like the console, which is given lines; what they parse to. */
function consoleLike(): { readonly written: Written; readonly lines: string[]; readonly logger: LogOptions['logger'] } {
  const written: Written = { info: [], debug: [] };
  const lines: string[] = [];
  const to = (at: keyof Written) => (...values: unknown[]) => {
    expect(values).toHaveLength(1);
    lines.push(String(values[0]));
    written[at].push(JSON.parse(String(values[0])) as Record<string, unknown>);
  };
  return { written, lines, logger: { info: to('info'), debug: to('debug') } };
}

function setUp(options: Partial<LogOptions> = {}, others: readonly Interceptor[] = []) {
  const mock = mockProvider();
  const { written, lines, logger } = consoleLike();
  return { mock, written, lines, gateway: createGateway({ providers: [mock], interceptors: [log({ logger, ...options }), ...others] }) };
}

describe('log', () => {
  it('writes one line for a call that went well, with what it took', async () => {
    const { mock, written, gateway } = setUp();
    mock.reply('a very private answer');
    const { gateway: report } = await gateway.chat(request);
    expect(written.info).toEqual([
      { time: expect.any(String), level: 'info', message: expect.stringMatching(/^chat mock\/m ok in \d+ ms$/), callId: report?.callId, operation: 'chat', streaming: false, requested: 'mock/m', served: 'mock/m', outcome: 'ok', durationMs: expect.any(Number), attempts: 1, finishReason: 'stop', inputTokens: 10, outputTokens: 5 },
    ]);
    expect(written.debug).toEqual([]);
  });

  it.each<[string, (mock: MockProvider) => unknown, string]>([
    ['fails', (mock) => mock.fail('overloaded'), 'overloaded'],
    ['breaks off', (mock) => mock.reply({ text: ['half'], ending: 'cut' }), 'stream_interrupted'],
  ])('writes one line for a stream that %s', async (_how, script, code) => {
    const { mock, written, gateway } = setUp();
    script(mock);
    await failure(gateway.stream(request).response());
    expect(written.info).toMatchObject([{ outcome: code, error: expect.any(String), streaming: true }]);
  });

  it('writes one line for a stream that its reader left', async () => {
    const { mock, written, gateway } = setUp();
    mock.reply({ text: ['half', 'whole'], ending: 'hang' });
    for await (const event of gateway.stream(request)) if (event.type === 'text-delta') break;
    expect(written.info).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it('writes each decision as it is made where level is debug', async () => {
    const { mock, written, gateway } = setUp({ level: 'debug' });
    mock.reply('x');
    await gateway.chat(request);
    expect(written.debug).toMatchObject([
      { decision: 'attempt-start', by: 'core', target: 'mock/m', kind: 'first', message: 'core: attempt-start mock/m' },
      { decision: 'attempt-end', report: { outcome: 'ok' } },
    ]);
    expect(new Set([...written.info, ...written.debug].map(({ callId }) => callId)).size).toBe(1);
  });

  it('gives a logger like pino fields and a message, and asks it whether it wants decisions', async () => {
    const calls: unknown[][] = [];
    const pinoLike = { info: (...values: unknown[]) => calls.push(values), debug: (...values: unknown[]) => calls.push(values), child: () => pinoLike, isLevelEnabled: () => false };
    const { mock, gateway } = setUp({ logger: pinoLike, level: 'debug' });
    mock.reply('x');
    await gateway.chat(request);
    expect(calls).toEqual([[expect.objectContaining({ outcome: 'ok' }), expect.stringContaining('chat mock/m ok')]]);
  });

  it('writes no content: no prompt, no answer, no tool input, no header, no data of a decision of somebody’s own', async () => {
    const own: Interceptor = { name: 'own', intercept: (call, next) => (call.trace.record('own', { what: 'custom', name: 'thought', data: { of: 'CANARY-5' } }), next(call)) };
    const { mock, lines, gateway } = setUp({ level: 'debug' }, [own]);
    mock.reply({ text: 'CANARY-2', reasoning: 'CANARY-3', toolCalls: [{ name: 'run', input: { a: 'CANARY-4' } }] });
    await gateway.stream({ model: 'mock/m', messages: [{ role: 'user', content: 'CANARY-1' }], stop: ['CANARY-6'] }, { headers: { 'x-secret': 'CANARY-7' }, tags: { user: 'CANARY-8' } }).response();
    mock.fail('server_error', { message: 'CANARY-9' });
    await failure(gateway.chat(request));
    expect(lines.join('\n')).not.toContain('CANARY');
    expect(lines.join('\n')).not.toContain('secret plan');
  });

  it('writes the tags it was told to, and no others', async () => {
    const { mock, written, gateway } = setUp({ tags: ['team', 'app'] });
    mock.reply('x');
    await gateway.chat(request, { tags: { team: 'red', user: 'ann' } });
    expect(written.info).toMatchObject([{ tags: { team: 'red' } }]);
    expect(JSON.stringify(written.info)).not.toContain('ann');
  });

  it('keeps every line one line without control characters, whatever models and tags are called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }), async (model, tag) => {
        const { mock, lines, gateway } = setUp({ level: 'debug', tags: ['team'] });
        mock.always('x');
        await gateway.chat({ ...request, model: `mock/${model}\n\u001b[31m\u009b\u2028` }, { tags: { team: `${tag}\r\n{"fake":1}` } });
        for (const line of lines) {
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/); // oxlint-disable-line no-control-regex
          expect(line.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('does not hurt a call when the logger throws', async () => {
    const { mock, gateway } = setUp({ logger: { info: () => { throw new Error('full'); }, debug: () => { throw new Error('full'); } }, level: 'debug' }); // prettier-ignore
    mock.reply('there');
    expect((await gateway.chat(request)).text).toBe('there');
  });

  it('says who refused a call', async () => {
    const { written, gateway } = setUp({}, [{ name: 'no', intercept: () => { throw new RejectedError('policy_denied', 'not on Sundays'); } }]); // prettier-ignore
    await failure(gateway.chat(request));
    expect(written.info).toMatchObject([{ outcome: 'policy_denied', error: 'not on Sundays', attempts: 0 }]);
    expect(written.info[0]).not.toHaveProperty('served');
  });

  it.each<[string, unknown]>([
    ['logger', {}],
    ['logger', { logger: { info: () => {} }, level: 'debug' }],
    ['level', { logger: console, level: 'trace' }],
    ['tags', { logger: console, tags: [''] }],
  ])('refuses a wrong %s', (field, options) => {
    expect(() => log(options as LogOptions)).toThrow(ConfigError);
    expect(() => log(options as LogOptions)).toThrow(`log: ${field}: wanted`);
  });

  describe('as an interceptor', () => {
    for (const { name, run } of interceptorSuite({ create: () => log({ logger: { info: () => {}, debug: () => {} }, level: 'debug' }) })) it(name, run);
  });
});
