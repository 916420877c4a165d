// Identical questions cost one call: within a tenant, in every form, at the same time too, and never past what was invalidated.
import { costMeter, createGateway, exactCache, fallback, formatReport, retry } from 'headgate';
import { mockProvider } from 'headgate/testing';

const openai = mockProvider({ name: 'openai' });
let answers = 0;
openai.always(() => ({ text: `Paris. (answer ${++answers})`, delayMs: 20, usage: { inputTokens: 1200, outputTokens: 300 } }));

// #region setup
const cache = exactCache({ scope: { tag: 'tenant' } });
const gateway = createGateway({
  providers: [openai],
  interceptors: [cache, fallback(), retry(), costMeter()],
});
// #endregion setup

const question = { model: 'openai/gpt-5', messages: [{ role: 'user', content: 'What is the capital of France?' }] } as const;

// #region hit
const options = { tags: { tenant: 'acme' } };
await gateway.chat(question, options);
const { text, gateway: report } = await gateway.stream(question, options).response(); // a stream gets a plain call's answer, and the other way round
console.log(text, report?.cache, report?.cost); // 'exact', { totalUsd: 0, servedUsd: 0, savedUsd: … }
// #endregion hit
if (report !== undefined) console.log(formatReport(report));

// Another tenant is never given it, and a call without a tenant is not cached at all.
console.log((await gateway.chat(question, { tags: { tenant: 'initech' } })).gateway?.cache);
console.log((await gateway.chat(question)).gateway?.cache);

// #region together
const crowd = { model: 'openai/gpt-5', messages: [{ role: 'user', content: 'What is new today?' }] } as const;
const all = await Promise.all(Array.from({ length: 100 }, () => gateway.chat(crowd, options)));
console.log(`${all.length} calls, ${openai.calls.filter(({ text: asked }) => asked === 'What is new today?').length} of them went to the provider`);
// #endregion together

// #region per-call
await gateway.chat(question, { ...options, cache: 'refresh' }); // asks anew, and stores the answer
await gateway.chat(question, { ...options, cache: 'skip' }); // neither reads nor stores
// #endregion per-call

// #region invalidate
const seen = await gateway.chat(question, options);
const key = cache.keyOf(seen.gateway);
if (key !== undefined) await cache.invalidate({ key }); // this one answer
await cache.invalidate({ scope: 'acme' }); // everything of this tenant
// #endregion invalidate
console.log((await gateway.chat(question, options)).gateway?.cache);
await gateway.close();

// #region documents
const documents = exactCache({
  scope: { tag: 'tenant' },
  invalidateBy: ['document'], // part of the question: each document has its own answers
  ttlMs: 10 * 60_000,
  staleWhileRevalidateMs: 60_000,
  maxBytes: 256 * 1024 * 1024,
});
// when document 42 changes:
await documents.invalidate({ tag: 'document', value: '42' });
// #endregion documents

// Stands for the client of a server elsewhere.
const connection = new Map<string, string>();
const client = {
  get: async (name: string) => connection.get(name) ?? null,
  set: async (name: string, value: string, _ms: number, onlyIfAbsent: boolean) => {
    if (onlyIfAbsent && connection.has(name)) return false;
    connection.set(name, value);
    return true;
  },
  del: async (name: string) => void connection.delete(name),
};

// #region store
const shared = exactCache({
  scope: 'shared', // everybody may have everybody's answers
  store: {
    get: async (name) => (await client.get(name)) ?? undefined,
    set: (name, value, { ttlMs = 0, onlyIfAbsent = false } = {}) => client.set(name, value, ttlMs, onlyIfAbsent),
    delete: (name) => client.del(name),
  },
  onStoreError: 'allow', // while it is down, calls go on as if nothing were cached
});
// #endregion store
console.log(`${shared.name} stands in stage ${shared.stage}`);
