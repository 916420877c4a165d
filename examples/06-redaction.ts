// Personal data and secrets stay in the process: the provider sees placeholders, the caller gets own values back.
import { createGateway, exactCache, isGatewayError, observe, safeViewKey, type Interceptor } from 'headgate';
import { redact } from 'headgate/redact';
import { mockProvider } from 'headgate/testing';

const model = 'openai/gpt-5-mini';
const openai = mockProvider({ name: 'openai' });

// #region smallest
const gateway = createGateway({ providers: [openai], interceptors: [redact()] });
// #endregion smallest

openai.reply({ text: ['I wrote to [EMA', 'IL_1] and charged [CARD_1].'] });
const messages = [{ role: 'user', content: 'Write to jane.doe@acme-corp.io and charge 4111 1111 1111 1111.' }] as const;
process.stdout.write('The caller reads: ');
// #region stream
for await (const text of gateway.stream({ model, messages }).text()) process.stdout.write(text);
// #endregion stream
console.log(`\nThe provider read: ${JSON.stringify(openai.calls[0]?.request)}`);

openai.reply({ toolCalls: [{ name: 'send_mail', input: { to: '[EMAIL_1]' } }] });
const { toolCalls } = await gateway.chat({ model, messages });
console.log('A tool is called with:', toolCalls[0]?.input);
await gateway.close();

// #region settings
const strict = redact({
  kinds: ['email', 'phone', 'card', 'iban', 'us-*', 'private-key', 'jwt', 'api-key', 'url-credentials', 'password', 'secret', 'employee-number'],
  actions: { card: 'block', phone: 'mask' },
  allow: (value, kind) => kind === 'email' && value.endsWith('@acme-corp.io'), // our own addresses may go
  detectors: [{ kind: 'employee-number', pattern: /\bE-\d{6}\b/, maxLength: 8 }],
  output: {}, // what the model says by itself is looked through too
  unscannable: 'block', // no pictures, no audio
});
// #endregion settings
const guarded = createGateway({ providers: [openai], interceptors: [strict] });
openai.reply('You may ask bob@widgets.example about E-123456.');
console.log((await guarded.chat({ model, messages: [{ role: 'user', content: 'Who knows E-123456?' }] })).text);
try {
  await guarded.chat({ model, messages });
} catch (error) {
  if (!isGatewayError(error, 'policy_denied')) throw error;
  console.log(error.message);
}
await guarded.close();

// #region tags
const CLINIC = { kinds: ['us-*', 'email', 'phone', 'birth-date'], unscannable: 'block' } as const;
const byTenant = redact({ settingsFor: ({ tenant }) => (tenant === 'clinic' ? CLINIC : undefined) });
// #endregion tags
// #region view
const audit: Interceptor = {
  name: 'audit',
  stage: 'audit',
  intercept: (call, next) =>
    observe(call, next, () => {
      const view = call.locals.get(safeViewKey);
      console.log('The log may hold:', JSON.stringify(view?.request), JSON.stringify(view?.response && 'text' in view.response && view.response.text));
    }),
};
// #endregion view
const shared = createGateway({ providers: [openai], interceptors: [audit, byTenant, exactCache({ scope: 'shared' })] });
openai.reply('Good morning, [EMAIL_1]!');
for (const name of ['jane@acme-corp.io', 'bob@widgets.example']) {
  const { text, gateway: report } = await shared.chat({ model, messages: [{ role: 'user', content: `Greet ${name}.` }] }, { tags: { tenant: name } });
  console.log(`${text} (cache: ${report?.cache})`);
}
await shared.close();
