import { bytes, chunk, closedOrigin, head, type Fault } from './host.js';
import { again, ALL, FRESH, fine, next, orBroken, stop, STREAMS, type Moment, type Scenario, type Verdict } from './scenario.js';
import type { Vendor } from './vendors.js';

const NOT_SENT = again('network', 'not_sent');
const LOST = again('network', 'possibly_billed');
const HOPELESS = next('network', 'not_sent');
const CUT = again('stream_interrupted', 'started');
const always = (verdict: Verdict): Scenario['verdict'] => () => verdict;
/** Long enough for anything that is not stuck, in milliseconds. */
const SHORT_MS = 200;

/** A label has 63 letters at most, so no resolver need be asked: some take seconds. */
const UNRESOLVABLE = `http://${'x'.repeat(64)}.invalid`;

/** What can become of a connection, from the name of its host to its last byte. */
export const connectionScenarios: readonly Scenario[] = [
  { name: 'a refused connection', moments: FRESH, fault: async () => ({ origin: await closedOrigin() }), verdict: always(NOT_SENT) },
  { name: 'a name that does not resolve', moments: FRESH, fault: () => ({ origin: UNRESOLVABLE }), verdict: always(NOT_SENT) },
  { name: 'TLS to a server without it', moments: FRESH, fault: () => ({ onConnection: (socket) => void socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), scheme: 'https' }), verdict: always(HOPELESS) },
  { name: 'a certificate that nobody vouches for', moments: FRESH, fault: () => ({ onRequest: () => {}, scheme: 'https', tls: true }), verdict: always(HOPELESS) },
  { name: 'a handshake that is reset', moments: FRESH, fault: () => ({ onConnection: (socket) => void socket.once('data', () => socket.resetAndDestroy()), scheme: 'https' }), verdict: always(NOT_SENT) },
  { name: 'a handshake that never ends', vendors: ['openai responses', 'anthropic', 'google'], moments: ['unary'], connectTimeoutMs: 200, slow: true, fault: () => ({ onConnection: (socket) => void socket.resume(), scheme: 'https' }), verdict: always(again('connect_timeout', 'not_sent')) },
  { name: 'a reset before any byte', moments: FRESH, fault: () => ({ onRequest: (socket) => socket.resetAndDestroy() }), verdict: always(LOST) },
  { name: 'a close before any byte', moments: FRESH, fault: () => ({ onRequest: (socket) => void socket.end() }), verdict: always(LOST) },
  { name: 'a reset in the head', moments: FRESH, fault: () => bytes('HTTP/1.1 200 OK\r\ncontent-ty', 'reset'), verdict: always(LOST) },
  { name: 'a reset in the body', moments: ALL, fault: (vendor, moment) => bytes(begun(vendor, moment), 'reset'), verdict: orBroken(CUT) },
  { name: 'a close in the body', moments: ALL, fault: (vendor, moment) => bytes(begun(vendor, moment), 'close'), verdict: orBroken(CUT) },
  { name: 'a reset from the fake server after the content', moments: ['midway'], fault: () => ({ reply: { text: ['one ', 'two '], ending: 'reset' } }), verdict: always(stop('stream_interrupted', 'started')) },
  { name: 'an answer that never begins', moments: FRESH, fault: () => ({ onRequest: () => {} }), timeoutMs: SHORT_MS, verdict: always(stop('deadline_exceeded', 'possibly_billed')) },
  { name: 'a head and nothing behind it', moments: FRESH, fault: (_vendor, moment) => bytes(head({ 'content-type': moment === 'unary' ? 'application/json' : 'text/event-stream', 'transfer-encoding': 'chunked' }), 'keep'), timeoutMs: SHORT_MS, verdict: always(stop('deadline_exceeded', 'started')) },
  { name: 'a body that stalls', moments: ALL, fault: (vendor, moment) => bytes(begun(vendor, moment), 'keep'), timeoutMs: SHORT_MS, verdict: always(stop('deadline_exceeded', 'started')) },
  { name: 'signs of life and nothing else', moments: STREAMS, fault: pinging, timeoutMs: SHORT_MS, verdict: always(stop('deadline_exceeded', 'started')) },
  { name: 'a body that drips', moments: FRESH, fault: (vendor, moment) => dripping('', measured(vendor, moment)), verdict: always(fine()) },
  { name: 'an answer before the request was read', moments: FRESH, fault: () => ({ onConnection: (socket) => void socket.once('data', () => socket.end(head({ 'content-length': 0, connection: 'close' }, 'HTTP/1.1 413 Payload Too Large'))) }), verdict: always(stop('invalid_request', 'refused')) },
  { name: 'a goodbye with the answer', moments: FRESH, fault: (vendor, moment) => bytes(measured(vendor, moment, { connection: 'close' }), 'close'), verdict: always(fine()) },
  { name: 'a reset behind a whole answer', moments: FRESH, fault: (vendor, moment) => bytes(measured(vendor, moment), 'reset'), verdict: always(fine()) },
];

function typeOf(moment: Moment): string {
  return moment === 'unary' ? 'application/json' : 'text/event-stream';
}

/** An answer up to the fault. */
function begun(vendor: Vendor, moment: Moment): string {
  return head({ 'content-type': typeOf(moment), 'transfer-encoding': 'chunked' }) + chunk(moment === 'unary' ? '{"half":' : vendor.begin + (moment === 'midway' ? vendor.content : ''));
}

/** All of a good answer. */
function measured(vendor: Vendor, moment: Moment, fields: Readonly<Record<string, string>> = {}): string {
  const body = moment === 'unary' ? vendor.whole : vendor.begin + vendor.content + vendor.close;
  return head({ 'content-type': typeOf(moment), 'content-length': body.length, ...fields }) + body;
}

function pinging(vendor: Vendor, moment: Moment): Fault {
  return dripping(begun(vendor, moment), chunk(': alive\n\n').repeat(1000));
}

/** `now` at once, then a few bytes every few milliseconds. */
function dripping(now: string, later: string): Fault {
  return {
    onRequest(socket) {
      let at = 0;
      socket.write(now);
      const timer = setInterval(() => {
        socket.write(later.slice(at, (at += 24)));
        if (at >= later.length) clearInterval(timer);
      }, 2);
      socket.once('close', () => clearInterval(timer));
    },
  };
}
