import type { AnswerReply } from '../reply.js';
import { ask, formsOf } from './collect.js';
import type { ProviderBench } from './provider-trial.js';
import { must, mustEqual } from './suite.js';

const TEXT: AnswerReply = { text: ['Zü', 'rich 👋', ' \n"ok"'], usage: { inputTokens: 21, outputTokens: 8 } };
const TOOLS: AnswerReply = {
  text: 'One moment.',
  toolCalls: [
    { id: 'call_a', name: 'weather', input: { city: 'Zürich', days: [1, 2], nested: { 'quo"te': null } } },
    { id: 'call_b', name: 'time', input: {} },
  ],
};
const WEATHER = { tools: ['weather', 'time'].map((name) => ({ name, parameters: { type: 'object', properties: {} } })) };

/** What a good answer must come out as. */
export function answerCases({ test, onWire }: ProviderBench): void {
  test('has a name, and at least one of chat, stream and embed', [], async ({ open }) => {
    const adapter = await open();
    must(adapter.name !== '' && !adapter.name.includes('/'), 'a name that can stand before a slash', adapter.name);
    must(adapter.chat !== undefined || adapter.stream !== undefined || adapter.embed !== undefined, 'at least one method');
  });

  test('gives the text and the finish reason in every form it has', [], async ({ open, request, context }) => {
    const adapter = await open(TEXT, TEXT);
    for (const form of formsOf(adapter)) {
      const answer = await ask(adapter, form, request(), context());
      mustEqual(answer.content, [{ type: 'text', text: 'Zürich 👋 \n"ok"' }], `${form}: content`);
      mustEqual(answer.finishReason, 'stop', `${form}: finishReason`);
    }
  });

  test('gives the tokens that the provider counted', ['usage'], async ({ open, request, context }) => {
    const adapter = await open(TEXT, TEXT);
    for (const form of formsOf(adapter)) {
      const { usage } = await ask(adapter, form, request(), context());
      mustEqual([usage?.inputTokens, usage?.outputTokens], [21, 8], `${form}: input and output tokens`);
    }
  });

  test('counts cached and reasoning tokens as parts of the totals', ['usage', 'reasoning'], async ({ open, request, context }) => {
    const reply: AnswerReply = { text: 'x', usage: { inputTokens: 100, outputTokens: 40, cacheReadTokens: 60, reasoningTokens: 25 } };
    const adapter = await open(reply, reply);
    for (const form of formsOf(adapter)) {
      const { usage } = await ask(adapter, form, request(), context());
      mustEqual([usage?.inputTokens, usage?.outputTokens, usage?.cacheReadTokens], [100, 40, 60], `${form}: input, output and cached tokens`);
      must(usage?.reasoningTokens === undefined || usage.reasoningTokens === 25, `${form}: reasoningTokens is 25 or absent`, usage?.reasoningTokens);
    }
  });

  test('says nothing about tokens when the provider does not', ['usage'], async ({ open, request, context }) => {
    const reply: AnswerReply = { text: 'x', usage: null };
    const adapter = await open(reply, reply);
    for (const form of formsOf(adapter)) mustEqual((await ask(adapter, form, request(), context())).usage, undefined, `${form}: usage`);
  });

  test('gives tool calls with parsed arguments, in order', ['tools'], async ({ open, request, context }) => {
    const adapter = await open(TOOLS, TOOLS);
    for (const form of formsOf(adapter)) {
      const answer = await ask(adapter, form, request(WEATHER), context());
      const calls = answer.content.flatMap((part) => (part.type === 'tool-call' ? [{ name: part.name, input: part.input }] : []));
      mustEqual(calls, TOOLS.toolCalls?.map(({ name, input }) => ({ name, input })), `${form}: tool calls`);
      mustEqual(answer.finishReason, 'tool-calls', `${form}: finishReason`);
      const ids = answer.content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []));
      must(new Set(ids).size === 2 && ids.every((id) => id !== ''), `${form}: every tool call needs an id of its own`, ids);
    }
  });

  test('says the same streamed as whole', ['chat', 'stream', 'tools'], async ({ open, request, context }) => {
    const adapter = await open(TOOLS, TOOLS);
    const whole = await ask(adapter, 'chat', request(WEATHER), context());
    const streamed = await ask(adapter, 'stream', request(WEATHER), context());
    mustEqual(streamed, whole, 'streamed');
  });

  test('gives reasoning as reasoning, never as text', ['reasoning'], async ({ open, request, context }) => {
    const reply: AnswerReply = { reasoning: 'Let me think.', text: 'Done.' };
    const adapter = await open(reply, reply);
    for (const form of formsOf(adapter)) {
      const { content } = await ask(adapter, form, request(), context());
      mustEqual(content, [{ type: 'reasoning', text: 'Let me think.' }, { type: 'text', text: 'Done.' }], `${form}: content`);
    }
  });

  test('gives a refusal as a refusal', ['refusal'], async ({ open, request, context }) => {
    const reply: AnswerReply = { refusal: 'I will not.' };
    const adapter = await open(reply, reply);
    for (const form of formsOf(adapter)) {
      const answer = await ask(adapter, form, request(), context());
      mustEqual([answer.content, answer.finishReason], [[{ type: 'refusal', text: 'I will not.' }], 'refusal'], `${form}: content and finishReason`);
    }
  });

  test('tells an answer cut by its length limit from a whole one', [], async ({ open, request, context }) => {
    const reply: AnswerReply = { text: 'Half an', finishReason: 'length' };
    const adapter = await open(reply, reply);
    for (const form of formsOf(adapter)) mustEqual((await ask(adapter, form, request(), context())).finishReason, 'length', `${form}: finishReason`);
  });

  test('tells an answer stopped by a content filter', ['content-filter'], async ({ open, request, context }) => {
    const reply: AnswerReply = { text: 'Half an', finishReason: 'content-filter' };
    const adapter = await open(reply, reply);
    for (const form of formsOf(adapter)) mustEqual((await ask(adapter, form, request(), context())).finishReason, 'content-filter', `${form}: finishReason`);
  });

  test('streams in pieces, each as it comes', ['stream'], async ({ open, request, context }) => {
    const adapter = await open({ text: ['one ', 'two ', 'three'], chunkDelayMs: 15 });
    const arrived: number[] = [];
    for await (const event of adapter.stream?.(request(), context()) ?? []) if (event.type === 'text-delta' && event.text !== '') arrived.push(performance.now());
    must(arrived.length === 3, 'three pieces of text', arrived.length);
    must((arrived[2] ?? 0) - (arrived[0] ?? 0) > 15, 'the first piece must not wait for the last');
  });

  test('says once that the request was sent, then once that an answer came', [], async ({ open, request, context }) => {
    const adapter = await open(TEXT, TEXT);
    for (const form of formsOf(adapter)) {
      const watched = context();
      await ask(adapter, form, request(), watched);
      mustEqual([watched.told.sent, watched.told.answered.length], [1, 1], `${form}: calls of sent and answered`);
      mustEqual(watched.told.answered[0]?.status, 200, `${form}: status`);
    }
  });

  test('answers many calls at once, each with its own', [], async ({ open, request, context }) => {
    const adapter = await open(...Array.from({ length: 10 }, (): AnswerReply => ({ text: 'same for all', chunkDelayMs: 1 })));
    const [form] = formsOf(adapter);
    if (form === undefined) return; // an adapter that only embeds
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(adapter, form, request(), context())));
    for (const { content } of answers) mustEqual(content, [{ type: 'text', text: 'same for all' }], 'content');
  });

  onWire('keeps calls at once apart', [], async ({ openServer, server, request, context }) => {
    const adapter = await openServer();
    server.always((call) => ({ text: `You said ${call.text}`, chunkSize: 1 }));
    const [form] = formsOf(adapter);
    if (form === undefined) return; // an adapter that only embeds
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(adapter, form, request({ messages: [{ role: 'user', content: `number ${index}` }] }), context())));
    answers.forEach(({ content }, index) => mustEqual(content, [{ type: 'text', text: `You said number ${index}` }], 'content'));
  });

  test('embeds every input, in order', ['embed'], async ({ open, context }) => {
    const adapter = await open({ embeddings: [[0.25, -0.5], [1, 0], [0, 1]], usage: { inputTokens: 9, outputTokens: 0 } });
    must(adapter.embed !== undefined, "an adapter without embed() must say so: without: ['embed']");
    const answer = await adapter.embed({ model: 'conformance/embed', input: ['a', 'b', 'c'] }, context());
    mustEqual(answer.embeddings, [[0.25, -0.5], [1, 0], [0, 1]], 'embeddings');
    must(answer.usage === undefined || answer.usage.inputTokens === 9, 'inputTokens is 9, or usage is absent', answer.usage);
  });

  test('may be closed twice', [], async ({ open, request, context }) => {
    const adapter = await open(TEXT);
    const [form] = formsOf(adapter);
    if (form !== undefined) await ask(adapter, form, request(), context());
    await adapter.close?.();
    await adapter.close?.();
  });
}
