import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_QUIRKS } from '../../src/dialects/openai-chat/quirks.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import { PRESETS, type Preset, type PresetName } from '../../src/providers/presets.js';
import { chat, context } from './support.js';

const ROWS = Object.entries(PRESETS) as unknown as readonly (readonly [PresetName, Preset])[];

afterEach(() => vi.unstubAllEnvs());

/** The request a preset sends, with its own base URL. */
async function requestOf(preset: PresetName, changes: object = {}): Promise<{ readonly url: string; readonly headers: Headers; readonly body: Record<string, unknown> }> {
  let seen: Awaited<ReturnType<typeof requestOf>> | undefined;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    seen = { url: String(input), headers: new Headers(init?.headers), body: JSON.parse(String(init?.body)) };
    return Response.json({ id: '1', model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] });
  };
  const place = preset === 'azure' ? { resource: 'mine' } : {};
  const adapter = openaiCompatible({ preset, fetch, ...place });
  await chat(adapter, context(), { model: 'any', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 5, ...changes });
  if (seen === undefined) throw new Error('nothing was sent');
  return seen;
}

describe.each(ROWS)('%s', (name, preset) => {
  test('is reached with the key of its variable', async () => {
    vi.stubEnv(preset.variables[0] ?? '', 'sk-test');
    const { url, headers } = await requestOf(name);
    expect(url).toBe(`${preset.baseUrl ?? 'https://mine.openai.azure.com/openai/v1'}/chat/completions`);
    expect(headers.get(preset.auth ?? 'authorization')).toBe(preset.auth === 'api-key' ? 'sk-test' : 'Bearer sk-test');
  });

  test('has quirks that the dialect knows, none of them what it does anyway', () => {
    for (const [quirk, value] of Object.entries(preset.quirks)) {
      expect(Object.keys(DEFAULT_QUIRKS)).toContain(quirk);
      expect(value, quirk).not.toEqual(DEFAULT_QUIRKS[quirk as keyof typeof DEFAULT_QUIRKS]);
    }
  });

  test('names a base URL that openaiCompatible takes', () => {
    if (preset.baseUrl !== undefined) expect(preset.baseUrl).toMatch(preset.keyRequired === false ? /^http:\/\/localhost:\d+\/v1$/ : /^https:\/\/[^/]+(?:\/[\w/-]+)?$/);
  });
});

test('quirks of the options are laid over those of the preset', async () => {
  vi.stubEnv('GROQ_API_KEY', 'sk-test');
  expect((await requestOf('groq')).body).toMatchObject({ max_completion_tokens: 5 });
  let body: unknown;
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    body = JSON.parse(String(init?.body));
    return Response.json({ id: '1', choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] });
  };
  await chat(openaiCompatible({ preset: 'groq', name: 'groq-eu', fetch, quirks: { maxTokensField: 'max_tokens' } }), context(), { model: 'any', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 5 });
  expect(body).toMatchObject({ max_tokens: 5 });
});

test("Mistral's field names are used", async () => {
  vi.stubEnv('MISTRAL_API_KEY', 'sk-test');
  const { body } = await requestOf('mistral', { seed: 7, tools: [{ name: 'f', inputSchema: { type: 'object' } }], toolChoice: 'required' });
  expect(body).toMatchObject({ max_tokens: 5, random_seed: 7, tool_choice: 'any' });
  expect(body).not.toHaveProperty('stream_options');
});

test('the page on providers lists every preset as it is', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/providers.md'), 'utf8');
  for (const [name, preset] of ROWS) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    const inputs = preset.embeddings === 'none' ? '–' : String(preset.embeddings ?? 2048);
    for (const fact of [preset.baseUrl ?? '`resource`', ...preset.variables, `| ${inputs} |`]) expect(row, name).toContain(fact);
  }
});
