import type { StreamEvent } from '../../index.js';
import type { AnswerReply } from '../reply.js';
import { comparable, readAll, type InterceptorTest, type InterceptorTrial } from './interceptor-trial.js';
import { must, mustEqual } from './suite.js';

const ANSWERS: readonly (readonly [what: string, reply: AnswerReply])[] = [
  ['text', { text: ['Good ', 'morning', '.'], usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 4 } }],
  ['reasoning and tool calls', { reasoning: ['Let me ', 'think.'], text: 'Look:', toolCalls: [{ id: 'call_a', name: 'weather', input: { city: 'Zürich' } }, { id: 'call_b', name: 'time', invalidInput: '{"half' }] }],
  ['a refusal', { refusal: ['I will ', 'not.'] }],
  ['no content at all', { content: [] }],
  ['an answer cut by its length limit', { text: 'Half an', finishReason: 'length' }],
];

/** Good answers go through as they are. */
export function passingCases(test: InterceptorTest): void {
  test('has a name of its own in the pipeline', async ({ gateway, interceptors }) => {
    mustEqual(gateway.describe().map(({ name }) => name), interceptors.map(({ name }) => name), 'names in describe()');
    must(interceptors.every(({ name }) => name !== ''), 'a name that is not empty');
  });

  for (const [what, reply] of ANSWERS) {
    test(`passes ${what} on, whole`, async (trial) => {
      const { gateway, bare, mock, request, comparesContent } = trial;
      const answers = [];
      const asked = request();
      mock.reply({ ...reply, id: 'same' });
      bare.mock.reply({ ...reply, id: 'same' });
      for (const one of [gateway, bare.gateway]) answers.push(comparable(await one.chat(asked), comparesContent));
      mustEqual(answers[0], answers[1], 'the response');
    });

    test(`passes ${what} on, streamed`, async (trial) => {
      const [streamed, wanted] = await bothStreams(trial, reply);
      const ends = streamed.flatMap((event) => (event.type === 'end' ? [event.response] : []));
      mustEqual(ends.length, 1, 'end events');
      must(streamed.at(-1)?.type === 'end', 'the end must come last');
      const wantedEnd = wanted.flatMap((event) => (event.type === 'end' ? [event.response] : []));
      mustEqual(ends.map((response) => comparable(response, trial.comparesContent)), wantedEnd.map((response) => comparable(response, trial.comparesContent)), 'the response');
      if (trial.comparesContent) mustEqual(said(streamed), said(wanted), 'what the deltas say');
    });
  }

  test('passes embeddings on', async ({ gateway, bare, mock }) => {
    const answers = [];
    const embedding = { embeddings: [[0.5, 1], [1, 0]] };
    mock.reply(embedding);
    bare.mock.reply(embedding);
    for (const one of [gateway, bare.gateway]) {
      const { gateway: _report, ...rest } = await one.embed({ model: 'mock/embed', input: ['a', 'b'] });
      answers.push(rest);
    }
    mustEqual(answers[0], answers[1], 'the response');
  });

  test('never turns a stream into one chunk', async ({ gateway, mock, request }) => {
    mock.reply({ text: Array.from({ length: 12 }, (_, index) => `This is sentence number ${index}. `), chunkDelayMs: 10 });
    const events = await readAll(gateway.stream(request()));
    const texts = events.filter(({ event }) => event.type === 'text-delta' && event.text !== '');
    must(texts.length > 2, 'more than two pieces of text', texts.length);
    const [first, end] = [texts[0]?.at ?? 0, events.at(-1)?.at ?? 0];
    must(end - first > 40, 'the first piece must be there long before the last', `${Math.round(end - first)} ms before the end`);
  });

  test('leaves the request of its caller alone', async ({ gateway, mock, request }) => {
    const asked = request({ tools: [{ name: 'weather', parameters: { type: 'object' } }], stop: ['x'] });
    const before = JSON.stringify(asked);
    mock.reply('one', 'two');
    await gateway.chat(deepFreeze(asked));
    await gateway.stream(asked).response();
    mustEqual(JSON.stringify(asked), before, 'the request');
  });

  test('names who answered in the report, and every attempt', async ({ gateway, mock, request }) => {
    mock.reply('one');
    const { gateway: report } = await gateway.chat(request());
    mustEqual(report?.served, { provider: 'mock', model: 'model-1' }, 'served');
    mustEqual(report?.attempts.length, mock.calls.length, 'attempts');
  });

  test('keeps calls at once apart', async ({ gateway, mock, request, comparesContent }) => {
    mock.always((call) => ({ text: call.text, chunkSize: 3, chunkDelayMs: 1, id: call.callId }));
    const asked = Array.from({ length: 8 }, () => request());
    const answers = await Promise.all(asked.map((one, index) => (index % 2 === 0 ? gateway.chat(one) : gateway.stream(one).response())));
    mustEqual(new Set(answers.map(({ id }) => id)).size, 8, 'different answers');
    if (!comparesContent) return;
    mustEqual(answers.map(({ text }) => text), asked.map(({ messages }) => messages[0]?.content), 'the text of each');
  });
}

async function bothStreams({ gateway, bare, mock, request }: InterceptorTrial, reply: AnswerReply): Promise<readonly [readonly StreamEvent[], readonly StreamEvent[]]> {
  const asked = request();
  mock.reply({ ...reply, id: 'same' });
  bare.mock.reply({ ...reply, id: 'same' });
  const streams = [];
  for (const one of [gateway, bare.gateway]) streams.push((await readAll(one.stream(asked))).map(({ event }) => event));
  return [streams[0] ?? [], streams[1] ?? []];
}

/** What deltas say, however they are cut. */
function said(events: readonly StreamEvent[]): readonly string[] {
  const out: string[] = [];
  let open = '';
  for (const event of events) {
    const [kind, text] = event.type === 'tool-call-delta' ? [`${event.type} ${event.id}`, event.json] : 'text' in event ? [event.type, event.text] : [event.type, ''];
    if (event.type === 'end' || event.type === 'start') continue;
    if (kind === open) out[out.length - 1] += text;
    else out.push(`${kind}: ${text}`);
    open = kind;
  }
  return out;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
