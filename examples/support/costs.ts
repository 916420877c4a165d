import { createGateway, memoryLedger, recommended, type ChatRequest } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { openai } from 'headgate/providers/openai';
import { loopback } from './loopback.ts';
import { dim, fact, green, title } from './terminal.ts';

const usd = (amount: number | undefined): string => (amount === undefined ? 'unknown' : `$${amount.toFixed(6)}`);

/** Three teams ask; every attempt has its row in the ledger; who asks the same within a team pays nothing. */
export async function showCosts(): Promise<void> {
  title('What it cost, by team, and what need not be asked twice');
  await using local = await loopback();
  local.server.on(({ text }) => text.includes('contract')).always({ text: 'It ends in May.', usage: { inputTokens: 18_200, outputTokens: 240, cacheReadTokens: 16_000 } });
  local.server.always({ text: 'Once a week.', usage: { inputTokens: 2400, outputTokens: 900 } });
  const gateway = createGateway({
    providers: [openai(local.openai), anthropic(local.anthropic)],
    interceptors: recommended({ ledger: { store: memoryLedger() }, exactCache: { scope: { tag: 'team' } } }),
  });
  const ask = async (team: string, model: string, content: string): Promise<void> => {
    const request: ChatRequest = { model, messages: [{ role: 'user', content }] };
    const { cost, cache } = (await gateway.chat(request, { tags: { team } })).gateway ?? {};
    const how = cache === 'exact' ? green(`from the cache, saved ${usd(cost?.savedUsd)}`) : usd(cost?.totalUsd);
    fact(team, `${content} ${dim(model)}  ${how}`);
  };

  await ask('legal', 'anthropic/claude-sonnet-4-5', 'When does this contract end?');
  await ask('legal', 'anthropic/claude-sonnet-4-5', 'When does this contract end?');
  await ask('sales', 'anthropic/claude-sonnet-4-5', 'When does this contract end?'); // another team: another answer
  await ask('sales', 'openai/gpt-5-mini', 'How often do we call them?');
  await ask('support', 'openai/gpt-5-mini', 'How often do we call them?');

  console.log(`\n${dim("  gateway.spend({ groupBy: ['team'] })")}`);
  for (const { group, attempts, hits, costUsd, savedUsd } of await gateway.spend({ groupBy: ['team'] })) {
    fact(group['team'] ?? '', `${attempts} asked, ${hits} from the cache, ${usd(costUsd)} spent, ${usd(savedUsd)} saved`);
  }
  await gateway.close();
}
