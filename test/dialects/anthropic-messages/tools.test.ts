import { describe, expect, it } from 'vitest';
import { build, NEWER, settings } from './build.js';

const weather = { name: 'weather', description: 'Tells the weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } as const;

describe('tools', () => {
  it('are defined by name, description and schema', () => {
    expect(build({ tools: [weather] }).body['tools']).toEqual([{ name: 'weather', description: 'Tells the weather', input_schema: weather.parameters }]);
  });

  it('carry what only this vendor understands, cache marks included', () => {
    const tool = { ...weather, providerData: { anthropic: { cache_control: { type: 'ephemeral' }, defer_loading: true }, openai: { x: 1 } } };
    expect(build({ tools: [tool] }).body['tools']).toEqual([expect.objectContaining({ cache_control: { type: 'ephemeral' }, defer_loading: true })]);
  });

  it('that are strict are marked so, with a schema that can be enforced', () => {
    expect(build({ tools: [{ ...weather, strict: true }] }).body['tools']).toEqual([expect.objectContaining({ strict: true, input_schema: { ...weather.parameters, additionalProperties: false } })]);
  });

  it('without parameters still have an object for a schema', () => {
    expect(build({ tools: [{ name: 'now', parameters: {} }] }).body['tools']).toEqual([{ name: 'now', input_schema: { type: 'object' } }]);
  });

  it('that the provider runs go in its own words, and those of other vendors are dropped with a warning', () => {
    const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 2 };
    const built = build({ tools: [{ type: 'provider', provider: 'anthropic', definition: search }, { type: 'provider', provider: 'openai', definition: {} }] });
    expect(built.body['tools']).toEqual([search]);
    expect(settings(built)).toEqual(['dropped tools[1]']);
  });

  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [{ tool: 'weather' }, { type: 'tool', name: 'weather' }],
  ] as const)('are chosen by %j', (toolChoice, wire) => {
    expect(build({ tools: [weather], toolChoice }).body['tool_choice']).toEqual(wire);
  });

  it('are called one at a time when asked, which needs a choice to say it in', () => {
    expect(build({ tools: [weather], parallelToolCalls: false }).body['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true });
    expect(build({ tools: [weather], toolChoice: 'required', parallelToolCalls: true }).body['tool_choice']).toEqual({ type: 'any', disable_parallel_tool_use: false });
    expect(build({ tools: [weather], toolChoice: 'none', parallelToolCalls: false }).body['tool_choice']).toEqual({ type: 'none' });
  });

  it('are not chosen where there are none', () => {
    expect(build({ toolChoice: 'auto', parallelToolCalls: false }).body).not.toHaveProperty('tool_choice');
    expect(settings(build({ toolChoice: 'required' }))).toEqual(['dropped toolChoice']);
  });

  it('cannot be forced on models that refuse it', () => {
    expect(build({ tools: [weather], toolChoice: 'required' }, NEWER).body['tool_choice']).toEqual({ type: 'any' });
    const built = build({ tools: [weather], toolChoice: 'required' }, 'claude-sonnet-5-5');
    expect(built.body['tool_choice']).toEqual({ type: 'auto' });
    expect(settings(built)).toEqual(['approximated toolChoice']);
  });
});
