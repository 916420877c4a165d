import { describe, expect, it } from 'vitest';
import { asksToReason, reasonsUnasked } from '../../src/catalog/reasoning.js';

describe('a model that reasons unasked', () => {
  it.each([
    'o1', 'o3-pro', 'o4-mini', 'openai/o3', 'gpt-5', 'gpt-5-mini-2025-08-07', 'gpt-5.2-codex', 'prod-eu-gpt-5', 'gpt-oss-120b', 'openai/gpt-oss-20b:free', 'codex-mini-latest',
    'gemini-2.5-flash', 'models/gemini-2.5-pro', 'gemini-3-pro-preview', 'gemini-3.5-flash', 'gemini-flash-latest', 'gemini-2.0-flash-thinking-exp',
    'claude-opus-5', 'claude-sonnet-5-20260801', 'us.anthropic.claude-fable-5-v1:0', 'claude-mythos-preview', 'anthropic/claude-3.7-sonnet:thinking',
    'grok-4', 'grok-4-fast-reasoning', 'grok-3-mini', 'grok-code-fast-1',
    'deepseek-reasoner', 'deepseek-ai/DeepSeek-R1', 'accounts/fireworks/models/deepseek-r1-0528', 'deepseek-r1-distill-llama-70b', 'deepseek-v4-pro',
    'QwQ-32B', 'Qwen/Qwen3-235B-A22B', 'qwen3.5-plus', 'qwen3-next-80b-a3b-thinking', 'glm-4.6', 'zai-org/GLM-5', 'kimi-k2-thinking', 'moonshotai/Kimi-K2.5', 'MiniMaxAI/MiniMax-M2.5',
    'magistral-medium-latest', 'sonar-reasoning-pro', 'sonar-deep-research', 'o3-deep-research', 'phi-4-reasoning', 'doubao-seed-1.6',
  ])('is known by its name: %s', (model) => expect(reasonsUnasked(model)).toBe(true));

  it.each([
    '', 'gpt-4o', 'gpt-4.1-mini', 'gpt-4-turbo', 'gpt-35-turbo', 'gpt-5-chat-latest', 'chatgpt-4o-latest', 'gpt-image-1', 'davinci-002',
    'gemini-2.0-flash', 'gemini-1.5-pro', 'gemini-embedding-001', 'gemini-2.5-flash-image', 'gemini-2.5-flash-preview-tts', 'gemma-3-27b-it',
    'claude-opus-4-8', 'claude-sonnet-4-5-20250929', 'claude-3-5-sonnet-latest', 'us.anthropic.claude-sonnet-4-20250514-v1:0', 'claude-haiku-4-5',
    'grok-3', 'grok-4-1-fast-non-reasoning', 'deepseek-chat', 'deepseek-v3.1', 'qwen3-coder-480b', 'qwen3-30b-a3b-instruct-2507', 'qwen-plus', 'kimi-k2-instruct', 'moonshot-v1-8k', 'glm-4-plus',
    'llama-3.3-70b-versatile', 'mistral-large-latest', 'command-r-plus', 'sonar-pro', 'text-embedding-3-large', 'model-1',
  ])('is no other: %s', (model) => expect(reasonsUnasked(model)).toBe(false));

  it('is looked for in any name in no time', () => {
    const began = performance.now();
    for (const name of ['gpt-5-', 'qwen3-', '-', 'non', 'gemini-']) expect(typeof reasonsUnasked(`${name.repeat(200_000)}-chat`)).toBe('boolean');
    expect(performance.now() - began).toBeLessThan(100);
  });
});

describe('a request asks to reason', () => {
  it.each<Parameters<typeof asksToReason>[0]>([
    { reasoning: {} },
    { reasoning: { effort: 'minimal' } },
    { reasoning: { effort: 'high' } },
    { reasoning: { maxTokens: 1024 } },
    { providerOptions: { anthropic: { thinking: { type: 'adaptive' } } } },
    { providerOptions: { openrouter: { reasoning: { effort: 'high' } } } },
    { providerOptions: { other: { top_k: 1 }, google: { generationConfig: { thinkingConfig: { thinkingBudget: -1 } } } } },
  ])('by its own setting or in the words of a provider: %j', (request) => expect(asksToReason(request)).toBe(true));

  it.each<Parameters<typeof asksToReason>[0]>([
    {},
    { reasoning: { effort: 'none' } },
    { reasoning: { maxTokens: 0 } },
    { providerOptions: {} },
    { providerOptions: { openai: { store: false }, google: { generationConfig: { topK: 3 } } } },
    { providerOptions: { odd: null as never, odder: ['thinking'] as never, oddest: 'thinking' as never } },
  ])('in no other way: %j', (request) => expect(asksToReason(request)).toBe(false));
});
