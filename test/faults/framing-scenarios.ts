import { gzipSync } from 'node:zlib';
import { bytes, chunk, head, json, sse, type Ending, type Fault } from './host.js';
import { again, ALL, fine, FRESH, orBroken, stop, STREAMS, type Moment, type Scenario, type Verdict } from './scenario.js';
import { event, type Vendor } from './vendors.js';

const MALFORMED = again('invalid_response', 'started');
const CUT = again('stream_interrupted', 'started');
/** Unlike a cut, an answer that cannot be read keeps its code after the first content: the provider is to blame, not the network. */
const orMalformed: Scenario['verdict'] = (_vendor, moment) => (moment === 'midway' ? stop('invalid_response', 'started') : MALFORMED);
const always = (verdict: Verdict): Scenario['verdict'] => () => verdict;

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };
const PAGE = '<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>';

/** All of a good answer. */
function good(vendor: Vendor, moment: Moment): string {
  return moment === 'unary' ? vendor.whole : vendor.begin + vendor.content + vendor.close;
}

/** What of it comes before the fault. */
function start(vendor: Vendor, moment: Moment): string {
  if (moment === 'unary') return vendor.whole.slice(0, 40);
  return vendor.begin + (moment === 'midway' ? vendor.content : '');
}

function typeOf(moment: Moment): Readonly<Record<string, string>> {
  return moment === 'unary' ? JSON_TYPE : SSE;
}

/** A chunked answer up to the fault, then these bytes. */
function chunked(vendor: Vendor, moment: Moment, then: string, ending: Ending): Fault {
  return bytes(head({ ...typeOf(moment), 'transfer-encoding': 'chunked' }) + chunk(start(vendor, moment)) + then, ending);
}

/** A good answer whose body goes out otherwise. */
function whole(vendor: Vendor, moment: Moment, body: string | Uint8Array, more: Parameters<typeof sse>[1] = {}): Fault {
  return { reply: { ...more, body, headers: { ...typeOf(moment), ...more.headers } } };
}

/** The first half of a good answer, compressed, and its bytes cut short. */
function halfCompressed(vendor: Vendor, moment: Moment): Fault {
  const compressed = gzipSync(good(vendor, moment));
  return bytes(Buffer.concat([Buffer.from(head({ ...typeOf(moment), 'content-encoding': 'gzip', 'content-length': compressed.length - 12 })), compressed.subarray(0, -12)]), 'keep');
}

