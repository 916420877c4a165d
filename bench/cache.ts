// What a hit in the exact cache costs, beside what one would write by hand: JSON.stringify and a Map. Writes JSON and ends.
import { createGateway, exactCache, type ChatRequest, type ChatResponse, type EmbedRequest, type ProviderAdapter } from 'headgate';
import { median } from './statistics.ts';

export interface CacheHits {
  readonly prompt: string;
  readonly way: string;
  /** Microseconds of CPU per hit, the whole call included. */
  readonly micros: number;
}

const [rounds = Number.NaN, sliceMs = Number.NaN] = process.argv.slice(2).map(Number);
const ANSWER = ' word'.repeat(320);
const VECTOR = Array.from({ length: 1536 }, (_, at) => Math.sin(at));
const PROMPTS = { '4 KB': promptOf(4096), '100 KB': promptOf(102_400) };

const memory: ProviderAdapter = {
  name: 'memory',
  async chat() {
    return { id: 'answer', model: 'memory', content: [{ type: 'text', text: ANSWER }], finishReason: 'stop', usage: { inputTokens: 40, outputTokens: 320 } };
  },
  async embed({ input }) {
    return { model: 'memory', embeddings: input.map(() => VECTOR), usage: { inputTokens: 40, outputTokens: 0 } };
  },
};

const plain = createGateway({ providers: [memory] });
const cached = createGateway({ providers: [memory], interceptors: [exactCache({ scope: { tag: 'tenant' } })] });
const options = { tags: { tenant: 'acme' } };
/** Makes each of them another question. */
let asked = 0;
const byHand = new Map<string, ChatResponse>();

/** One object for all, no scope, no lifetime, no bound, and another key for another order of properties. */
async function handMade(request: ChatRequest): Promise<ChatResponse> {
  const key = JSON.stringify(request);
  const known = byHand.get(key);
  if (known !== undefined) return known;
  const response = await plain.chat(request);
  byHand.set(key, response);
  return response;
}

type Way = (chat: ChatRequest, embed: EmbedRequest) => Promise<unknown>;
const WAYS: Readonly<Record<string, Way>> = {
  'the gateway without a cache': (chat) => plain.chat(chat),
  'a miss, asked and stored': (chat) => cached.chat({ ...chat, seed: ++asked }, options),
  'a hit, `chat`': (chat) => cached.chat(chat, options),
  'a hit, `stream`': (chat) => cached.stream(chat, options).response(),
  'a hit, `embed`, 1,536 numbers': (_chat, embed) => cached.embed(embed, options),
  '`JSON.stringify` and a `Map`, by hand': (chat) => handMade(chat),
};

const subjects = Object.entries(PROMPTS).flatMap(([prompt, text]) => {
  const chat: ChatRequest = { model: 'memory/model', messages: [{ role: 'system', content: 'You are a helpful assistant.' }, { role: 'user', content: text }] };
  const embed: EmbedRequest = { model: 'memory/model', input: [text] };
  return Object.entries(WAYS).map(([way, once]) => ({ prompt, way, once: () => once(chat, embed), samples: [] as number[] }));
});

const warmUps = 10;
for (let round = -warmUps; round < rounds; round++) {
  for (const { once, samples } of subjects) {
    const sample = await measure(once);
    if (round >= 0) samples.push(sample);
  }
}

async function measure(once: () => Promise<unknown>): Promise<number> {
  const until = performance.now() + sliceMs;
  const before = process.cpuUsage();
  let done = 0;
  while (performance.now() < until) {
    for (let turn = 0; turn < 10; turn++) await once();
    done += 10;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / done;
}

/** Prose in ASCII, none of it twice the same. */
function promptOf(length: number): string {
  let text = '';
  for (let at = 0; text.length < length; at++) text += `Sentence number ${at} says something. `;
  return text.slice(0, length);
}

const measured: readonly CacheHits[] = subjects.map(({ prompt, way, samples }) => ({ prompt, way, micros: median(samples) }));
console.log(JSON.stringify(measured));
