import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/dialect.js';

const fail = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => anthropicMessages().fromError({ provider: 'anthropic', status, headers, body });
const wire = (type: string, details?: unknown) => ({ type: 'error', error: { type, message: 'words of the vendor', ...(details !== undefined && { details }) }, request_id: 'req_body' });

describe('an error answer', () => {
  it.each([
    [400, 'invalid_request_error', 'invalid_request'],
    [401, 'authentication_error', 'authentication'],
    [402, 'billing_error', 'quota_exhausted'],
    [403, 'permission_error', 'permission'],
    [404, 'not_found_error', 'not_found'],
    [409, 'conflict_error', 'server_error'],
    [413, 'request_too_large', 'invalid_request'],
    [429, 'rate_limit_error', 'provider_rate_limit'],
    [500, 'api_error', 'server_error'],
    [504, 'timeout_error', 'server_error'],
    [529, 'overloaded_error', 'overloaded'],
  ])('%i %s is %s', (status, type, code) => {
    expect(fail(status, wire(type)).code).toBe(code);
  });

  it('is told by its code before its type, and by its type before its status', () => {
    expect(fail(429, wire('rate_limit_error', { error_code: 'enforced_spend_limit_reached' })).code).toBe('quota_exhausted');
    expect(fail(400, wire('overloaded_error')).code).toBe('overloaded');
    expect(fail(503, wire('type_of_tomorrow')).code).toBe('overloaded');
    expect(fail(429, wire('constructor')).code).toBe('provider_rate_limit');
  });

  it('is never told by its words', () => {
    expect(fail(400, { type: 'error', error: { type: 'invalid_request_error', message: 'prompt is too long: 250000 tokens > 200000 maximum' } }).code).toBe('invalid_request');
  });

  it.each([[413, '<html>too large</html>', 'invalid_request'], [502, '<html>', 'server_error'], [429, null, 'provider_rate_limit'], [529, { error: 'busy' }, 'overloaded'], [401, [], 'authentication']])(
    'of status %i may have any body: %j',
    (status, body, code) => {
      expect(fail(status, body).code).toBe(code);
    },
  );

  it('keeps the words of the vendor out of what is printed', () => {
    const error = fail(400, wire('invalid_request_error'));
    expect(error.providerMessage).toBe('words of the vendor');
    expect(error.message + JSON.stringify(error)).not.toContain('words of the vendor');
  });

  it('has the id of the request, from the header or from the body', () => {
    expect(fail(500, wire('api_error'), { 'request-id': 'req_header' }).requestId).toBe('req_header');
    expect(fail(500, wire('api_error')).requestId).toBe('req_body');
  });

  it('obeys what the API says of waiting and of trying again', () => {
    expect(fail(429, wire('rate_limit_error'), { 'retry-after': '7' }).retryAfterMs).toBe(7000);
    expect(fail(500, wire('api_error'), { 'x-should-retry': 'false' }).retryable).toBe(false);
  });
});
