import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { AttributeEntry, Place } from '../../src/telemetry/names.js';
import { OWN_ATTRIBUTES, TAG_PREFIX } from '../../src/telemetry/own-names.js';
import { fixturesFolder } from '../support/fixtures.js';
import type { RecordedEvent, RecordedMetric, RecordedSpan } from './sdk.js';
import type { Specification } from './specification.js';

/** Expected of every good answer: recommended without a condition, less what a provider need not say. As the official conformance rules have it, `server.address` apart, which a mock has none of. */
const ALWAYS = ['gen_ai.response.finish_reasons', 'gen_ai.response.id', 'gen_ai.response.model', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'];

const SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const BUCKETS: Readonly<Record<string, readonly number[]>> = {
  'gen_ai.client.token.usage': [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
  'gen_ai.client.operation.duration': SECONDS,
  'gen_ai.client.operation.time_to_first_chunk': SECONDS,
  'gen_ai.client.operation.time_per_output_chunk': SECONDS,
};

/** The pages of single providers add these. */
const OPENAI = ['openai.request.service_tier', 'openai.response.service_tier', 'openai.response.system_fingerprint', 'openai.api.type'];

const CONTENT: Readonly<Record<string, string>> = {
  'gen_ai.input.messages': 'gen-ai-input-messages.json',
  'gen_ai.output.messages': 'gen-ai-output-messages.json',
  'gen_ai.tool.definitions': 'gen-ai-tool-definitions.json',
};

type Attributes = Readonly<Record<string, unknown>>;

/** Throws for whatever of a call's span is not as the conventions say. */
export function checkSpan({ name, kind, attributes, status }: Pick<RecordedSpan, 'name' | 'kind' | 'attributes' | 'status'>, specification: Specification): void {
  const operation = attributes['gen_ai.operation.name'];
  expect(kind, 'CLIENT').toBe(2);
  expect(name).toBe(`${String(operation)} ${String(attributes['gen_ai.request.model'])}`);
  checkAttributes(attributes, `span.gen_ai.${operation === 'chat' ? 'inference' : 'embeddings'}.client`, specification);
  expect(status.code === 2, 'error.type with the status').toBe(attributes['error.type'] !== undefined);
  if (status.code !== 2) expect(status).toEqual({ code: 0 });
  expect(attributes['gen_ai.request.stream']).not.toBe(false);
  for (const expected of operation === 'chat' && status.code !== 2 && attributes['headgate.cache.result'] !== 'hit' ? ALWAYS : []) expect(attributes).toHaveProperty([expected]);
}

/** The same for one of the conventions' metrics. */
export function checkMetric({ descriptor, dataPoints, dataPointType }: RecordedMetric, specification: Specification): void {
  const wanted = specification.metrics.get(descriptor.name);
  expect(wanted, descriptor.name).toBeDefined();
  expect({ instrument: dataPointType === 0 ? 'histogram' : 'another', unit: descriptor.unit }).toEqual(wanted);
  for (const { attributes, value } of dataPoints) {
    checkAttributes(attributes, descriptor.name, specification);
    expect((value as { readonly buckets: { readonly boundaries: readonly number[] } }).buckets.boundaries).toEqual(BUCKETS[descriptor.name]);
  }
}

/** The same for an event. */
export function checkEvent({ eventName, attributes, severityNumber, spanContext }: RecordedEvent, specification: Specification): void {
  checkAttributes(attributes, eventName ?? '', specification);
  expect(spanContext, 'it belongs to a span').toBeDefined();
  if (eventName === 'gen_ai.client.operation.exception') expect(severityNumber).toBe(13);
}

function checkAttributes(attributes: Attributes, group: string, { attributes: types, levels }: Specification): void {
  const known = levels.get(group);
  expect(known, group).toBeDefined();
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('headgate.')) continue;
    expect(types.has(name), `${name} is a name of the conventions`).toBe(true);
    expect(known?.has(name) === true || OPENAI.includes(name), `${name} may be on ${group}`).toBe(true);
    expect(fits(value, types.get(name)), `${name} = ${String(value)} is a ${String(types.get(name))}`).toBe(true);
    if (CONTENT[name] !== undefined) checkContent(name, value);
  }
  for (const [name, level] of known ?? []) if (level === 'required') expect(attributes, group).toHaveProperty([name]);
  if (group.startsWith('gen_ai.client.operation.exception')) return;
  expect(attributes).toHaveProperty(['gen_ai.request.model']); // required if available, and it always is
  expect('server.port' in attributes).toBe('server.address' in attributes);
}

/** Throws for a name of ours that is not in the tables, or is not where and what they say. */
export function checkOwnNames(attributes: Attributes, place: Place): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (!name.startsWith('headgate.') || name.startsWith(TAG_PREFIX)) continue;
    const entry: AttributeEntry | undefined = Object.values(OWN_ATTRIBUTES).find((own) => own.name === name);
    expect(entry?.on, `${name} may be on ${place}`).toContain(place);
    expect(fits(value, entry?.type), `${name} = ${String(value)} is a ${String(entry?.type)}`).toBe(true);
  }
}

/** Enumerations of providers, tiers and the like are open. */
function fits(value: unknown, type: string | readonly string[] | undefined): boolean {
  if (Array.isArray(type)) return typeof value === 'string';
  switch (type) {
    case 'string':
      return typeof value === 'string' && value.isWellFormed();
    case 'int':
      return Number.isInteger(value);
    case 'double':
      return Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'string[]':
      return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
    default:
      return type === 'any';
  }
}

const validators = new Map<string, (value: unknown) => boolean>();

function checkContent(name: string, value: unknown): void {
  const validate = validators.get(name) ?? compiled(CONTENT[name] ?? '');
  validators.set(name, validate);
  expect(validate(typeof value === 'string' ? JSON.parse(value) : value), `${name} keeps to its schema`).toBe(true);
}

function compiled(file: string): (value: unknown) => boolean {
  const schema = JSON.parse(readFileSync(path.join(fixturesFolder, 'reference/otel-genai/model/gen-ai', file), 'utf8')) as object;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'http://json-schema.org/draft-07/schema' }); // a tool's parameters may be any schema
  return ajv.compile(schema);
}
