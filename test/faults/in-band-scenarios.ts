import { json, sse } from './host.js';
import { again, ALL, BROKEN, fine, FRESH, lastAgain, next, orBroken, stop, STREAMS, type Moment, type Scenario, type Verdict } from './scenario.js';
import { chatChunk, event, googleChunk, named, vendors, type VendorName } from './vendors.js';

interface Row {
  readonly name: string;
  /** The event that brings it, in the stream of each vendor. */
  readonly events?: Partial<Readonly<Record<VendorName, string>>>;
  /** The whole body of an answer that does not stream. */
  readonly whole?: Partial<Readonly<Record<VendorName, unknown>>>;
  /** What follows the event. @default nothing */
  readonly after?: 'close';
  /** @default before and after the first content, and unary where there is a `whole` */
  readonly moments?: readonly Moment[];
  readonly verdict: Scenario['verdict'];
  readonly partial?: string;
  /** Nobody but Google can say inside an answer that a moment is enough: an overloaded target, or a key at its limit, rests for a second. */
  readonly slow?: boolean;
}

type Each<T> = Readonly<Record<VendorName, T>>;

const error = (type: string, code: string | null = null): object => ({ message: 'words of openai', type, param: null, code });
const anthropicError = (type: string): object => ({ type: 'error', error: { type, message: 'words of anthropic' } });
const googleError = (code: number, status: string, ...details: readonly object[]): object => ({ error: { code, message: 'words of google', status, details } });
const detail = (type: string, fields: object): object => ({ '@type': `type.googleapis.com/google.rpc.${type}`, ...fields });

/** The same failure in each vendor's own words: as an event, and as the body of a 200. */
function failing(openaiError: object, anthropicType: string, google: object): Required<Pick<Row, 'events' | 'whole'>> {
  return {
    events: {
      'openai responses': named({ type: 'response.failed', response: { id: 'r1', object: 'response', model: 'm', status: 'failed', error: openaiError, output: [] } }),
      'openai chat': event({ error: openaiError }),
      anthropic: event(anthropicError(anthropicType), 'error'),
      google: event(google),
    },
    whole: {
      'openai responses': { id: 'r1', object: 'response', model: 'm', status: 'failed', error: openaiError, output: [] },
      'openai chat': { error: openaiError },
      anthropic: anthropicError(anthropicType),
      google,
    },
  };
}

const serverError = failing(error('server_error', 'server_error'), 'api_error', googleError(500, 'INTERNAL'));
const each = <T,>(of: (vendor: VendorName) => T): Each<T> => Object.fromEntries(vendors.map(({ name }) => [name, of(name)])) as Each<T>; // every vendor is there
const always = (verdict: Verdict): Scenario['verdict'] => () => verdict;

/** The vendor's own policy ended the answer: an outcome, not a failure. */
const FILTERED: Each<string> = {
  'openai responses': named({ type: 'response.incomplete', response: { id: 'r1', model: 'm', status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] } }),
  'openai chat': chatChunk({}, 'content_filter'),
  anthropic: named({ type: 'message_delta', delta: { stop_reason: 'refusal' }, usage: { output_tokens: 1 } }) + named({ type: 'message_stop' }),
  google: googleChunk([], { finishReason: 'SAFETY' }),
};
const filtered: Scenario['verdict'] = (vendor) => fine(vendor === 'anthropic' ? 'refusal' : 'content-filter');

