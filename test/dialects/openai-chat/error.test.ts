import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import type { ProviderCode } from '../../../src/types/codes.js';
import { scope } from './builders.js';

const fromError = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) => openaiChat().fromError({ provider: 'acme', status, headers, body });

describe('errors of chat completions', () => {
  const table: readonly (readonly [status: number, body: unknown, code: ProviderCode])[] = [
    [429, { error: { type: 'tokens', code: 'rate_limit_exceeded' } }, 'provider_rate_limit'],
    [429, { error: { type: 'requests', code: 'rate_limit_exceeded' } }, 'provider_rate_limit'],
    [429, { error: { type: 'insufficient_quota', code: 'insufficient_quota' } }, 'quota_exhausted'],
    [429, { error: { type: 'insufficient_quota', code: null } }, 'quota_exhausted'],
    [429, { error: { code: 'credit_balance_exhausted' } }, 'quota_exhausted'],
    [429, { error: { code: 'project_spend_limit_exceeded' } }, 'quota_exhausted'],
    [402, { error: { message: 'Insufficient Balance', type: 'unknown_error', code: 'invalid_request_error' } }, 'quota_exhausted'],
    [400, { error: { type: 'invalid_request_error', code: 'context_length_exceeded' } }, 'context_length'],
    [400, { error: { code: 'CONTEXT_LENGTH_EXCEEDED' } }, 'context_length'],
    [400, { error: { type: 'invalid_request_error', code: 'content_policy_violation' } }, 'content_filter'],
    [400, { error: { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } } }, 'content_filter'],
    [400, { error: { code: null, type: null, innererror: { code: 'ResponsibleAIPolicyViolation' } } }, 'content_filter'],
    [403, { error: { code: 403, message: 'flagged', metadata: { reasons: ['violence'], flagged_input: 'x' } } }, 'content_filter'],
    [401, { error: { type: 'invalid_request_error', code: 'invalid_api_key' } }, 'authentication'],
    [403, { error: { type: 'request_forbidden', code: 'unsupported_country_region_territory' } }, 'permission'],
    [404, { error: { type: 'invalid_request_error', code: 'DeploymentNotFound' } }, 'not_found'],
    [400, { error: { type: 'invalid_request_error', code: 'model_not_found' } }, 'not_found'],
    [404, { object: 'error', message: 'no such model', type: 'NotFoundError', code: 404 }, 'not_found'],
    [503, { error: { code: 'slow_down' } }, 'overloaded'],
    [500, { error: { type: 'server_error', code: 'server_is_overloaded' } }, 'overloaded'],
    [429, { error: { type: 'engine_overloaded_error' } }, 'overloaded'],
    [500, { error: { type: 'server_error' } }, 'server_error'],
    [400, { error: { type: 'invalid_request_error', code: 'unsupported_parameter', param: 'max_tokens' } }, 'invalid_request'],
    [400, [{ error: { code: 400, status: 'INVALID_ARGUMENT', message: 'x' } }], 'invalid_request'],
    [429, [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }], 'provider_rate_limit'],
    [422, { detail: [{ loc: ['body'], msg: 'Field required', type: 'missing' }] }, 'invalid_request'],
    [502, '<html>Bad Gateway</html>', 'server_error'],
    [503, '', 'overloaded'],
    [529, null, 'overloaded'],
    [429, '{"error":{"code":"insuff', 'provider_rate_limit'],
    [400, { error: 'context_length_exceeded: your rate limit' }, 'invalid_request'],
    [401, { error: { type: 'invalid_request_error', code: 7 } }, 'authentication'],
  ];

  it.each(table)('with status %i and body %j are %s', (status, body, code) => {
    expect(fromError(status, body).code).toBe(code);
  });

  it('keep the words of the provider apart from what is printed', () => {
    const error = fromError(401, { error: { message: 'Incorrect API key provided: sk-secret', code: 'invalid_api_key' } }, { 'x-request-id': 'r1', 'set-cookie': 'c=1' });
    expect(error.providerMessage).toBe('Incorrect API key provided: sk-secret');
    expect(`${error.message} ${JSON.stringify(error)}`).not.toMatch(/sk-secret|c=1/);
    expect(error.requestId).toBe('r1');
    expect(error.certainty).toBe('refused');
  });

  it.each([
    ['a text', { error: 'no' }, 'no'],
    ['a flat object', { message: 'no' }, 'no'],
    ['a detail', { detail: 'no' }, 'no'],
    ['a list of findings', { detail: [{ msg: 'a' }, { msg: 'b' }] }, 'a; b'],
    ['a page', '<html>', '<html>'],
  ])('give their words when the body is %s', (_name, body, words) => {
    expect(fromError(400, body).providerMessage).toBe(words);
  });

  it('in a body with status 200 are errors', () => {
    const wire = { error: { message: 'Rate limit exceeded', code: 429 } };
    expect(() => openaiChat().fromResponse(wire, scope)).toThrow(expect.objectContaining({ code: 'provider_rate_limit', providerMessage: 'Rate limit exceeded', certainty: 'started' }));
    expect(() => openaiChat().fromResponse({ error: 'broken', choices: [] }, scope)).toThrow(expect.objectContaining({ code: 'server_error' }));
  });

  it.each([null, 'text', 7, [], {}, { choices: [] }, { choices: 'x' }, { choices: [null] }])('are invalid_response for an answer that is no answer: %j', (wire) => {
    expect(() => openaiChat().fromResponse(wire, scope)).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });
});
