// An attempt that takes too long is ended, by the limit that fits: nothing yet, nothing any more, or not done.
import { createGateway, isGatewayError, timeout } from 'headgate';
import { mockProvider } from 'headgate/testing';

const mock = mockProvider({ name: 'openai' });

// #region smallest
const gateway = createGateway({ providers: [mock], interceptors: [timeout()] });
// #endregion smallest
await gateway.close();

// #region options
const impatient = timeout({
  firstContentMs: 50,
  reasoningFirstContentMs: 2000, // where reasoning is asked for, or the model is known to reason
  idleMs: 100,
  // A name of your own tells nothing: say it here. `undefined` leaves it to the name.
  reasons: ({ model }) => (model === 'our-deployment' ? true : undefined),
});
// #endregion options

const quick = createGateway({ providers: [mock], interceptors: [impatient] });
const messages = [{ role: 'user', content: 'Why is the sky blue?' }] as const;

async function ask(model: string): Promise<string> {
  // #region stalled
  const stream = quick.stream({ model, messages });
  try {
    return (await stream.response()).text;
  } catch (error) {
    if (isGatewayError(error, 'first_content_timeout')) return `${error.message} (${error.report?.attempts.at(-1)?.certainty})`;
    if (isGatewayError(error, 'idle_timeout')) return `only this came: ${error.partial?.text}`;
    throw error;
  }
  // #endregion stalled
}

mock.reply({ text: 'Too late.', delayMs: 500 });
console.log(await ask('openai/gpt-4o-mini'));

mock.reply({ text: 'It scatters.', delayMs: 500 });
console.log(await ask('openai/our-deployment'));

mock.reply({ text: ['Because ', 'air…'], chunkDelayMs: 10_000 });
console.log(await ask('openai/gpt-4o-mini'));

await quick.close();
