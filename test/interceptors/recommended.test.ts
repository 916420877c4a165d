import { ConfigError, createGateway, memoryLedger, recommended, type Interceptor } from 'headgate';
import { longestPrompt } from 'headgate/guardrails';
import { redact } from 'headgate/redact';
import { telemetry } from 'headgate/telemetry';
import { mockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';

const names = (options?: Parameters<typeof recommended>[0]): readonly string[] => createGateway({ providers: [mockProvider()], interceptors: [recommended(options)] }).describe().map(({ name }) => name);

describe('recommended', () => {
  it('gives the whole pipeline in an order that createGateway takes', () => {
    expect(names({ log: { logger: console }, stats: {}, ledger: { store: memoryLedger() }, telemetry: telemetry(), redact: redact(), guardrails: { rules: [longestPrompt({ maxCharacters: 9 })] }, exactCache: { scope: 'shared' }, concurrency: {} })).toEqual([
      'telemetry', 'log', 'stats', 'ledger', 'redact', 'guardrails', 'exact-cache', 'fallback', 'retry', 'concurrency', 'throttle', 'circuit-breaker', 'timeout', 'cost-meter',
    ]);
  });

  it('leaves out what needs something of yours until it has it, and anything else when told to', () => {
    expect(names()).toEqual(['fallback', 'retry', 'throttle', 'circuit-breaker', 'timeout', 'cost-meter']);
    expect(names({ retry: false, throttle: false, circuitBreaker: false, costMeter: false })).toEqual(['fallback', 'timeout']);
  });

  it('hands each its options', () => {
    expect(() => recommended({ retry: { maxAttempts: 0 } })).toThrow(ConfigError);
    expect(() => recommended({ timeout: { idleMs: -1 } })).toThrow(ConfigError);
    expect(() => recommended({ redact: {} as Interceptor })).toThrow('recommended: redact: wanted an interceptor, made by redact() of headgate/redact, got object');
  });

  it('answers, and moves on to the next target', async () => {
    const [a, b] = [mockProvider({ name: 'a' }), mockProvider({ name: 'b' })];
    a.fail('provider_rate_limit', { retryAfterMs: 5000 });
    b.reply('from b');
    const gateway = createGateway({ providers: [a, b], models: { smart: ['a/m', 'b/m'] }, interceptors: recommended() });
    const response = await gateway.chat({ model: 'smart', messages: [{ role: 'user', content: 'hi' }] });
    expect(response.text).toBe('from b');
    expect(response.gateway?.durationMs).toBeLessThan(2000);
    await gateway.close();
  });
});
