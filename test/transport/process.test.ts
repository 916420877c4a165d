import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onRequests, rawServer } from './servers.js';

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\nkeep-alive: timeout=600\r\n\r\nx';
const OPEN = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n';

const source = path.resolve('src/transport');

/** What every script begins with: the sources name each other as `.js`. */
const PRELUDE = `
import { registerHooks } from 'node:module';
registerHooks({ resolve: (specifier, context, next) => next(specifier.startsWith('.') && context.parentURL?.includes('/src/') ? specifier.replace(/\\.js$/, '.ts') : specifier, context) });
const { httpTransport } = await import(${JSON.stringify(path.join(source, 'http-transport.ts'))});
const origin = process.argv[1];
const request = (more) => ({ provider: 'acme', method: 'POST', url: origin, headers: {}, body: '{}', signal: new AbortController().signal, sent() {}, ...more });
const read = (answer) => new Promise((end, fail) => answer.read({ chunk() {}, end, fail }));
let idleSince;
const idle = () => { idleSince = performance.now(); };
process.on('exit', () => { if (idleSince !== undefined) console.log(performance.now() - idleSince); });
`;

/** Runs a script in a process of its own and gives what it printed last. */
function run(script: string, origin = ''): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', PRELUDE + script, origin], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => void (text += bytes.toString()));
  return new Promise((resolve) => {
    child.on('exit', () => resolve(text.trim()));
  });
}

describe('an idle process', () => {
  it('exits within 200 ms after an answer, though its connection is kept', async () => {
    const server = await rawServer((socket) => onRequests(socket, () => socket.write(ANSWER)));
    expect(Number(await run('const transport = httpTransport(); for (let turn = 0; turn < 3; turn++) await read(await transport.send(request())); idle();', server.origin))).toBeLessThan(200);
    expect(server.sockets).toHaveLength(1);
  });

  it('exits within 200 ms after a stream was cancelled', async () => {
    const server = await rawServer((socket) => onRequests(socket, () => socket.write(OPEN)));
    expect(Number(await run('const answer = await httpTransport().send(request()); answer.cancel(); idle();', server.origin))).toBeLessThan(200);
  });

  it.each([['while connecting', 'https'], ['while waiting for the answer', 'http']])('exits within 200 ms after an abort %s', async (_when, scheme) => {
    const server = await rawServer((socket) => socket.resume());
    const script = 'const controller = new AbortController(); setTimeout(() => { controller.abort(); idle(); }, 150); await httpTransport().send(request({ signal: controller.signal })).catch(() => {});';
    expect(Number(await run(script, server.origin.replace('http:', `${scheme}:`)))).toBeLessThan(200);
  });

  it('exits within 200 ms after a connection that was not made in time', async () => {
    const server = await rawServer((socket) => socket.resume());
    const script = 'await httpTransport({ connectTimeoutMs: 100 }).send(request()).catch(() => {}); idle();';
    expect(Number(await run(script, server.origin.replace('http:', 'https:')))).toBeLessThan(200);
  });
});

describe('a process that waits', () => {
  it('stays for an answer that is still to come', async () => {
    const server = await rawServer((socket) => onRequests(socket, () => void setTimeout(() => socket.write(ANSWER), 300)));
    expect(await run('await read(await httpTransport().send(request())); console.log("answered");', server.origin)).toBe('answered');
  });
});

describe('the module', () => {
  it('loads neither undici nor an HTTP client of Node before the first request', async () => {
    const loaded = await run(`
      const { createRequire } = await import('node:module');
      httpTransport();
      const builtin = process.moduleLoadList.filter((name) => /^NativeModule (http|https|_http_client|tls|internal\\/deps\\/undici\\/undici)$/.test(name));
      const packages = Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes('undici'));
      console.log(JSON.stringify([...builtin, ...packages]));
    `);
    expect(loaded).toBe('[]');
  });

  it('loads of undici only what a client needs', async () => {
    const server = await rawServer((socket) => onRequests(socket, () => socket.write(ANSWER)));
    const loaded = await run(`
      const { createRequire } = await import('node:module');
      await read(await httpTransport().send(request()));
      console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache).filter((file) => /undici.(index|lib.(web|mock|api|cache|interceptor))/.test(file))));
    `, server.origin);
    expect(loaded).toBe('[]');
  });
});
