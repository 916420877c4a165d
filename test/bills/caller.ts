import { isGatewayError, type CallOptions, type CallReport, type Gateway } from 'headgate';
import type { Chance } from '../simulation/seed.ts';
import { VENDORS } from './price-list.ts';
import { wordsOf } from './words.ts';

const WAYS = { stays: 82, 'aborts some time': 6, 'aborts at a word': 4, 'leaves at a word': 4, cancels: 2, 'has a deadline': 2 };
const TEAMS = ['search', 'support', 'research'] as const;

/** One call, which may be given up at any moment. Gives the code it ended with, and the gateway's own report of it, if there is one. */
export async function makeCall(gateway: Gateway, chance: Chance): Promise<{ readonly outcome: string; readonly report: CallReport | undefined }> {
  const [first, second] = [chance.pick(VENDORS), chance.pick(VENDORS)];
  const model = first === second ? `${first}/model` : `${first} then ${second}`;
  const way = chance.weighted(WAYS);
  const controller = new AbortController();
  const options: CallOptions = { signal: controller.signal, tags: { team: chance.pick(TEAMS) }, ...(way === 'has a deadline' && { timeoutMs: chance.whole(1, 40) }) };
  const timer = way === 'aborts some time' ? setTimeout(() => controller.abort(), chance.whole(0, 40)) : undefined;
  const operation = chance.weighted({ chat: 35, stream: 60, embed: 5 });
  try {
    if (operation === 'embed') {
      const { gateway: report } = await gateway.embed({ model: 'openai/embedder', input: [wordsOf(chance, chance.scale(100)).join('')] }, options);
      return { outcome: 'ok', report };
    }
    const request = { model, messages: [{ role: 'user' as const, content: wordsOf(chance, chance.scale(600)).join('') }] };
    if (operation === 'chat') return { outcome: 'ok', report: (await gateway.chat(request, options)).gateway };

    const stream = gateway.stream(request, options);
    const words = chance.scale(40);
    let seen = 0;
    for await (const event of stream) {
      if (event.type === 'end') return { outcome: 'ok', report: event.response.gateway };
      if (event.type !== 'text-delta' || ++seen !== words) continue;
      if (way === 'leaves at a word') return { outcome: 'left', report: undefined };
      if (way === 'aborts at a word') controller.abort();
      if (way === 'cancels') await stream.cancel();
    }
    return { outcome: 'no end', report: undefined };
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    return { outcome: error.code, report: error.report };
  } finally {
    clearTimeout(timer);
  }
}
