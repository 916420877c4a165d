// What the pipeline itself costs: a provider without a wire, so that nothing else is in the figure. Writes JSON and ends.
import { costMeter, createGateway, observe, recommended, transform, type AdapterEvent, type Interceptor, type ProviderAdapter } from 'headgate';
import { CHUNKS, MESSAGES } from './scenario.ts';
import { median } from './statistics.ts';

/** Microseconds of CPU, and what of them the interceptors add. */
interface Figures {
  readonly micros: number;
  readonly added: number;
}

export interface InMemory {
  readonly kind: string;
  readonly call: Figures;
  readonly chunk: Figures;
}

const [rounds = Number.NaN, sliceMs = Number.NaN] = process.argv.slice(2).map(Number);
const INTERCEPTORS = 8;

const usage = { inputTokens: 40, outputTokens: CHUNKS };
const events: readonly AdapterEvent[] = [
  { type: 'start', id: 'answer', model: 'memory' },
  ...Array.from({ length: CHUNKS }, (): AdapterEvent => ({ type: 'text-delta', text: ' word' })),
  { type: 'finish', finishReason: 'stop', usage },
];
const content = [{ type: 'text', text: ' word'.repeat(80) }] as const;

const memory: ProviderAdapter = {
  name: 'memory',
  async chat(_request, context) {
    context.sent();
    return { id: 'answer', model: 'memory', content, finishReason: 'stop', usage };
  },
  stream(_request, context) {
    context.sent();
    let at = 0;
    const next = (): Promise<IteratorResult<AdapterEvent>> => {
      const value = events[at++];
      return Promise.resolve(value === undefined ? { done: true, value } : { done: false, value });
    };
    return { [Symbol.asyncIterator]: () => ({ next }) };
  },
};

/** Each does nothing, in the way that interceptors of its kind are written. */
const KINDS: Readonly<Record<string, Interceptor['intercept'] | undefined>> = {
  none: undefined,
  'return next(call)': (call, next) => next(call),
  'try { return await next(call) }': async (call, next) => {
    try {
      return await next(call);
    } catch (error) {
      throw error as Error;
    }
  },
  'observe()': (call, next) => observe(call, next, () => {}),
  'transform()': async (call, next) => {
    const reply = await next(call);
    return reply.operation === 'chat' ? transform(reply, { delta: (delta) => [delta] }) : reply;
  },
};

function noOps(intercept: Interceptor['intercept'] | undefined): readonly Interceptor[] {
  return intercept === undefined ? [] : Array.from({ length: INTERCEPTORS }, (_, at): Interceptor => ({ name: `no-op ${at}`, intercept }));
}

const pipelines: readonly (readonly [kind: string, interceptors: readonly Interceptor[]])[] = [
  ...Object.entries(KINDS).map(([kind, intercept]) => [kind, noOps(intercept)] as const),
  // Priced by the catalogue, under a name that it knows.
  ['costMeter()', [costMeter({ prices: { 'memory/*': 'openai/gpt-5-mini' } })]],
  ['recommended()', recommended({ concurrency: {} })],
];

const subjects = pipelines.map(([kind, interceptors]) => ({ kind, gateway: createGateway({ providers: [memory], interceptors }), call: [] as number[], chunk: [] as number[] }));

type Subject = (typeof subjects)[number];

async function call({ gateway }: Subject): Promise<void> {
  await gateway.chat({ model: 'memory/model', messages: MESSAGES });
}

async function stream({ gateway }: Subject): Promise<void> {
  await gateway.stream({ model: 'memory/model', messages: MESSAGES }).response();
}

async function measure(once: (subject: Subject) => Promise<void>, subject: Subject): Promise<number> {
  const until = performance.now() + sliceMs;
  const before = process.cpuUsage();
  let done = 0;
  while (performance.now() < until) {
    for (let turn = 0; turn < 10; turn++) await once(subject);
    done += 10;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / done;
}

const warmUps = 10;
for (let round = -warmUps; round < rounds; round++) {
  for (const subject of subjects) {
    const [perCall, perStream] = [await measure(call, subject), await measure(stream, subject)];
    if (round < 0) continue;
    subject.call.push(perCall);
    subject.chunk.push(perStream / CHUNKS);
  }
}

/** The figure, and what it adds to the first subject's in the same round. */
function figures(samples: readonly number[], base: readonly number[]): Figures {
  return { micros: median(samples), added: median(samples.map((sample, at) => sample - (base[at] ?? Number.NaN))) };
}

const [first] = subjects;
const measured: readonly InMemory[] = subjects.map(({ kind, call, chunk }) => ({ kind, call: figures(call, first?.call ?? []), chunk: figures(chunk, first?.chunk ?? []) }));
console.log(JSON.stringify(measured));