/** HTTP and server-sent events that are not as they should be, and some that only look so. */
export const framingScenarios: readonly Scenario[] = [
  { name: 'a bad status line', moments: FRESH, fault: () => bytes('NONSENSE 200 FINE\r\n\r\n', 'close'), verdict: always(MALFORMED) },
  { name: 'a bad header line', moments: FRESH, fault: () => bytes('HTTP/1.1 200 OK\r\nno colon here\r\n\r\n', 'close'), verdict: always(MALFORMED) },
  { name: 'a head of more than 16 KiB', moments: FRESH, fault: () => bytes(head({ 'x-padding': 'x'.repeat(40_000) }), 'close'), verdict: always(MALFORMED) },
  { name: 'a head with both a length and chunks', moments: FRESH, fault: (vendor, moment) => bytes(head({ ...typeOf(moment), 'content-length': 5, 'transfer-encoding': 'chunked' }) + chunk('{}') + chunk(''), 'close'), verdict: always(MALFORMED) },
  { name: 'a head that breaks off', moments: FRESH, fault: () => bytes('HTTP/1.1 200 OK\r\ncontent-le', 'close'), verdict: always(again('network', 'possibly_billed')) },
  { name: 'a bad chunk size', moments: ALL, fault: (vendor, moment) => chunked(vendor, moment, 'ZZ\r\nnot hexadecimal\r\n', 'close'), verdict: orMalformed },
  { name: 'a chunked body that breaks off', moments: ALL, fault: (vendor, moment) => chunked(vendor, moment, '', 'close'), verdict: orBroken(CUT) },
  { name: 'a chunk that breaks off', moments: ALL, fault: (vendor, moment) => chunked(vendor, moment, '400\r\ndata: {"half', 'close'), verdict: orBroken(CUT) },
  { name: 'a body shorter than its length', moments: ALL, fault: (vendor, moment) => bytes(head({ ...typeOf(moment), 'content-length': 100_000 }) + start(vendor, moment), 'close'), verdict: orBroken(CUT) },
  { name: 'a body shorter than its length on a connection to be closed', moments: ALL, fault: (vendor, moment) => bytes(head({ ...typeOf(moment), connection: 'close', 'content-length': 100_000 }) + start(vendor, moment), 'close'), verdict: orBroken(CUT) },
  { name: 'a compression of garbage', moments: FRESH, fault: (_vendor, moment) => bytes(`${head({ ...typeOf(moment), 'content-encoding': 'gzip', 'content-length': 7 })}garbage`, 'keep'), verdict: always(MALFORMED) },
  { name: 'a compression that breaks off', moments: ['unary', 'midway'], fault: halfCompressed, verdict: orBroken(CUT) },
  { name: 'a compression nobody knows', moments: FRESH, fault: (vendor, moment) => whole(vendor, moment, good(vendor, moment), { headers: { 'content-encoding': 'compress' } }), verdict: always(MALFORMED) },
  { name: 'a compression nobody asked for', moments: FRESH, fault: (vendor, moment) => whole(vendor, moment, gzipSync(good(vendor, moment)), { headers: { 'content-encoding': 'gzip' } }), verdict: always(fine()) },
  { name: 'a page of HTML', moments: FRESH, fault: () => ({ reply: { body: PAGE } }), verdict: always(MALFORMED) },
  { name: 'a page of HTML that calls itself an answer', moments: FRESH, fault: (vendor, moment) => whole(vendor, moment, PAGE), verdict: (_vendor, moment) => (moment === 'unary' ? MALFORMED : CUT) },
  { name: 'no body at all', moments: FRESH, fault: (vendor, moment) => whole(vendor, moment, ''), verdict: (_vendor, moment) => (moment === 'unary' ? MALFORMED : CUT) },
  { name: 'a 204', moments: FRESH, fault: () => bytes(head({}, 'HTTP/1.1 204 No Content'), 'keep'), verdict: (_vendor, moment) => (moment === 'unary' ? MALFORMED : CUT) },
  { name: 'JSON that breaks off', moments: ['unary'], fault: (vendor) => json(vendor.whole.slice(0, -30)), verdict: always(MALFORMED) },
  { name: 'an event that breaks off, and the end', moments: STREAMS, fault: (vendor, moment) => sse(`${start(vendor, moment)}data: {"half`), verdict: orBroken(CUT) },
  { name: 'an event that is not JSON among good ones', moments: STREAMS, fault: (vendor, moment) => sse(`${start(vendor, moment)}${event('{"half')}${vendor.content}${vendor.close}`), verdict: orMalformed },
  { name: 'an event over the cap', moments: STREAMS, fault: (vendor, moment) => sse(`${start(vendor, moment)}${event(JSON.stringify({ filler: 'x'.repeat(70_000) }))}${vendor.close}`), verdict: orMalformed },
  { name: 'a line without end', moments: STREAMS, fault: (vendor, moment) => sse(`${start(vendor, moment)}data: ${'x'.repeat(200_000)}`), verdict: orMalformed },
  { name: 'an answer over the cap', moments: ['unary'], fault: (vendor) => json(vendor.whole + ' '.repeat(300_000)), verdict: always(MALFORMED) },
  { name: 'lines that end with CR LF', moments: ['stream'], fault: (vendor) => sse(good(vendor, 'stream').replaceAll('\n', '\r\n')), verdict: always(fine()) },
  { name: 'lines that end with CR', moments: ['stream'], fault: (vendor) => sse(good(vendor, 'stream').replaceAll('\n', '\r')), verdict: always(fine()) },
  { name: 'one byte at a time', moments: FRESH, fault: (vendor, moment) => whole(vendor, moment, good(vendor, moment), { write: { bytes: 1 } }), verdict: always(fine()) },
  { name: 'a byte order mark', moments: ['stream'], fault: (vendor) => sse(`\uFEFF${good(vendor, 'stream')}`), verdict: always(fine()) },
  { name: 'comments, and fields without a space', moments: ['stream'], fault: (vendor) => sse(`: hello\nretry: 10\n\n${good(vendor, 'stream').replaceAll(': ', ':').replaceAll('\n\n', '\n\n:\n\n')}`), verdict: always(fine()) },
  { name: 'a last event without its blank line', moments: ['stream'], fault: (vendor) => sse(good(vendor, 'stream').trimEnd()), verdict: always(fine()) },
  { name: 'no content type', moments: FRESH, fault: (vendor, moment) => bytes(head({ 'content-length': good(vendor, moment).length }) + good(vendor, moment), 'keep'), verdict: always(fine()) },
  { name: 'the answer in one piece though a stream was asked for', moments: ['stream'], fault: (vendor) => json(vendor.whole), verdict: always(fine()) },
  { name: 'an early hint before the answer', moments: FRESH, fault: (vendor, moment) => bytes(head({ link: '</style.css>' }, 'HTTP/1.1 103 Early Hints') + head({ ...typeOf(moment), 'content-length': good(vendor, moment).length }) + good(vendor, moment), 'keep'), verdict: always(fine()) },
  { name: 'HTTP/1.0, with the close as the end', moments: FRESH, fault: (vendor, moment) => bytes(head(typeOf(moment), 'HTTP/1.0 200 OK') + good(vendor, moment), 'close'), verdict: always(fine()) },
  { name: 'a switch of protocols', moments: FRESH, fault: () => bytes(head({ connection: 'upgrade', upgrade: 'websocket' }, 'HTTP/1.1 101 Switching Protocols'), 'close'), verdict: always(again('network', 'possibly_billed')) },
];
