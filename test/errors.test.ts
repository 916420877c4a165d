import { CancelledError, ConfigError, ExhaustedError, GatewayError, isGatewayError, ProviderError, RejectedError } from 'headgate';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';

const canary = 'sk-canary-7f3a';
const partial = { id: 'r', provider: 'x', model: 'm', content: [{ type: 'text' as const, text: canary }], text: canary, toolCalls: [], finishReason: 'other' as const, usage: { inputTokens: 1, outputTokens: 1 }, warnings: [] };

/** Every way an error may end up in a log. */
function printed(error: Error): string {
  const everything = { depth: Number.POSITIVE_INFINITY, showHidden: true };
  return [inspect(error, everything), inspect(error, { ...everything, customInspect: false }), JSON.stringify(error), String(error), error.stack, inspect(error.cause, everything)].join('\n');
}

describe('errors', () => {
  it('are told apart by class and by code', () => {
    const errors = [new ConfigError('a'), new RejectedError('closed', 'b'), new ProviderError('network', 'c'), new CancelledError('cancelled', 'd'), new ExhaustedError([])];
    const classes = [ConfigError, RejectedError, ProviderError, CancelledError, ExhaustedError];
    errors.forEach((error, at) => {
      expect(error).toBeInstanceOf(GatewayError);
      expect(error).toBeInstanceOf(Error);
      expect(classes.map((constructor) => error instanceof constructor)).toEqual(classes.map((_, other) => other === at));
    });
    expect(isGatewayError(errors[1], 'closed')).toBe(true);
    expect(isGatewayError(errors[1], 'cancelled')).toBe(false);
    expect(isGatewayError(new Error('no'))).toBe(false);
    expect(isGatewayError(undefined)).toBe(false);
  });

  it('may be extended, and the ordinary rule holds for the extension', () => {
    class OwnError extends RejectedError {}
    expect(new OwnError('closed', 'x')).toBeInstanceOf(OwnError);
    expect(new OwnError('closed', 'x')).toBeInstanceOf(RejectedError);
    expect(new RejectedError('closed', 'x')).not.toBeInstanceOf(OwnError);
  });

  it('never print content, headers, the provider’s words or what their cause said', () => {
    const cause = Object.assign(new Error(`key ${canary}`, { cause: Object.assign(new Error(canary), { code: 'ECONNRESET' }) }), { request: canary, headers: { cookie: canary } });
    const error = new ProviderError('network', 'the connection failed', { cause, partial, providerMessage: canary, facts: { status: 500, headers: { 'x-request-id': canary } } });
    expect(printed(error)).not.toContain(canary);
    expect(error.cause).toEqual({ name: 'Error', code: 'ECONNRESET' });
    expect(error.partial?.text).toBe(canary);
    expect(error.providerMessage).toBe(canary);
  });

  it('keep of a cause only what is an identifier, even when its getters throw', () => {
    const hostile = { name: `Error ${canary}`, get code(): string { throw new Error(canary); } }; // prettier-ignore
    expect(new ProviderError('network', 'x', { cause: hostile }).cause).toEqual({ name: 'Error' });
    expect(new ProviderError('network', 'x', { cause: canary }).cause).toEqual({ name: 'Error' });
  });

  it('print what helps at night', () => {
    const error = new ProviderError('overloaded', 'x answered 529', { target: { provider: 'x', model: 'm' }, retryAfterMs: 1000, certainty: 'refused', facts: { status: 529, headers: {}, requestId: 'q1' } });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ProviderError', code: 'overloaded', message: 'x answered 529', retryable: true, retryAfterMs: 1000,
      target: { provider: 'x', model: 'm' }, certainty: 'refused', status: 529, requestId: 'q1',
    });
    expect(inspect(error)).toContain("code: 'overloaded'");
  });

  it('name every target that was tried', () => {
    const exhausted = new ExhaustedError([new ProviderError('overloaded', 'a', { target: { provider: 'x', model: 'm' } }), new ProviderError('network', 'b')]);
    expect(exhausted.message).toBe('no target could answer: x/m overloaded, network');
    expect(exhausted.toJSON()['errors']).toHaveLength(2);
  });

  it('know whether trying again can help', () => {
    expect(new ProviderError('overloaded', 'x').retryable).toBe(true);
    expect(new ProviderError('quota_exhausted', 'x').retryable).toBe(false);
    expect(new ProviderError('quota_exhausted', 'x', { retryable: true }).retryable).toBe(true);
  });
});
