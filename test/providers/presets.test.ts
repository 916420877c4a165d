import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DEFAULT_QUIRKS } from '../../src/dialects/openai-chat/quirks.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import type { Preset } from '../../src/providers/preset.js';
import { PRESETS, type PresetName } from '../../src/providers/presets.js';
import { chat, context } from './support.js';

const ROWS = Object.entries(PRESETS) as unknown as readonly (readonly [PresetName, Preset])[];

afterEach(() => vi.unstubAllEnvs());

/** The request a preset sends to its own base URL, with the key of its first variable. */
async function requestOf(preset: PresetName, changes: object = {}, told = context()): Promise<{ readonly url: string; readonly headers: Headers; readonly body: Record<string, unknown> }> {
  let seen: Awaited<ReturnType<typeof requestOf>> | undefined;
  const fetch: typeof globalThis.fetch = async (input, init) => {
    seen = { url: String(input), headers: new Headers(init?.headers), body: JSON.parse(String(init?.body)) };
    return Response.json({ id: '1', model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] });
  };
  const place = preset === 'azure' ? { resource: 'mine' } : {};
  vi.stubEnv(PRESETS[preset].variables[0], 'sk-test');
  const adapter = openaiCompatible({ preset, fetch, ...place });
  await chat(adapter, told, { model: 'any', messages: [{ role: 'user', content: 'Hi' }], maxTokens: 5, ...changes });
  if (seen === undefined) throw new Error('nothing was sent');
  return seen;
}

describe.each(ROWS)('%s', (name, preset) => {
  test('is reached with the key of its variable', async () => {
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
  const { body } = await requestOf('mistral', { seed: 7, tools: [{ name: 'f', inputSchema: { type: 'object' } }], toolChoice: 'required' });
  expect(body).toMatchObject({ max_tokens: 5, random_seed: 7, tool_choice: 'any' });
  expect(body).not.toHaveProperty('stream_options');
});

test.each([
  ['zai', { tools: false }],
  ['ollama', { tools: false }],
  ['deepinfra', { tools: true, tool_choice: 'none' }],
  ['moonshot', { tools: true, tool_choice: 'none' }],
] as const)('%s cannot be made to call a tool, and that is a warning', async (preset, none) => {
  const tools = [{ name: 'f', parameters: { type: 'object' } }];
  const [forced, forbidden] = [context(), context()];
  const { body } = await requestOf(preset, { tools, toolChoice: 'required' }, forced);
  expect(body).toHaveProperty('tools');
  expect(body).not.toHaveProperty('tool_choice');
  expect(forced.warnings).toMatchObject([{ kind: 'approximated', setting: 'toolChoice' }]);
  const without = (await requestOf(preset, { tools, toolChoice: 'none' }, forbidden)).body;
  expect({ tools: 'tools' in without, ...('tool_choice' in without && { tool_choice: without['tool_choice'] }) }).toEqual(none);
});

test.each(['lmstudio', 'llama.cpp', 'perplexity'] as const)('%s takes no tool by its name, so it has to call one of them', async (preset) => {
  const told = context();
  const { body } = await requestOf(preset, { tools: [{ name: 'f', parameters: { type: 'object' } }], toolChoice: { tool: 'f' } }, told);
  expect(body['tool_choice']).toBe('required');
  expect(told.warnings).toMatchObject([{ kind: 'approximated', setting: 'toolChoice' }]);
});

test("OpenRouter's request names max_completion_tokens, the older field being deprecated there", async () => {
  expect((await requestOf('openrouter')).body).toMatchObject({ max_completion_tokens: 5 });
});

test("Z.ai's reasoning is switched on and given an effort", async () => {
  expect((await requestOf('zai', { reasoning: { effort: 'max' } })).body).toMatchObject({ thinking: { type: 'enabled' }, reasoning_effort: 'max' });
  expect((await requestOf('zai', { reasoning: { effort: 'none' } })).body).toMatchObject({ thinking: { type: 'disabled' } });
});

test('the page on providers lists every preset as it is', () => {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/providers.md'), 'utf8');
  for (const [name, preset] of ROWS) {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    const inputs = preset.embeddings === 'none' ? '–' : String(preset.embeddings ?? 2048);
    for (const fact of [preset.baseUrl ?? '`resource`', ...preset.variables, `| ${inputs} |`]) expect(row, name).toContain(fact);
  }
});
