import { createGateway, exactCache, type CacheStore, type CallReport, type Decision, type ExactCache, type ExactCacheOptions, type Gateway, type GatewayOptions, type Interceptor } from 'headgate';
import { mockProvider, type MockProvider } from 'headgate/testing';

export const question = { model: 'mock/m', messages: [{ role: 'user' as const, content: 'What is the capital of France?' }] };

export interface CachedGateway {
  readonly cache: ExactCache;
  readonly mock: MockProvider;
  readonly gateway: Gateway;
  readonly decisions: readonly Decision[];
}

/** A gateway with a cache over a mock that answers each call with its number. */
export function cached(options: Partial<ExactCacheOptions> = {}, around: { readonly outside?: readonly Interceptor[]; readonly inside?: readonly Interceptor[] } & Partial<GatewayOptions> = {}): CachedGateway {
  const { outside = [], inside = [], ...rest } = around;
  const cache = exactCache({ scope: 'shared', ...options });
  const mock = mockProvider();
  const decisions: Decision[] = [];
  let answers = 0;
  mock.always((call) => (call.operation === 'embed' ? { embeddings: [[++answers]] } : { text: `answer ${++answers}`, usage: { inputTokens: 10, outputTokens: 5 } }));
  const gateway = createGateway({ providers: [mock], interceptors: [...outside, cache, ...inside], onDecision: (decision) => decisions.push(decision), ...rest });
  return { cache, mock, gateway, decisions };
}

/** A store as a client for a server elsewhere would be: it may be slow, down, or give back what nobody stored. */
export interface TestStore extends CacheStore {
  readonly values: Map<string, string>;
  delayMs: number;
  down: boolean | 'hangs';
}

export function testStore(): TestStore {
  const values = new Map<string, string>();
  async function trip(): Promise<void> {
    if (store.down === 'hangs') return new Promise(() => {});
    if (store.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, store.delayMs));
    if (store.down) throw new Error('connection refused');
  }
  const store: TestStore = {
    values,
    delayMs: 0,
    down: false,
    async get(key) {
      await trip();
      return values.get(key);
    },
    async set(key, value, options) {
      await trip();
      if (options?.onlyIfAbsent === true && values.has(key)) return false;
      values.set(key, value);
      return true;
    },
    async delete(key) {
      await trip();
      values.delete(key);
    },
  };
  return store;
}

/** The keys of entries, not of generations. */
export function entriesOf(store: TestStore): readonly string[] {
  return [...store.values.keys()].filter((key) => key.includes(':exact:'));
}

/** What the exact cache said of one call. */
export function verdictOf(report: CallReport | undefined): string {
  const said = (report?.decisions ?? []).filter(({ by }) => by === 'exact-cache').map((decision) => (decision.what === 'cache-hit' && decision.joined === true ? 'joined' : decision.what === 'cache-hit' && decision.stale === true ? 'stale' : decision.what === 'custom' ? decision.name : decision.what.replace('cache-', '')));
  return said.join(' ');
}
