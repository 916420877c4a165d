// Everything at once: the pipeline of a service in production, on a loopback provider.
import { createGateway, recommended } from 'headgate';
import { promptInjection } from 'headgate/guardrails';
import { anthropic } from 'headgate/providers/anthropic';
import { openai } from 'headgate/providers/openai';
import { redact } from 'headgate/redact';
import { sqliteLedger } from 'headgate/stores/sqlite';
import { telemetry } from 'headgate/telemetry';
import { loopback } from './support/loopback.ts';

await using local = await loopback();
local.server.on({ model: 'gpt-5-mini' }).always({ error: 'quota_exhausted' });
local.server.always(({ text }) => ({ text: `I have written to ${/\[EMAIL_1\]/.exec(text)?.[0] ?? 'nobody'}.` }));

const path = ':memory:'; // a file of your own, such as './spend.db'
// #region gateway
const gateway = createGateway({
  providers: [openai(local.openai), anthropic(local.anthropic)],
  models: { smart: ['openai/gpt-5-mini', 'anthropic/claude-sonnet-4-5'] },
  interceptors: [
    recommended({
      telemetry: telemetry({ tags: ['team'] }), // spans and metrics, as soon as an OpenTelemetry SDK is there
      log: { logger: console },
      ledger: { store: sqliteLedger({ path }) },
      redact: redact(), // addresses, cards, keys and the like do not leave, and come back in the answer
      guardrails: { rules: [promptInjection()] },
      exactCache: { scope: { tag: 'team' } },
    }), // and fallback, retry, throttle, circuit breaker, timeouts, cost meter
  ],
});

const ask = { model: 'smart', messages: [{ role: 'user' as const, content: 'Write to ada@lovelace.dev that we meet at nine.' }] };
const first = await gateway.chat(ask, { tags: { team: 'sales' } });
console.log(first.text); // the provider saw [EMAIL_1]; you see the address
const again = await gateway.chat(ask, { tags: { team: 'sales' } });
console.log(again.gateway?.cache, again.gateway?.cost); // exact, and what it saved
console.log(await gateway.spend({ groupBy: ['team', 'provider'] }));
// #endregion gateway

await gateway.close();
