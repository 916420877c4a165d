import { lookup } from 'node:dns/promises';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProviderError } from '../../src/errors.js';
import { toProviderError } from '../../src/transport/failures.js';
import { fetchTransport } from '../../src/transport/fetch-transport.js';
import { httpTransport } from '../../src/transport/http-transport.js';
import type { Transport } from '../../src/transport/transport.js';
import { selfSigned } from './self-signed.js';
import { bodyOf, failureOf, listen, onRequests, rawServer, scriptedServer, wireRequest } from './servers.js';

const transports: readonly (readonly [string, () => Transport])[] = [
  ['our own connections', () => httpTransport({ connectTimeoutMs: 300 })],
  ['fetch', () => fetchTransport(fetch)],
];

/** What a server does to a request once it is there. */
const faults: Readonly<Record<string, { readonly act: string | 'reset' | 'close'; readonly code: string; readonly certainty: string }>> = {
  'a reset before any byte': { act: 'reset', code: 'network', certainty: 'possibly_billed' },
  'a close before any byte': { act: 'close', code: 'network', certainty: 'possibly_billed' },
  'a bad status line': { act: 'NONSENSE\r\n\r\n', code: 'invalid_response', certainty: 'started' },
  'a bad header line': { act: 'HTTP/1.1 200 OK\r\nbad header\r\n\r\n', code: 'invalid_response', certainty: 'started' },
  'a head of 1 MB': { act: `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(1_000_000)}\r\n\r\n`, code: 'invalid_response', certainty: 'started' },
  'a head of 100,000 lines': { act: `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}\r\n`, code: 'invalid_response', certainty: 'started' },
  'a head that breaks off': { act: 'HTTP/1.1 200 OK\r\ncontent-le', code: 'network', certainty: 'possibly_billed' },
  'a bad chunk size': { act: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\nZZ\r\nx\r\n', code: 'invalid_response', certainty: 'started' },
  'a chunked body that breaks off': { act: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n', code: 'stream_interrupted', certainty: 'started' },
  'a chunked body that breaks off on a connection to be closed': { act: 'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n', code: 'stream_interrupted', certainty: 'started' },
  'a body shorter than its length': { act: 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort', code: 'stream_interrupted', certainty: 'started' },
  'a compressed body of garbage': { act: 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 7\r\n\r\ngarbage', code: 'invalid_response', certainty: 'started' },
};

describe.each(transports)('over %s', (_name, make) => {
  function transport(): Transport {
    const made = make();
    onTestFinished(() => made.close());
    return made;
  }

  it.each(Object.entries(faults))('%s is told by its code and certainty', async (_what, { act, code, certainty }) => {
    const server = await rawServer((socket) => onRequests(socket, () => {
      if (act === 'reset') socket.resetAndDestroy();
      else if (act === 'close') socket.end();
      else socket.end(act);
    }));
    const error = await failureOf(transport(), wireRequest(server.origin));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ code, certainty });
    expect(await server.usedClosed()).toBeLessThan(250);
  });

  it('a reset in the middle of the body is an interrupted stream', async () => {
    const server = await rawServer((socket) => onRequests(socket, () => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n');
      setTimeout(() => socket.resetAndDestroy(), 30);
    }));
    const answer = await transport().send(wireRequest(server.origin));
    await expect(bodyOf(answer)).rejects.toMatchObject({ code: 'stream_interrupted', certainty: 'started', retryable: true });
  });

  it('a refused connection has sent nothing', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await failureOf(transport(), wireRequest(`http://127.0.0.1:${port}`))).toMatchObject({ code: 'network', certainty: 'not_sent', retryable: true });
  });

  it('a host that does not resolve has been sent nothing', async () => {
    expect(await failureOf(transport(), wireRequest('http://no-such-host.invalid'))).toMatchObject({ code: 'network', certainty: 'not_sent' });
  });

  it('a certificate that nobody vouches for is not worth a retry', async () => {
    const server = await listen(tls.createServer(selfSigned()), () => {}, 'https');
    expect(await failureOf(transport(), wireRequest(server.origin))).toMatchObject({ code: 'network', certainty: 'not_sent', retryable: false, message: expect.stringContaining('certificate') });
  });

  it('TLS to a server without it is not worth a retry', async () => {
    const server = await rawServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(await failureOf(transport(), wireRequest(server.origin.replace('http:', 'https:')))).toMatchObject({ code: 'network', certainty: 'not_sent', retryable: false });
  });

  it('no error holds the key, the prompt, the URL or what the server said', async () => {
    const server = await scriptedServer('SECRET-FROM-SERVER sk-secret\r\n\r\n');
    const request = wireRequest(`${server.origin}/path-secret?key=query-secret`, { headers: { authorization: 'Bearer sk-secret' }, body: 'prompt-secret' });
    const printed = inspect(await failureOf(transport(), request), { depth: 9, showHidden: true }) + JSON.stringify(await failureOf(transport(), request));
    expect(printed).not.toMatch(/secret/i);
  });
});

