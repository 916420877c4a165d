// What one exchange costs over each HTTP client that Node offers, against a loopback server in a second process.
//   npx node --expose-gc bench/transport.mjs            everything, about eight minutes
//   npx node --expose-gc bench/transport.mjs unary      one part: unary, bunches, single, load, memory, stale
// CPU is that of the client's process alone, user and system.
import { spawn } from 'node:child_process';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const CHUNKS = 300;
const CALLERS = { unary: 32, bunches: 8, single: 8 };
const WARM_UP_MS = 1000;
const MEASURED_MS = 1500;
const ROUNDS = 5;

async function main(parts) {
  const wanted = (part) => parts.length === 0 || parts.includes(part);
  const { origin, closingOrigin, stop } = await startServer();
  console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
  try {
    if (wanted('load')) await load(origin);
    for (const shape of ['unary', 'bunches', 'single']) if (wanted(shape)) await compare(shape, origin);
    if (wanted('memory')) await memory(origin);
    if (wanted('stale')) await stale(closingOrigin);
  } finally {
    stop();
  }
  process.exit(0);
}

// Arms. Each gives `call(path)`: one whole exchange, resolved with the number of bytes or events it saw.

async function arms(origin) {
  const { Pool, Agent, request: undiciRequest } = await import('undici');
  const { default: http } = await import('node:http');
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-bench' };
  const body = JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'user', content: 'Say something long, please. '.repeat(8) }] });
  const agent = new http.Agent({ keepAlive: true });
  const pool = new Pool(origin, { allowH2: false });
  const dispatcher = new Agent({ allowH2: false });
  const OpenAI = (await import('openai')).default;
  const openai = new OpenAI({ apiKey: 'sk-bench', baseURL: `${origin}/v1`, maxRetries: 0 });
  const headgate = await headgateArms(origin, headers, body);
  return {
    'openai SDK': async (path) => {
      const messages = [{ role: 'user', content: 'Say something long, please. '.repeat(8) }];
      if (path === '/unary') return (await openai.chat.completions.create({ model: 'bench', messages })).choices.length;
      let events = 0;
      for await (const chunk of await openai.chat.completions.create({ model: path.slice(1), messages, stream: true })) events += chunk.choices.length;
      return events;
    },
    fetch: async (path) => {
      const response = await fetch(origin + path, { method: 'POST', headers, body });
      if (path === '/unary') return (await response.text()).length;
      let bytes = 0;
      const reader = response.body.getReader();
      for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length;
      return bytes;
    },
    'node:http': (path) =>
      new Promise((resolve, reject) => {
        const call = http.request(origin + path, { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, agent }, (answer) => {
          let bytes = 0;
          answer.on('data', (chunk) => (bytes += chunk.length)).on('end', () => resolve(bytes)).on('error', reject);
        });
        call.on('error', reject);
        call.end(body);
      }),
    'undici request': async (path) => {
      const answer = await undiciRequest(origin + path, { method: 'POST', headers, body, dispatcher });
      if (path === '/unary') return (await answer.body.text()).length;
      let bytes = 0;
      for await (const chunk of answer.body) bytes += chunk.length;
      return bytes;
    },
    'undici dispatch, Pool': (path) =>
      new Promise((resolve, reject) => {
        let bytes = 0;
        pool.dispatch(
          { origin, path, method: 'POST', headers, body },
          { onRequestStart() {}, onResponseStart() {}, onResponseData: (_, chunk) => void (bytes += chunk.length), onResponseEnd: () => resolve(bytes), onResponseError: (_, error) => reject(error) },
        );
      }),
    ...headgate,
  };
}

/** Our own transport, run from source, bytes only and with events parsed. */
async function headgateArms(origin, headers, body) {
  useSource();
  let modules;
  try {
    modules = await Promise.all([import('../src/transport/http-transport.ts'), import('../src/transport/event-stream.ts'), import('../src/transport/read-text.ts'), import('../src/transport/fetch-transport.ts')]);
  } catch (error) {
    console.error('without our own transport:', error.message);
    return {};
  }
  const [{ httpTransport }, { readEvents }, { readText }, { fetchTransport }] = modules;
  const limits = { maxEventBytes: 8 << 20, maxBodyBytes: 64 << 20 };
  const overTransport = (transport, parse) => async (path) => {
    const { signal } = new AbortController();
    const answer = await transport.send({ provider: 'bench', method: 'POST', url: origin + path, headers, body, signal, sent() {} });
    if (!parse) {
      let bytes = 0;
      await new Promise((end, fail) => answer.read({ chunk: (chunk) => void (bytes += chunk.length), end, fail }));
      return bytes;
    }
    if (path === '/unary') return JSON.parse(await readText(answer, limits, 'bench')).choices.length;
    const decoder = { push: ({ data }) => (data === '[DONE]' ? [] : [JSON.parse(data)]), end: () => [] };
    let events = 0;
    for await (const chunk of readEvents(answer, decoder, { provider: 'bench', limits, signal })) events += chunk.choices.length;
    return events;
  };
  const transport = httpTransport();
  return {
    'headgate, bytes': overTransport(transport, false),
    'headgate, events': overTransport(transport, true),
    'headgate over fetch, events': overTransport(fetchTransport(fetch), true),
  };
}

