// What redaction costs: a call with prose, a streamed chunk, and the worst that a hostile megabyte can do to each kind.
//   npm run bench:redaction
import { createGateway, type Interceptor, type ProviderAdapter } from 'headgate';
import { redact, type RedactOptions } from 'headgate/redact';
import { ATTACK_SHAPES, attack } from '../test/redaction/attack-shapes.ts';
import { median, rounded, table } from './statistics.ts';

const PROSE = 'The quick brown fox jumps over the lazy dog, while in 2021 about 12 people asked why the sky is blue. It scatters light: shorter waves more than longer ones, which we see everywhere. The key idea is simple. ';
const DENSE = 'Write to jane.doe@acme-corp.io or call (415) 555-0132, card 4111 1111 1111 1111, server 203.0.113.7, password: hunter22, IBAN DE89 3704 0044 0532 0130 00. ';
const MEGABYTE = 1_048_576;
const CHUNK = 4;
const ROUNDS = 15;
const KINDS = [
  'private-key', 'jwt', 'api-key', 'url-credentials', 'password', 'secret', 'email', 'iban', 'card', 'phone', 'ip', 'mac', 'birth-date', 'crypto-address', 'us-ssn', 'us-mbi', 'us-npi', 'us-itin', 'ca-sin', 'mx-curp', 'uk-nhs', 'uk-nino', 'de-tax-id',
  'de-pension', 'es-nif', 'es-nie', 'it-fiscal-code', 'pl-pesel', 'fi-hetu', 'se-personnummer', 'fr-nir', 'nl-bsn', 'be-rijksregister', 'in-aadhaar', 'in-pan', 'au-abn', 'au-acn', 'au-tfn', 'au-medicare', 'sg-nric', 'kr-rrn', 'th-tnin', 'cn-id', 'tr-id', 'za-id', 'ng-nin', 'br-cpf',
];

console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}\n`);
await calls();
await chunks();
await attacks();

function adapter(text: string): ProviderAdapter {
  const pieces = Array.from({ length: Math.ceil(text.length / CHUNK) }, (_, at) => text.slice(at * CHUNK, at * CHUNK + CHUNK));
  const usage = { inputTokens: 1, outputTokens: 1 };
  return {
    name: 'x',
    chat: () => Promise.resolve({ id: '1', model: 'm', content: [{ type: 'text', text: 'Yes.' }], finishReason: 'stop', usage }),
    async *stream() {
      yield { type: 'start', id: '1', model: 'm' };
      for (const piece of pieces) yield { type: 'text-delta', text: piece };
      yield { type: 'finish', finishReason: 'stop', usage };
    },
    embed: ({ input }) => Promise.resolve({ model: 'm', embeddings: input.map(() => [1]), usage }),
  };
}

/** CPU of one call in microseconds: the median over rounds, with and without by turns. */
async function compared(options: RedactOptions, answer: string, run: (gateway: ReturnType<typeof createGateway>) => Promise<unknown>, count: number): Promise<number> {
  const arms = ([[], [redact(options)]] as Interceptor[][]).map((interceptors) => ({ gateway: createGateway({ providers: [adapter(answer)], interceptors }), costs: [] as number[] }));
  for (let round = -3; round < ROUNDS; round++) {
    for (const { gateway, costs } of arms) {
      const before = process.cpuUsage();
      for (let at = 0; at < count; at++) await run(gateway);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) costs.push((user + system) / count);
    }
  }
  const [bare = 0, redacting = 0] = arms.map(({ costs }) => median(costs));
  return redacting - bare;
}

async function calls(): Promise<void> {
  const rows: string[][] = [];
  for (const [name, unit] of [['prose', PROSE], ['dense personal data', DENSE]] as const) {
    for (const size of [1024, 10_240]) {
      const content = attack(unit, size);
      const ask = { model: 'x/m', messages: [{ role: 'user', content }] } as const;
      const all = await compared({}, '', (gateway) => gateway.chat(ask), 300);
      const few = await compared({ kinds: ['email', 'phone', 'card', 'iban', 'ip', 'us-ssn', 'api-key', 'private-key'] }, '', (gateway) => gateway.chat(ask), 300);
      rows.push([name, `${size / 1024} KB`, rounded(all), rounded(few)]);
    }
  }
  console.log(`${table(['a call with', 'of', 'all kinds, µs', '8 kinds, µs'], rows)}\n`);
}

async function chunks(): Promise<void> {
  const answer = attack(PROSE, 8000);
  const count = answer.length / CHUNK;
  const ask = { model: 'x/m', messages: [{ role: 'user', content: 'I am jane.doe@acme-corp.io' }] } as const;
  const drain = async (gateway: ReturnType<typeof createGateway>): Promise<unknown> => gateway.stream(ask).response();
  const restore = (await compared({}, answer, drain, 3)) / count;
  const all = (await compared({ output: {} }, answer, drain, 3)) / count;
  const few = (await compared({ output: { kinds: ['email', 'phone', 'card', 'iban', 'ip', 'us-ssn', 'api-key', 'private-key'] } }, answer, drain, 3)) / count;
  console.log(`${table(['a streamed chunk of 4 characters', 'µs'], [['values brought back', rounded(restore)], ['and all kinds looked for', rounded(all)], ['and 8 kinds looked for', rounded(few)]])}\n`);
}

async function attacks(): Promise<void> {
  const rows: string[][] = [];
  const gateways = KINDS.map((kind) => [kind, createGateway({ providers: [adapter('')], interceptors: [redact({ kinds: [kind], action: 'mask' })] })] as const);
  for (const [name, shape] of Object.entries(ATTACK_SHAPES)) {
    let worst = { kind: '', ms: 0, growth: 0 };
    for (const [kind, gateway] of gateways) {
      const [quarter, whole] = [await best(gateway, attack(shape, MEGABYTE / 4)), await best(gateway, attack(shape, MEGABYTE))];
      if (whole > worst.ms) worst = { kind, ms: whole, growth: whole / quarter };
    }
    rows.push([name, worst.kind, rounded(worst.ms), rounded(worst.growth)]);
  }
  console.log(table(['a megabyte of', 'worst kind', 'ms', 'times a quarter of it'], rows));
}

/** The best of three, in milliseconds of CPU: others share the machine. */
async function best(gateway: ReturnType<typeof createGateway>, text: string): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    await gateway.embed({ model: 'x/m', input: [text] });
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