describe('a connection', () => {
  it('that is not made in time is connect_timeout, TLS included, and its socket closes', async () => {
    const server = await rawServer((socket) => socket.resume());
    const transport = httpTransport({ connectTimeoutMs: 200 });
    onTestFinished(() => transport.close());
    const start = performance.now();
    expect(await failureOf(transport, wireRequest(server.origin.replace('http:', 'https:')))).toMatchObject({ code: 'connect_timeout', certainty: 'not_sent', retryable: true });
    expect(performance.now() - start).toBeLessThan(1500);
    expect(await server.allClosed()).toBeLessThan(250);
  });

  it('to an authority that is trusted by option works', async () => {
    const { key, cert } = selfSigned();
    const server = await listen(tls.createServer({ key, cert }, (socket) => onRequests(socket, () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nsafe'))), () => {}, 'https');
    const transport = httpTransport({ ca: cert });
    onTestFinished(() => transport.close());
    for (let turn = 0; turn < 2; turn++) expect(await failureOf(transport, wireRequest(server.origin))).toBe('answered 200: safe');
    expect(server.sockets).toHaveLength(1);
  });

  it('to a certificate of another host is refused', async () => {
    const { key, cert } = selfSigned();
    const server = await listen(tls.createServer({ key, cert }), () => {}, 'https');
    const { address } = await lookup('localhost', { family: 4 });
    const transport = httpTransport({ ca: cert });
    onTestFinished(() => transport.close());
    const url = server.origin.replace('127.0.0.1', address === '127.0.0.1' ? '127.0.0.2' : '127.0.0.1');
    expect(await failureOf(transport, wireRequest(url))).toMatchObject({ code: 'network', certainty: 'not_sent' });
  });
});

describe('toProviderError', () => {
  const coded = (code: string): Error => Object.assign(new Error('text of somebody'), { code });

  it.each([
    ['waiting', 'UND_ERR_HEADERS_TIMEOUT', 'first_content_timeout', 'possibly_billed'],
    ['body', 'UND_ERR_BODY_TIMEOUT', 'idle_timeout', 'started'],
    ['body', 'HPE_INVALID_EOF_STATE', 'stream_interrupted', 'started'],
    ['body', 'Z_BUF_ERROR', 'stream_interrupted', 'started'],
    ['connect', 'UND_ERR_CONNECT_TIMEOUT', 'connect_timeout', 'not_sent'],
    ['connect', 'ERR_TLS_CERT_ALTNAME_INVALID', 'network', 'not_sent'],
    ['waiting', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'network', 'possibly_billed'],
    ['waiting', 'UND_ERR_INVALID_ARG', 'invalid_request', 'not_sent'],
  ] as const)('in phase %s reads %s as %s, %s', (phase, code, expected, certainty) => {
    expect(toProviderError(coded(code), { provider: 'acme', phase, sent: true })).toMatchObject({ code: expected, certainty });
  });

  it('finds the code however deep fetch has put it', () => {
    const error = new TypeError('fetch failed', { cause: new Error('inner', { cause: coded('ECONNREFUSED') }) });
    expect(toProviderError(error, { provider: 'acme', phase: 'connect', sent: true })).toMatchObject({ code: 'network', certainty: 'not_sent', cause: { name: 'TypeError', code: 'ECONNREFUSED' } });
  });

  it('keeps a ProviderError as it is', () => {
    const error = new ProviderError('overloaded', 'acme is overloaded');
    expect(toProviderError(error, { provider: 'acme', phase: 'body', sent: true })).toBe(error);
  });

  it.each([undefined, null, 'text', 7, {}])('takes %s for an error', (thrown) => {
    expect(toProviderError(thrown, { provider: 'acme', phase: 'waiting', sent: false })).toMatchObject({ code: 'network', certainty: 'not_sent' });
  });
});
