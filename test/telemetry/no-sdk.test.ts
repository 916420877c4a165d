import { context, propagation, trace } from '@opentelemetry/api';
import { createGateway, type Call } from 'headgate';
import { telemetry } from 'headgate/telemetry';
import { interceptorSuite, mockProvider } from 'headgate/testing';
import { describe, expect, it } from 'vitest';
import { asking } from './setting.js';

// Nothing is registered in this file's process.
describe('telemetry without an SDK', () => {
  it('hands the call on as it is, and returns what comes back: nothing is watched, nothing is added', async () => {
    const interceptor = telemetry({ propagate: true, baggage: ['team'], details: true, content: 'unredacted' });
    const call = { headers: {}, tags: {} } as Call;
    const answer = Promise.resolve(undefined as never);
    let given: Call | undefined;
    const returned = interceptor.intercept(call, (below) => {
      given = below;
      return answer;
    });
    expect(given).toBe(call);
    expect(returned).toBe(answer);
    await answer;
  });

  it('leaves no trace of the call in the API', async () => {
    const mock = mockProvider();
    mock.reply('there');
    const gateway = createGateway({ providers: [mock], interceptors: [telemetry({ propagate: true })] });
    await gateway.chat(asking('mock/m'));
    expect(mock.calls[0]?.headers).toEqual({});
    expect(trace.getSpan(context.active())).toBeUndefined();
    expect(propagation.getActiveBaggage()).toBeUndefined();
  });

  it('costs a call far less than it may', () => {
    const interceptor = telemetry();
    const call = {} as Call;
    const next = () => undefined as never;
    for (let turn = 0; turn < 20_000; turn++) void interceptor.intercept(call, next);
    const startedAt = performance.now();
    for (let turn = 0; turn < 20_000; turn++) void interceptor.intercept(call, next);
    const micros = ((performance.now() - startedAt) * 1000) / 20_000;
    expect(micros).toBeLessThan(25); // 5 are allowed; measured in bench
  });

  for (const { name, run } of interceptorSuite({ create: () => telemetry() })) it(name, run);
});
