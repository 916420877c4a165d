import { createGateway, exactCache, memoryCache, type AdapterContext, type ChatRequest, type ProviderAdapter } from 'headgate';
import type { Chance } from '../simulation/seed.ts';

export interface LookupCounts {
  readonly lookups: number;
  readonly hits: number;
  readonly joined: number;
  readonly misses: number;
  readonly invalidations: number;
  /** Answers made for another tenant. */
  readonly foreign: number;
  /** Answers to another question, or under another policy. */
  readonly wrong: number;
  /** Answers made before the tenant's last invalidation, to calls that began after it. */
  readonly outdated: number;
}

const TENANTS = 200;
const USERS = 5;
const POLICIES = 3;
const QUESTIONS = 20;
const AT_ONCE = 64;

/** Questions that many tenants ask in the same words, in all forms, with invalidations between them and too little memory for all. Each answer says for whom it was made, and when. */
export async function lookUp(count: number, chance: Chance): Promise<LookupCounts> {
  const counts = { lookups: 0, hits: 0, joined: 0, misses: 0, invalidations: 0, foreign: 0, wrong: 0, outdated: 0 };
  const epochs = Array.from({ length: TENANTS }, () => 0);
  const tenantOf = new Map<string, number>();
  const cache = exactCache({ scope: { tag: 'tenant' }, store: memoryCache({ maxBytes: 4 * 1024 * 1024 }), onStoreError: 'reject' });
  const say = (callId: string, question: string): string => {
    const tenant = tenantOf.get(callId) ?? -1;
    return `${tenant}|${epochs[tenant]}|${question}`;
  };
  const adapter: ProviderAdapter = {
    name: 'echo',
    async chat(request: ChatRequest, context: AdapterContext) {
      await Promise.resolve();
      const text = say(context.callId, request.messages.map(({ content }) => String(content)).join('/'));
      return { id: 'a', model: 'm', content: [{ type: 'text', text }], finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 1 } };
    },
    async embed({ input }, context) {
      const tenant = tenantOf.get(context.callId) ?? -1;
      return { model: 'm', embeddings: input.map((text) => [tenant, epochs[tenant] ?? -1, ...[...text].map((letter) => letter.charCodeAt(0))]), usage: { inputTokens: 1, outputTokens: 0 } };
    },
  };
  const gateway = createGateway({
    providers: [adapter],
    interceptors: [
      {
        name: 'knows',
        intercept(call, next) {
          tenantOf.set(call.id, Number(call.tags['tenant']));
          return next(call);
        },
      },
      cache,
    ],
  });

  async function once(): Promise<void> {
    const tenant = chance.whole(0, TENANTS - 1);
    const policy = `policy ${chance.whole(1, POLICIES)}`;
    const question = `question ${chance.scale(QUESTIONS)}`;
    const options = { tags: { tenant: String(tenant), user: String(chance.whole(1, USERS)) }, ...(chance.maybe(0.01) && { cache: chance.pick(['refresh', 'skip'] as const) }) };
    const form = chance.weighted({ chat: 6, stream: 2, embed: 2 });
    const epoch = epochs[tenant] ?? -1;
    let made: readonly [tenant: number, epoch: number, about: string];
    let report;
    if (form === 'embed') {
      const response = await gateway.embed({ model: 'echo/m', input: [`${policy}/${question}`] }, options);
      const [from = -1, at = -1, ...letters] = response.embeddings[0] ?? [];
      [made, report] = [[from, at, String.fromCharCode(...letters)], response.gateway];
    } else {
      const request = { model: 'echo/m', messages: [{ role: 'system', content: policy }, { role: 'user', content: question }] } as const;
      const response = form === 'chat' ? await gateway.chat(request, options) : await gateway.stream(request, options).response();
      const [from, at, about = ''] = response.text.split('|');
      [made, report] = [[Number(from), Number(at), about], response.gateway];
    }
    counts.lookups++;
    if (made[0] !== tenant) counts.foreign++;
    if (made[1] < epoch) counts.outdated++;
    if (made[2] !== `${policy}/${question}`) counts.wrong++;
    if (report?.cache === 'miss') counts.misses++;
    if (report?.cache === 'exact') counts[report.decisions.some((decision) => decision.what === 'cache-hit' && decision.joined === true) ? 'joined' : 'hits']++;
    tenantOf.delete(report?.callId ?? '');
  }

  async function caller(): Promise<void> {
    while (counts.lookups < count) {
      await once();
      if (!chance.maybe(0.002)) continue;
      const tenant = chance.whole(0, TENANTS - 1);
      await cache.invalidate({ scope: String(tenant) });
      epochs[tenant] = (epochs[tenant] ?? 0) + 1;
      counts.invalidations++;
    }
  }

  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  await gateway.close();
  return counts;
}
