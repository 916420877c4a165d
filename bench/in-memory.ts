// What the pipeline itself costs: a provider without a wire, so that nothing else is in the figure. Writes JSON and ends.
import { costMeter, createGateway, observe, recommended, transform, type Interceptor } from 'headgate';
import { call, measure, memory, stream } from './memory-provider.ts';
import { CHUNKS } from './scenario.ts';
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

const warmUps = 10;
for (let round = -warmUps; round < rounds; round++) {
  for (const subject of subjects) {
    const [perCall, perStream] = [await measure(call, subject.gateway, sliceMs), await measure(stream, subject.gateway, sliceMs)];
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
