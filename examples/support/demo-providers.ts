import type { ProviderAdapter } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { loopback, type Loopback } from './loopback.ts';

/** Where the demo sends its calls: model names in the order in which it prefers them. */
export interface DemoProviders {
  readonly providers: readonly ProviderAdapter[];
  readonly models: readonly string[];
  /** The server that answers, unless real ones do. */
  readonly local: Loopback | undefined;
}

const STORY = 'Headgate is a library, not a server. It sits inside your Node process, speaks to every vendor in one vocabulary, and says afterwards what it did and why.';

/** Three vendors on the loopback interface, each answering over its own wire protocol. */
export async function localProviders(): Promise<DemoProviders> {
  const local = await loopback();
  const { server } = local;
  server.on(({ text }) => text.includes('umbrella') && !text.includes('rain')).always({ toolCalls: [{ name: 'weather', input: { city: 'Bern' } }], chunkDelayMs: 15 });
  server.on(({ text }) => text.includes('rain')).always({ text: 'Yes, take one: it rains in Bern.' });
  server.on(({ text }) => text.includes('as data')).always({ object: { name: 'Bern', people: 134_000, languages: ['German'] } });
  server.on(({ text }) => text.includes('one word')).always({ text: 'Here.', delayMs: 30 });
  server.on(({ text }) => text.includes('breaks off')).always({ text: 'Once upon a time there was a stream that', chunkDelayMs: 15, ending: 'cut' });
  server.always({ text: STORY, chunkDelayMs: 35, delayMs: 120 });
  return {
    providers: [openai(local.openai), anthropic(local.anthropic), google(local.google)],
    models: ['openai/gpt-5-mini', 'anthropic/claude-sonnet-4-5', 'google/gemini-2.5-flash'],
    local,
  };
}

/** The vendors whose keys are in the environment. */
export function liveProviders(): DemoProviders {
  const { env } = process;
  const found: [ProviderAdapter, string][] = [];
  if (env['OPENAI_API_KEY'] !== undefined) found.push([openai(), 'openai/gpt-5-mini']);
  if (env['ANTHROPIC_API_KEY'] !== undefined) found.push([anthropic(), 'anthropic/claude-sonnet-4-5']);
  if ((env['GEMINI_API_KEY'] ?? env['GOOGLE_API_KEY']) !== undefined) found.push([google(), 'google/gemini-2.5-flash']);
  return { providers: found.map(([adapter]) => adapter), models: found.map(([, model]) => model), local: undefined };
}