function useSource() {
  // The sources import each other as `.js`; Node strips their types but does not guess the extension.
  registerHooks({
    resolve: (specifier, context, next) => {
      const ours = specifier.startsWith('.') && context.parentURL?.includes('/src/');
      return next(ours ? specifier.replace(/\.js$/, '.ts') : specifier, context);
    },
  });
}

const ARMS = ['openai SDK', 'fetch', 'node:http', 'undici request', 'undici dispatch, Pool', 'headgate, bytes', 'headgate, events', 'headgate over fetch, events'];

/** Each arm in a process of its own, or they would pay for each other's garbage; in turns, so that a busy machine hits all alike. */
async function compare(shape, origin) {
  const samples = new Map(ARMS.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ARMS) samples.get(name).push(await runSelf(['compare-one', shape, name, origin]));
  }
  const base = samples.get('openai SDK');
  console.log(`## ${shape}: ${CALLERS[shape]} callers, µs CPU per ${shape === 'unary' ? 'call' : 'chunk'}\n\n| | µs | of the openai SDK |\n|---|---:|---:|`);
  for (const [name, values] of samples) {
    const ratios = values.map((value, index) => value / base[index]);
    console.log(`| ${name} | ${median(values).toPrecision(3)} | ${median(ratios).toFixed(2)} |`);
  }
  console.log();
}

async function compareOne(shape, name, origin) {
  const { [name]: call } = await arms(origin);
  await slice(call, `/${shape}`, CALLERS[shape], WARM_UP_MS);
  const micros = await slice(call, `/${shape}`, CALLERS[shape], MEASURED_MS);
  console.log(micros / (shape === 'unary' ? 1 : CHUNKS));
  process.exit(0);
}

async function slice(call, path, callers, milliseconds) {
  const until = performance.now() + milliseconds;
  let done = 0;
  const before = process.cpuUsage();
  const caller = async () => {
    do {
      await call(path);
      done++;
    } while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const used = process.cpuUsage(before);
  return (used.user + used.system) / done;
}

const LOADS = {
  nothing: async () => {},
  'node:https': () => import('node:https'),
  'undici, whole': () => import('undici'),
  'undici, Client only': () => import('undici/lib/dispatcher/client.js'),
  'first fetch()': (origin) => fetch(`${origin}/unary`, { method: 'POST', body: '{}' }).then((response) => response.text()),
  'first call, node:http': (origin) => new Promise((resolve, reject) => import('node:http').then(({ default: { request } }) => request(`${origin}/unary`, { method: 'POST' }, (answer) => answer.resume().on('end', resolve)).on('error', reject).end('{}'))),
  'first call, undici request': (origin) => import('undici').then(({ request }) => request(`${origin}/unary`, { method: 'POST', body: '{}' })).then((answer) => answer.body.text()),
  'first call, undici Client only': (origin) =>
    import('undici/lib/dispatcher/client.js').then(
      ({ default: Client }) =>
        new Promise((onResponseEnd, fail) => new Client(origin, { allowH2: false }).dispatch({ path: '/unary', method: 'POST', body: '{}' }, { onRequestStart() {}, onResponseStart() {}, onResponseData() {}, onResponseEnd, onResponseError: (_, error) => fail(error) })),
    ),
};

async function load(origin) {
  console.log('## load: fresh process, median of 11\n\n| | ms | ms CPU |\n|---|---:|---:|');
  for (const name of Object.keys(LOADS)) {
    const runs = [];
    for (let run = 0; run < 11; run++) runs.push(await runSelf(['load-one', `${name}@${origin}`]));
    console.log(`| ${name} | ${median(runs.map((run) => run.ms)).toFixed(1)} | ${median(runs.map((run) => run.cpu)).toFixed(1)} |`);
  }
  console.log();
}

async function loadOne(what) {
  const [name, origin] = what.split('@');
  const cpu = process.cpuUsage();
  const start = performance.now();
  await LOADS[name](origin);
  const ms = performance.now() - start;
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({ ms, cpu: (used.user + used.system) / 1000 }));
  process.exit(0);
}

