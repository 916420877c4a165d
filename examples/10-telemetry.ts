// OpenTelemetry with the real Node SDK. With OTEL_EXPORTER_OTLP_ENDPOINT set it sends to that collector; without, it keeps
// everything in memory and prints what a collector would have been sent.
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createGateway, recommended } from 'headgate';
import { telemetry } from 'headgate/telemetry';
import { mockProvider } from 'headgate/testing';
import { memoryTelemetry } from './support/memory-telemetry.ts';

const memory = memoryTelemetry();
const options = process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] === undefined ? memory.configuration : {};
const openai = mockProvider({ name: 'openai' });
const anthropic = mockProvider({ name: 'anthropic' });

// #region setup
const sdk = new NodeSDK(options); // without options the OTEL_* environment variables say where everything goes
sdk.start();

const gateway = createGateway({
  providers: [openai, anthropic],
  models: { smart: ['openai/gpt-5', 'anthropic/claude-opus-4-5'] },
  interceptors: [telemetry({ tags: ['team'] }), recommended()],
});
// #endregion setup

openai.fail('quota_exhausted').reply({ text: ['Good ', 'morning', '.'] });
anthropic.reply('Good morning to you.');
const request = { model: 'smart', messages: [{ role: 'user', content: 'Say hello.' }] } as const;
await gateway.chat(request, { tags: { team: 'search' } });
await gateway.stream({ ...request, model: 'openai/gpt-5-mini' }, { tags: { team: 'support' } }).response();

for (const span of memory.spans) {
  const parent = span.parentSpanContext === undefined ? '' : '  ';
  console.log(`${parent}${span.name}${span.attributes['error.type'] === undefined ? '' : `: ${String(span.attributes['error.type'])}`}`);
}
for (const { name, attributes, value } of await memory.metrics()) {
  if (name === 'gen_ai.client.token.usage' || name.startsWith('headgate.fallback')) console.log(name, JSON.stringify(attributes), value);
}

// #region content
const careful = telemetry({
  content: 'redacted', // only what the redactor left; without one, nothing
  details: true, // and one event per call, beside the span
});
// #endregion content
console.log(`${careful.name} stands in stage ${careful.stage}`);

// #region close
await gateway.close(); // lets calls under way end
await sdk.shutdown(); // then sends what is left
// #endregion close