const rows: readonly Row[] = [
  { name: 'a failure inside the answer', ...serverError, verdict: orBroken(again('server_error', 'started')) },
  { name: 'a failure with the marker of a good end behind it', events: serverError.events, after: 'close', verdict: orBroken(again('server_error', 'started')) },
  { name: 'an overload inside the answer', ...failing(error('server_error', 'server_is_overloaded'), 'overloaded_error', googleError(503, 'UNAVAILABLE', detail('RetryInfo', { retryDelay: '0s' }))), slow: true, verdict: orBroken(again('overloaded', 'started')) },
  { name: 'a rate limit inside the answer', ...failing(error('tokens', 'rate_limit_exceeded'), 'rate_limit_error', googleError(429, 'RESOURCE_EXHAUSTED')), slow: true, verdict: orBroken(lastAgain('provider_rate_limit', 'started')) },
  { name: 'a quota that is used up inside the answer', ...failing(error('insufficient_quota', 'insufficient_quota'), 'billing_error', googleError(429, 'RESOURCE_EXHAUSTED', detail('QuotaFailure', { violations: [{ quotaId: 'RequestsPerDay' }] }))), verdict: orBroken(next('quota_exhausted', 'started')) },
  {
    name: 'a malformed request that is found late',
    ...failing(error('invalid_request_error', 'context_length_exceeded'), 'invalid_request_error', googleError(400, 'INVALID_ARGUMENT')),
    moments: FRESH,
    verdict: (vendor) => stop(vendor.startsWith('openai') ? 'context_length' : 'invalid_request', 'started'),
  },
  { name: 'an error that is a mere string', events: each(() => event({ error: 'Internal server error' })), whole: each(() => ({ error: 'Internal server error' })), verdict: orBroken(again('server_error', 'started')) },
  { name: 'an error on lines that are no events', events: each((name) => (name === 'google' ? `${JSON.stringify(googleError(500, 'INTERNAL'), null, 1)}\n` : `${JSON.stringify(anthropicError('api_error'))}\n`)), verdict: orBroken(again('server_error', 'started')) },
  {
    name: 'an error in the second form that the vendor has for it',
    events: {
      'openai responses': named({ type: 'error', code: 'server_error', message: 'm', param: null, sequence_number: 9 }),
      'openai chat': event({ message: 'm', code: 'provider_error', param: null, type: 'server_error' }, 'error'),
      anthropic: event({ error: { type: 'api_error', message: 'm' } }, 'error'),
      google: event([googleError(500, 'INTERNAL')]),
    },
    verdict: orBroken(again('server_error', 'started')),
  },
  {
    name: 'a finish reason that is a failure',
    events: { 'openai chat': chatChunk({}, 'error'), google: googleChunk([], { finishReason: 'MALFORMED_FUNCTION_CALL' }) },
    moments: ['stream'],
    verdict: (vendor) => (vendor === 'google' ? again('invalid_response', 'started') : again('server_error', 'started')),
  },
  { name: 'a lack of resources as the finish reason', events: { 'openai chat': chatChunk({}, 'insufficient_system_resource') }, slow: true, verdict: orBroken(again('overloaded', 'started')) },
  { name: 'a quiet end without the terminal marker', events: each(() => ''), verdict: orBroken(again('stream_interrupted', 'started')) },
  { name: 'nothing but signs of life, and the end', events: each(() => `: comment\n\n${named({ type: 'ping' })}: comment\n\n`), verdict: orBroken(again('stream_interrupted', 'started')) },
  { name: 'an answer of the wrong shape', whole: each(() => []), verdict: always(again('invalid_response', 'started')) },
  {
    name: 'an event that is a number',
    events: each(() => event('42')),
    // The responses API may add events of any shape, so what is no object is passed over there, and the marker is missing.
    verdict: (vendor, moment) => (vendor === 'openai responses' ? orBroken(again('stream_interrupted', 'started'))(vendor, moment) : moment === 'midway' ? stop('invalid_response', 'started') : again('invalid_response', 'started')),
  },
  { name: 'events of the right names and the wrong shapes', events: { 'openai responses': named({ type: 'response.output_text.delta', delta: { a: 1 }, output_index: 'x' }), 'openai chat': event({ choices: 'none' }), anthropic: named({ type: 'content_block_delta', index: null, delta: 7 }), google: event({ candidates: { a: 1 } }) }, verdict: orBroken(again('stream_interrupted', 'started')) },
  { name: 'events that nobody has heard of', events: each(() => named({ type: 'novelty', choices: [], candidates: [], payload: { deep: [1, 2] } })), after: 'close', moments: ['midway'], verdict: always(fine()) },
  { name: 'a filter before the first word', events: FILTERED, moments: ['stream'], partial: '', verdict: filtered },
  { name: 'a filter that stopped the answer', events: FILTERED, moments: ['midway'], verdict: filtered },
  { name: 'a prompt that was blocked', events: { google: event({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 3 } }) }, whole: { google: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } } }, moments: FRESH, partial: '', verdict: always(fine('content-filter')) },
  {
    name: 'the end of the tokens asked for',
    events: {
      'openai responses': named({ type: 'response.incomplete', response: { id: 'r1', model: 'm', status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [] } }),
      'openai chat': chatChunk({}, 'length'),
      anthropic: named({ type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 2 } }) + named({ type: 'message_stop' }),
      google: googleChunk([], { finishReason: 'MAX_TOKENS' }),
    },
    moments: ['midway'],
    verdict: always(fine('length')),
  },
  { name: 'an error behind the terminal marker', events: each((name) => `${vendors.find((vendor) => vendor.name === name)?.close ?? ''}${event({ error: error('server_error') })}`), moments: ['midway'], verdict: (vendor) => (vendor === 'google' ? BROKEN : fine()) },
];

/** Errors and odd ends inside an answer whose status is 200. */
export const inBandScenarios: readonly Scenario[] = rows.map(({ name, events, whole, after, verdict, ...row }) => ({
  name: `${name},`,
  moments: row.moments ?? (events === undefined ? ['unary'] : whole === undefined ? STREAMS : ALL),
  vendors: vendors.map((vendor) => vendor.name).filter((vendor) => (events ?? whole ?? {})[vendor] !== undefined),
  fault: (vendor, moment) => {
    if (moment === 'unary') return json(JSON.stringify(whole?.[vendor.name]));
    return sse(vendor.begin + (moment === 'midway' ? vendor.content : '') + (events?.[vendor.name] ?? '') + (after === 'close' ? vendor.close : ''));
  },
  verdict,
  slow: row.slow === true,
  ...(row.partial !== undefined && { partial: row.partial }),
}));
