import type { ChatRequest, TypedRequest } from 'headgate';
import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { answering, ask, begin, collect, failure, gatewayOf, streaming, text, finish } from '../support/adapters.js';

const city = z.object({ name: z.string(), people: z.number() });
const valid = '{"name":"Bern","people":134000}';

describe('structured output', () => {
  it('gives a validated and typed object for a Standard Schema that gives JSON Schema', async () => {
    let sent: ChatRequest | undefined;
    const adapter = { ...answering(valid), chat: async (request: ChatRequest) => ((sent = request), { id: 'r', model: 'm', content: [{ type: 'text' as const, text: valid }], finishReason: 'stop' as const }) };
    const response = await gatewayOf(adapter).chat({ ...ask, output: city });
    expectTypeOf(response.object).toEqualTypeOf<{ name: string; people: number }>();
    expect(response.object).toEqual({ name: 'Bern', people: 134_000 });
    expect(sent?.output).toMatchObject({ type: 'json', schema: { type: 'object', required: ['name', 'people'] } });
  });

  it('takes the JSON Schema beside a schema that only validates', async () => {
    const validate = v.object({ name: v.string(), people: v.number() });
    const response = await gatewayOf(answering(valid)).chat({ ...ask, output: { type: 'json', schema: { type: 'object' }, validate } });
    expect(response.object.people).toBe(134_000);
  });

  it('waits for a schema that validates asynchronously, and gives what it makes of the value', async () => {
    const shouting = z.object({ name: z.string() }).transform(async ({ name }) => name.toUpperCase());
    const response = await gatewayOf(answering(valid)).chat({ ...ask, output: { type: 'json', schema: { type: 'object' }, validate: shouting } });
    expect(response.object).toBe('BERN');
  });

  it.each([
    ['text that is not JSON', 'Bern!', 'its text is not JSON (finish reason: stop)'],
    ['JSON that does not fit', '{"name":1}', 'it does not match the schema in 2 places'],
  ])('fails with the answer in partial for %s', async (_name, answer, why) => {
    const error = await failure(gatewayOf(answering(answer)).chat({ ...ask, output: city }));
    expect(error).toMatchObject({ code: 'invalid_response', partial: { text: answer }, message: expect.stringContaining(why) });
    expect(String(error)).not.toContain(answer);
  });

  it('leaves the object out while the model is still calling tools', async () => {
    const adapter = streaming([begin, { type: 'tool-call-start', id: 'a', name: 'f' }, { type: 'tool-call-end', id: 'a' }, { type: 'finish', finishReason: 'tool-calls' }]);
    const response = await gatewayOf(adapter).chat({ ...ask, output: city });
    expect(response.object).toBeUndefined();
    expect(response.toolCalls).toHaveLength(1);
  });

  it('parses a plain format as far as it can', async () => {
    expect((await gatewayOf(answering(valid)).chat({ ...ask, output: { type: 'json' } })).object).toEqual(JSON.parse(valid));
    expect((await gatewayOf(answering('no')).chat({ ...ask, output: { type: 'json' } })).object).toBeUndefined();
  });

  it('is on the end of a stream too, and fails the stream when it is not valid', async () => {
    const typed: TypedRequest<unknown> = { ...ask, output: city };
    const events = await collect(gatewayOf(streaming([begin, text(valid.slice(0, 9)), text(valid.slice(9)), finish])).stream(typed));
    expect(events.at(-1)).toMatchObject({ response: { object: { name: 'Bern' } } });
    expect(await failure(gatewayOf(streaming([begin, text('{'), finish])).stream(typed).response())).toMatchObject({ code: 'invalid_response', partial: { text: '{' } });
  });
});
