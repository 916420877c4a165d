import type { Question } from './scenario.ts';

/** One way to reach a provider, all of them at the same job. */
export interface Arm {
  /** One whole answer. Gives what was read of it: characters of text, or bytes where nothing decodes them. */
  call(question: Question): Promise<number>;
  /** One stream, to its end; `begun` is called with its first chunk. Gives what was read, as `call` does. */
  stream(question: Question, begun?: () => void): Promise<number>;
}

/** Opens an arm against the server at `url`. */
export type OpenArm = (url: string) => Arm;

interface ArmEntry {
  readonly title: string;
  /** Loads nothing but this arm. */
  readonly load: () => Promise<OpenArm>;
}

/** In the order of the tables. */
export const ARMS = {
  'openai-sdk': { title: 'openai SDK', load: () => import('./arms/openai-sdk.ts').then(({ openaiChat }) => openaiChat) },
  'ai-sdk': { title: 'Vercel AI SDK', load: () => import('./arms/ai-sdk.ts').then(({ aiSdk }) => aiSdk) },
  headgate: { title: '**Headgate, with a key**', load: () => import('./arms/headgate.ts').then(({ headgateChat }) => headgateChat) },
  'headgate-client': { title: '**Headgate, with an openai SDK client**', load: () => import('./arms/headgate-client.ts').then(({ headgateClient }) => headgateClient) },
  parsed: { title: 'undici’s Client, eventsource-parser, `JSON.parse`', load: () => import('./arms/parsed.ts').then(({ parsed }) => parsed) },
  undici: { title: 'bare undici `request`, bytes', load: () => import('./arms/undici.ts').then(({ bareUndici }) => bareUndici) },
  'node-http': { title: 'bare `node:http`, bytes', load: () => import('./arms/node-http.ts').then(({ bareNodeHttp }) => bareNodeHttp) },
  fetch: { title: 'bare `fetch`, bytes', load: () => import('./arms/fetch.ts').then(({ bareFetch }) => bareFetch) },
  'openai-sdk-responses': { title: 'openai SDK, responses API', load: () => import('./arms/openai-sdk.ts').then(({ openaiResponses }) => openaiResponses) },
  'headgate-responses': { title: '**Headgate, with a key, responses API**', load: () => import('./arms/headgate.ts').then(({ headgateResponses }) => headgateResponses) },
} as const satisfies Record<string, ArmEntry>;

export type ArmName = keyof typeof ARMS;