async function memory(origin) {
  console.log('## memory: 500 idle streams, first chunk received, KiB each in the client\n\n| | resident | heap and external |\n|---|---:|---:|');
  for (const name of ['openai SDK', 'fetch', 'node:http', 'undici dispatch, Pool', 'headgate, events']) {
    const runs = [];
    for (let run = 0; run < 5; run++) runs.push(await runSelf(['memory-one', name, origin]));
    console.log(`| ${name} | ${median(runs.map((run) => run.resident)).toFixed(1)} | ${median(runs.map((run) => run.heap)).toFixed(1)} |`);
  }
  console.log();
}

async function memoryOne(name, origin) {
  const { [name]: call } = await arms(origin);
  await Promise.all(Array.from({ length: 40 }, () => call('/bunches'))); // everything loaded and compiled
  const before = await settledMemory();
  const streams = 500;
  for (let opened = 0; opened < streams; opened += 50) {
    for (let index = 0; index < 50; index++) call('/idle').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  const after = await settledMemory();
  console.log(JSON.stringify({ resident: (after.rss - before.rss) / streams / 1024, heap: (after.heapUsed + after.external - before.heapUsed - before.external) / streams / 1024 }));
  process.exit(0);
}

async function settledMemory() {
  for (let turn = 0; turn < 4; turn++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage();
}

async function stale(origin) {
  console.log('## stale: the server closes idle sockets after 20 ms, calls come 0 to 40 ms apart; failed of 600\n\n| | failed |\n|---|---:|');
  const all = await arms(origin);
  for (const [name, call] of Object.entries(all)) {
    let failed = 0;
    const caller = async () => {
      for (let turn = 0; turn < 60; turn++) {
        await call('/unary').catch(() => failed++);
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
      }
    };
    await Promise.all(Array.from({ length: 10 }, caller));
    console.log(`| ${name} | ${failed} |`);
  }
  console.log();
}

// The server.

async function serve() {
  const { default: http } = await import('node:http');
  const answer = JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'bench', choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(80) }, finish_reason: 'stop' }], usage: { prompt_tokens: 40, completion_tokens: 80, total_tokens: 120 } });
  const chunk = `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'bench', system_fingerprint: 'fp_0123456789', choices: [{ index: 0, delta: { content: ' word' }, logprobs: null, finish_reason: null }], obfuscation: 'x'.repeat(60) })}\n\n`;
  const listener = async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    const shape = /bunches|single|idle/.exec(request.url.includes('/v1/') ? body.slice(0, 60) : request.url)?.[0];
    if (shape === undefined) return response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_1', 'content-length': answer.length }).end(answer);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' });
    if (shape === 'idle') return response.write(chunk);
    const step = shape === 'single' ? 1 : 10;
    for (let sent = 0; sent < CHUNKS; sent += step) {
      for (let index = 0; index < step; index++) response.write(chunk);
      await new Promise((resolve) => (step === 1 ? setTimeout(resolve, 0) : setImmediate(resolve)));
    }
    response.end('data: [DONE]\n\n');
  };
  const server = http.createServer({ keepAliveTimeout: 60_000 }, listener);
  // No keep-alive hint, and closed behind the client's back: what a load balancer with a short idle timeout does.
  const closing = http.createServer({ keepAliveTimeout: 0 }, listener).on('connection', (socket) => {
    let timer;
    socket.on('data', () => clearTimeout(timer));
    const write = socket.write;
    socket.write = function (...parts) {
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), 20);
      return write.apply(this, parts);
    };
  });
  const originOf = (listening) => `http://127.0.0.1:${listening.address().port}`;
  server.listen(0, '127.0.0.1', () => {
    closing.listen(0, '127.0.0.1', () => process.send({ origin: originOf(server), closingOrigin: originOf(closing) }));
  });
  process.on('disconnect', () => process.exit(0));
}

function startServer() {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', (origins) => resolve({ ...origins, stop: () => child.kill() }));
    child.once('exit', () => reject(new Error('the server did not start')));
  });
}

function runSelf(parameters) {
  const child = spawn(process.execPath, ['--expose-gc', '--no-warnings', fileURLToPath(import.meta.url), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (piece) => (text += piece));
  return new Promise((resolve, reject) => child.once('exit', (code) => (code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`${parameters.join(' ')} failed`)))));
}

function median(values) {
  return values.toSorted((left, right) => left - right)[values.length >> 1];
}

if (process.argv[2] === 'serve') await serve();
else if (process.argv[2] === 'compare-one') await compareOne(...process.argv.slice(3));
else if (process.argv[2] === 'load-one') await loadOne(process.argv[3]);
else if (process.argv[2] === 'memory-one') await memoryOne(process.argv[3], process.argv[4]);
else await main(process.argv.slice(2));
