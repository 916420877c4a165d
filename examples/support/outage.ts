import { circuitBreaker, createGateway, fallback, formatReport, retry, timeout, type CallReport, type ChatRequest } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { openai } from 'headgate/providers/openai';
import { fakeServer } from 'headgate/testing';
import { dim, fact, green, red, title } from './terminal.ts';

const OPEN_MS = 400;

/** A provider goes down, its circuit opens, the other answers meanwhile, and the first is found again with a few probes. */
export async function showOutage(): Promise<void> {
  title('A provider goes down, and comes back');
  await using first = await fakeServer();
  await using second = await fakeServer();
  const gateway = createGateway({
    providers: [openai({ apiKey: 'loopback', baseUrl: first.baseUrls.openai }), anthropic({ apiKey: 'loopback', baseUrl: second.baseUrls.anthropic })],
    models: { smart: ['openai/gpt-5', 'anthropic/claude-opus-4-1'] },
    interceptors: [fallback(), retry({ minDelayMs: 10 }), circuitBreaker({ minOutcomes: 6, openMs: OPEN_MS }), timeout()],
  });
  const request: ChatRequest = { model: 'smart', messages: [{ role: 'user', content: 'Are you there?' }] };
  second.always('From the second.');

  const ask = async (times: number): Promise<CallReport[]> => {
    const reports: CallReport[] = [];
    for (let count = 0; count < times; count++) reports.push((await gateway.chat(request)).gateway as CallReport);
    return reports;
  };
  const state = (name: string, reports: readonly CallReport[]): void => {
    const served = reports.map(({ served: target }) => (target?.provider === 'openai' ? green('1') : red('2'))).join(' ');
    const [{ circuit } = { circuit: 'closed' }] = gateway.health();
    fact(name, `served by ${served}   ${dim(`circuit of the first: ${circuit}, requests it has seen: ${first.calls.length}`)}`);
  };

  first.always('From the first.');
  state('well', await ask(4));
  first.reset();
  first.always({ error: 'server_error' });
  const down = await ask(8);
  state('down', down);
  first.reset();
  first.always('From the first.');
  await new Promise((resolve) => setTimeout(resolve, OPEN_MS + 50));
  state('back', await ask(6));

  const opening = down.find((report) => report.decisions.some((decision) => decision.what === 'circuit'));
  if (opening !== undefined) console.log(`\n${dim('  the call in which the circuit opened, as formatReport() tells it:')}\n  ${formatReport(opening).replaceAll('\n', '\n  ')}`);
  await gateway.close();
}
