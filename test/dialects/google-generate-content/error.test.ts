import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../src/errors.js';
import { decode, dialect, chunk, scope } from './build.js';

const TYPE = 'type.googleapis.com/google.rpc.';
const info = (reason: string) => ({ '@type': `${TYPE}ErrorInfo`, reason });
const quota = (...quotaIds: readonly string[]) => ({ '@type': `${TYPE}QuotaFailure`, violations: quotaIds.map((quotaId) => ({ quotaId })) });
const failure = (status: number, body: unknown, headers: Record<string, string> = {}) => dialect.fromError({ provider: 'google', status, headers, body });
const error = (code: number, status: string, ...details: readonly unknown[]) => ({ error: { code, status, message: 'the words of the provider', details } });

describe('an error of the Gemini API', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 'invalid_request'],
    [400, 'FAILED_PRECONDITION', 'permission'],
    [401, 'UNAUTHENTICATED', 'authentication'],
    [403, 'PERMISSION_DENIED', 'permission'],
    [404, 'NOT_FOUND', 'not_found'],
    [429, 'RESOURCE_EXHAUSTED', 'provider_rate_limit'],
    [499, 'CANCELLED', 'server_error'],
    [500, 'INTERNAL', 'server_error'],
    [503, 'UNAVAILABLE', 'overloaded'],
    [504, 'DEADLINE_EXCEEDED', 'server_error'],
    [501, 'UNIMPLEMENTED', 'unsupported'],
    [403, 'SOMETHING_NEW', 'permission'],
    [403, 'constructor', 'permission'],
  ] as const)('with status %i %s has the code of its class', (status, name, code) => {
    expect(failure(status, error(status, name))).toMatchObject({ code, status, providerMessage: 'the words of the provider' });
  });

  it('says authentication for a bad key, which the API calls an invalid argument', () => {
    expect(failure(400, error(400, 'INVALID_ARGUMENT', info('API_KEY_INVALID'))).code).toBe('authentication');
  });

  it('tells a used-up quota from a rate limit by the quota it names', () => {
    const daily = failure(429, error(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerMinutePerProject', 'GenerateRequestsPerDayPerProjectPerModel-FreeTier')));
    expect([daily.code, daily.retryable]).toEqual(['quota_exhausted', false]);
    const minute = failure(429, error(429, 'RESOURCE_EXHAUSTED', quota('GenerateRequestsPerMinutePerProject')));
    expect([minute.code, minute.retryable]).toEqual(['provider_rate_limit', true]);
  });

  it.each([
    ['34.4s', 34_400],
    ['0s', 0],
    ['-5s', undefined],
    ['soon', undefined],
    ['9999999999s', undefined],
    [12, undefined],
  ])('reads the retry delay %j', (retryDelay, wait) => {
    expect(failure(429, error(429, 'RESOURCE_EXHAUSTED', { '@type': `${TYPE}RetryInfo`, retryDelay })).retryAfterMs).toBe(wait);
  });

  it('names the field that was wrong', () => {
    const violations = { '@type': `${TYPE}BadRequest`, fieldViolations: [{ field: 'contents[0].role', description: 'x' }] };
    expect(failure(400, error(400, 'INVALID_ARGUMENT', violations)).message).toContain('field contents[0].role');
  });

  it('is read out of a list too', () => {
    expect(failure(503, [error(503, 'UNAVAILABLE')]).code).toBe('overloaded');
  });

  it.each([
    [502, '<html>bad gateway</html>', 'server_error'],
    [429, '', 'provider_rate_limit'],
    [401, { error: 'invalid_grant' }, 'authentication'],
    [400, null, 'invalid_request'],
    [500, { error: { details: 'none', code: {}, status: 7 } }, 'server_error'],
    [500, [], 'server_error'],
  ] as const)('with status %i and the body %j goes by the status', (status, body, code) => {
    expect(failure(status, body).code).toBe(code);
  });

  it('never prints the words of the provider', () => {
    expect(JSON.stringify(failure(400, error(400, 'INVALID_ARGUMENT')))).not.toContain('the words of');
  });
});

describe('an error under status 200', () => {
  it('is thrown for a whole answer', () => {
    expect(thrownBy(() => dialect.fromResponse(error(503, 'UNAVAILABLE'), scope))).toMatchObject({ code: 'overloaded', certainty: 'started' });
    expect(thrownBy(() => dialect.fromResponse([error(429, 'RESOURCE_EXHAUSTED')], scope))).toMatchObject({ code: 'provider_rate_limit' });
  });

  it.each([[error(503, 'UNAVAILABLE')], [[error(503, 'UNAVAILABLE')]]])('is thrown inside a stream, also as a list', (wire) => {
    expect(thrownBy(() => decode([chunk({ text: 'Hel' }), wire]))).toMatchObject({ code: 'overloaded', certainty: 'started', providerMessage: 'the words of the provider' });
  });

  it('is thrown even after a finish reason, which some models send with every chunk', () => {
    const whole = { candidates: [{ content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }] };
    expect(thrownBy(() => decode([whole, error(499, 'CANCELLED')]))).toMatchObject({ code: 'server_error' });
  });
});

function thrownBy(action: () => unknown): ProviderError {
  try {
    action();
  } catch (thrown) {
    if (thrown instanceof ProviderError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
