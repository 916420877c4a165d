// npm run demo             calls three vendors' protocols on the loopback interface: no key, no network
// npm run demo -- --live   calls the vendors whose keys are in the environment
import { createGateway, isGatewayError, type Gateway, type Message, type ToolDefinition } from 'headgate';
import { showCosts } from './support/costs.ts';
import { liveProviders, localProviders, type DemoProviders } from './support/demo-providers.ts';
import { showOutage } from './support/outage.ts';
import { showRedaction } from './support/redaction.ts';
import { printReport } from './support/report.ts';
import { bold, dim, fact, red, title } from './support/terminal.ts';

const live = process.argv.includes('--live');
const setup = live ? liveProviders() : await localProviders();
const [model] = setup.models;

if (model === undefined) {
  console.error('--live found no key: set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY, or leave --live out');
  process.exitCode = 1;
} else {
  const gateway = createGateway({ providers: setup.providers, models: { demo: model }, timeoutMs: 60_000 });
  console.log(`${bold('Headgate')}, an inference gateway inside your process. ${dim(live ? 'Live: these calls cost money.' : 'On loopback: fake vendors, real sockets and wire protocols.')}`);
  await streamText(gateway);
  await callTool(gateway);
  await askForData(gateway);
  await askEveryone(gateway, setup);
  if (!live) await readCutStream(gateway);
  await leaveEarly(gateway, setup);
  if (!live) await showOutage();
  if (!live) await showCosts();
  if (!live) await showRedaction();
  await gateway.close();
  await setup.local?.[Symbol.asyncDispose]();
}

async function streamText(gateway: Gateway): Promise<void> {
  title('A stream, as it comes');
  const stream = gateway.stream({ model: 'demo', messages: [{ role: 'user', content: 'In two sentences: what is an in-process gateway?' }] });
  process.stdout.write('  ');
  for await (const text of stream.text()) process.stdout.write(text);
  console.log();
  const response = await stream.response();
  printReport(response.gateway, response.usage);
}

async function callTool(gateway: Gateway): Promise<void> {
  title('A tool call, answered by this process');
  const weather: ToolDefinition = {
    name: 'weather',
    description: 'The weather in a city, now',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  };
  const messages: Message[] = [{ role: 'user', content: 'Do I need an umbrella in Bern today? Use the tool.' }];
  for (let turn = 0; turn < 3; turn++) {
    const response = await gateway.chat({ model: 'demo', messages, tools: [weather] });
    messages.push({ role: 'assistant', content: response.content });
    for (const call of response.toolCalls) {
      console.log(`  ${call.name}(${JSON.stringify(call.input)}) gives "rain, 12 °C"`);
      messages.push({ role: 'tool', toolCallId: call.id, content: 'rain, 12 °C' });
    }
    if (response.toolCalls.length === 0) {
      console.log(`  ${response.text}`);
      printReport(response.gateway, response.usage);
      return;
    }
  }
}

async function askForData(gateway: Gateway): Promise<void> {
  title('Structured output');
  const properties = { name: { type: 'string' }, people: { type: 'integer' }, languages: { type: 'array', items: { type: 'string' } } };
  const response = await gateway.chat({
    model: 'demo',
    messages: [{ role: 'user', content: 'The capital of Switzerland, as data' }],
    output: { type: 'json', name: 'city', strict: true, schema: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } },
  });
  console.log(`  ${JSON.stringify(response.object)}`);
  printReport(response.gateway, response.usage);
}

async function askEveryone(gateway: Gateway, { models }: DemoProviders): Promise<void> {
  title('The same request, at every vendor');
  const messages: Message[] = [{ role: 'user', content: 'Say one word: are you there?' }];
  const answers = await Promise.all(models.map(async (name) => ({ name, response: await gateway.chat({ model: name, messages }) })));
  for (const { name, response } of answers) {
    const { inputTokens, outputTokens } = response.usage;
    fact(name.slice(0, name.indexOf('/')), `"${response.text}"  ${dim(`${response.model}, ${inputTokens} in, ${outputTokens} out, ${Math.round(response.gateway?.durationMs ?? 0)} ms`)}`);
  }
}

async function readCutStream(gateway: Gateway): Promise<void> {
  title('A stream that the provider cuts short');
  try {
    process.stdout.write('  ');
    for await (const text of gateway.stream({ model: 'demo', messages: [{ role: 'user', content: 'Tell a story that breaks off' }] }).text()) process.stdout.write(text);
  } catch (error) {
    if (!isGatewayError(error, 'stream_interrupted')) throw error;
    console.log(`\n  ${red(`${error.name} ${error.code}`)}: ${error.message}`);
    fact('partial', `${error.partial?.text.length} characters, about ${error.partial?.usage.outputTokens} tokens`);
    printReport(error.report);
  }
}

async function leaveEarly(gateway: Gateway, { local }: DemoProviders): Promise<void> {
  title('A stream that the reader leaves');
  const seen = local?.server.calls.length ?? 0;
  process.stdout.write('  ');
  let words = 0;
  for await (const text of gateway.stream({ model: 'demo', messages: [{ role: 'user', content: 'In two sentences: what is a gateway?' }] }).text()) {
    process.stdout.write(text);
    if (++words === 4) break;
  }
  const left = Date.now();
  console.log(dim(' … that is enough'));
  const closed = await local?.server.calls[seen]?.closedByClient;
  if (closed !== undefined) fact('socket', `the server saw it close ${Math.max(0, closed - left)} ms after the reader left`);
}
