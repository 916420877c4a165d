import { describe, expect, it } from 'vitest';
import { dialect } from './build.js';

const fail = (status: number, body: unknown, headers: Record<string, string> = {}) => dialect.fromError({ provider: 'openai', status, headers, body });
const coded = (code: string | null, type = 'invalid_request_error') => ({ error: { code, type, message: 'sk-secret and the prompt', param: 'input' } });

describe('error answers', () => {
  it.each([
    ['provider_rate_limit', 429, coded('rate_limit_exceeded', 'tokens')],
    ['quota_exhausted', 429, coded('insufficient_quota', 'insufficient_quota')],
    ['quota_exhausted', 429, coded('organization_spend_limit_exceeded')],
    ['context_length', 400, coded('context_length_exceeded')],
    ['content_filter', 400, coded('content_policy_violation')],
    ['content_filter', 400, coded('content_filter')],
    ['content_filter', 400, coded('invalid_prompt')],
    ['content_filter', 400, coded('image_content_policy_violation')],
    ['authentication', 401, coded('invalid_api_key')],
    ['not_found', 400, coded('model_not_found')],
    ['overloaded', 503, coded('slow_down')],
    ['overloaded', 503, coded('server_is_overloaded')],
    ['server_error', 500, coded('server_error', 'server_error')],
    ['server_error', 400, coded('vector_store_timeout')],
    ['invalid_request', 400, coded('invalid_image_url')],
    ['invalid_request', 400, coded(null)],
    ['permission', 403, { error: 'no' }],
    ['server_error', 502, '<html>Bad gateway</html>'],
    ['overloaded', 503, undefined],
  ] as const)('is %s for status %i', (code, status, body) => {
    expect(fail(status, body).code).toBe(code);
  });

  it('decides on the code before the status, whatever the message says', () => {
    expect(fail(500, { error: { code: 'insufficient_quota', message: 'rate limit reached' } }).code).toBe('quota_exhausted');
    expect(fail(400, { error: { message: 'maximum context length exceeded, rate limit' } }).code).toBe('invalid_request');
  });

  it('names code and field, and keeps the words of the provider to providerMessage', () => {
    const error = fail(400, coded('invalid_prompt'), { 'x-request-id': 'req_1', 'retry-after': '3', 'set-cookie': 'x' });
    expect(error.message).toContain('invalid_prompt');
    expect(error.message).not.toContain('secret');
    expect(error).toMatchObject({ providerMessage: 'sk-secret and the prompt', requestId: 'req_1', retryAfterMs: 3000 });
  });

  it('never takes a name of Object.prototype for a code', () => {
    expect(fail(400, coded('constructor')).code).toBe('invalid_request');
    expect(fail(400, coded('__proto__')).code).toBe('invalid_request');
  });
});
