import { describe, expect, it } from 'vitest';
import { build, MIDDLE, NEWER, OLDER, settings } from './build.js';

describe('reasoning', () => {
  it('is a budget where the model knows budgets only, on top of the default limit', () => {
    expect(build({ reasoning: { maxTokens: 5000 } }).body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 5000 }, max_tokens: 21_384 });
  });

  it('keeps the budget below maxTokens, which is the whole of the output', () => {
    const built = build({ maxTokens: 4000, reasoning: { maxTokens: 9000 } });
    expect(built.body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 3999 }, max_tokens: 4000 });
    expect(settings(built)).toEqual(['approximated reasoning.maxTokens']);
  });

  it('raises a budget to the least that the API takes', () => {
    expect(build({ maxTokens: 4000, reasoning: { maxTokens: 100 } }).body['thinking']).toEqual({ type: 'enabled', budget_tokens: 1024 });
  });

  it('is dropped with a warning where maxTokens leaves no room for it', () => {
    const built = build({ maxTokens: 500, reasoning: { effort: 'high' } });
    expect(built.body).toMatchObject({ max_tokens: 500 });
    expect(built.body).not.toHaveProperty('thinking');
    expect(settings(built)).toEqual(['dropped reasoning']);
  });

  it.each([
    ['minimal', 1024],
    ['low', 2000],
    ['medium', 5000],
    ['high', 8000],
    ['xhigh', 9500],
    ['max', 9500],
  ] as const)('of effort %s is a share of maxTokens where the model knows budgets only', (effort, budget) => {
    const built = build({ maxTokens: 10_000, reasoning: { effort } });
    expect(built.body['thinking']).toEqual({ type: 'enabled', budget_tokens: budget });
    expect(built.body).not.toHaveProperty('output_config');
    expect(built.warnings).toEqual([]);
  });

  it('is adaptive with an effort where the model takes that', () => {
    for (const model of [MIDDLE, NEWER, 'claude-fable-5', 'claude-sonnet-5', 'claude-mythos-5']) {
      expect(build({ reasoning: { effort: 'medium' } }, model).body).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'medium' }, max_tokens: 16_384 });
    }
  });

  it('takes the next lower effort where the model does not have the one asked for', () => {
    const built = build({ reasoning: { effort: 'xhigh' } }, MIDDLE);
    expect(built.body['output_config']).toEqual({ effort: 'high' });
    expect(settings(built)).toEqual(['approximated reasoning.effort']);
    expect(build({ reasoning: { effort: 'minimal' } }, NEWER).body['output_config']).toEqual({ effort: 'low' });
    expect(build({ reasoning: { effort: 'max' } }, MIDDLE).body['output_config']).toEqual({ effort: 'max' });
  });

  it('warns when a budget goes to a model that decides itself', () => {
    const built = build({ reasoning: { maxTokens: 5000, effort: 'high' } }, NEWER);
    expect(built.body).toMatchObject({ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } });
    expect(settings(built)).toEqual(['approximated reasoning.maxTokens']);
  });

  it('takes budget and effort together where the model has both', () => {
    expect(build({ maxTokens: 9000, reasoning: { maxTokens: 5000, effort: 'low' } }, MIDDLE).body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 5000 }, output_config: { effort: 'low' } });
  });

  it('is switched off by the words that each model has for it', () => {
    expect(build({ reasoning: { effort: 'none' } }, OLDER).body['thinking']).toEqual({ type: 'disabled' });
    expect(build({ reasoning: { effort: 'none' } }, 'claude-sonnet-5-5').body['thinking']).toEqual({ type: 'between_tools' });
    const always = build({ reasoning: { effort: 'none' } }, 'claude-fable-5');
    expect(always.body).not.toHaveProperty('thinking');
    expect(always.body['output_config']).toEqual({ effort: 'low' });
    expect(settings(always)).toEqual(['approximated reasoning']);
  });

  it('gives way to a tool that has to be called, where a budget and that exclude each other', () => {
    const tools = [{ name: 'a', parameters: { type: 'object' } }];
    const built = build({ tools, toolChoice: 'required', reasoning: { maxTokens: 2000 } });
    expect(built.body).toMatchObject({ tool_choice: { type: 'any' }, max_tokens: 16_384 });
    expect(built.body).not.toHaveProperty('thinking');
    expect(settings(built)).toEqual(['dropped reasoning']);
  });

  it('takes sampling with it that cannot be changed while the model thinks', () => {
    const built = build({ reasoning: { maxTokens: 2000 }, temperature: 0.2, topP: 0.5, topK: 4 });
    expect(Object.keys(built.body)).toEqual(['model', 'max_tokens', 'messages', 'thinking']);
    expect(settings(built)).toEqual(['dropped temperature', 'dropped topP', 'dropped topK']);
    expect(build({ reasoning: { maxTokens: 2000 }, topP: 0.97 }).body['top_p']).toBe(0.97);
  });
});
