import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fixturesFolder } from '../support/fixtures.js';

export type Level = 'required' | 'conditionally_required' | 'recommended' | 'recommended_if' | 'opt_in';

/** What the conventions' own model says, read from its files. */
export interface Specification {
  /** Type by name; of an enumeration, its values. */
  readonly attributes: ReadonlyMap<string, string | readonly string[]>;
  /** Requirement level of each attribute, by span type, metric or event. */
  readonly levels: ReadonlyMap<string, ReadonlyMap<string, Level>>;
  readonly metrics: ReadonlyMap<string, { readonly instrument: string; readonly unit: string }>;
}

const folder = path.join(fixturesFolder, 'reference/otel-genai/model');
const lines = (file: string): readonly string[] => readFileSync(path.join(folder, file), 'utf8').split('\n');

/** Attributes of the stable conventions, which the model imports. */
const STABLE: readonly (readonly [string, string])[] = [
  ['error.type', 'string'],
  ['server.address', 'string'],
  ['server.port', 'int'],
  ['exception.type', 'string'],
  ['exception.message', 'string'],
  ['exception.stacktrace', 'string'],
];

export function readSpecification(): Specification {
  const attributes = new Map<string, string | readonly string[]>(STABLE);
  for (const file of ['gen-ai/registry.yaml', 'openai/registry.yaml']) readAttributes(lines(file), attributes);
  const groups = new Map<string, Map<string, Level | undefined>>();
  const includes = new Map<string, string[]>();
  const metrics = new Map<string, { instrument: string; unit: string }>();
  for (const file of ['gen-ai/spans.yaml', 'gen-ai/metrics.yaml', 'gen-ai/events.yaml']) readGroups(lines(file), groups, includes, metrics);
  const levels = new Map([...groups.keys()].map((name) => [name, resolved(name, groups, includes)] as const));
  return { attributes, levels, metrics };
}

function readAttributes(text: readonly string[], into: Map<string, string | readonly string[]>): void {
  let key = '';
  for (const line of text) {
    const [, newKey] = /^ {2}- key: (\S+)/.exec(line) ?? [];
    if (newKey !== undefined) key = newKey;
    const [, type] = /^ {4}type: (\S+)/.exec(line) ?? [];
    if (type !== undefined) into.set(key, type);
    const [, value] = /^ {10}value: "?([^"\s]+)"?/.exec(line) ?? [];
    if (value !== undefined) into.set(key, [...((into.get(key) as readonly string[] | undefined) ?? []), value]);
  }
}

function readGroups(text: readonly string[], groups: Map<string, Map<string, Level | undefined>>, includes: Map<string, string[]>, metrics: Map<string, { instrument: string; unit: string }>): void {
  let group = '';
  let attribute = '';
  for (const [at, line] of text.entries()) {
    const [, kind, name] = /^ {2}- (id|type|name): (\S+)/.exec(line) ?? [];
    if (name !== undefined) {
      group = kind === 'type' ? `span.${name}` : name;
      groups.set(group, new Map());
      includes.set(group, []);
    }
    const [, instrument] = /^ {4}instrument: (\S+)/.exec(line) ?? [];
    if (instrument !== undefined) metrics.set(group, { instrument, unit: /"?([^"\s]+)"?$/.exec(text[at + 1] ?? '')?.[1] ?? '' });
    const [, included] = /^ {6}- ref_group: (\S+)/.exec(line) ?? [];
    if (included !== undefined) includes.get(group)?.push(included);
    const [, reference] = /^ {6}- ref: (\S+)/.exec(line) ?? [];
    if (reference !== undefined) {
      attribute = reference;
      groups.get(group)?.set(attribute, undefined);
    }
    const [, level] = /^ {8}requirement_level: *(\w*)/.exec(line) ?? [];
    if (level !== undefined && attribute !== '') groups.get(group)?.set(attribute, level === '' ? conditional(text[at + 1] ?? '') : (level as Level));
  }
}

function conditional(line: string): Level {
  return line.includes('conditionally_required') ? 'conditionally_required' : line.includes('recommended') ? 'recommended_if' : 'opt_in';
}

/** A group's own word stands above those of the groups in it. */
function resolved(name: string, groups: ReadonlyMap<string, ReadonlyMap<string, Level | undefined>>, includes: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, Level> {
  const all = new Map<string, Level>();
  for (const included of includes.get(name) ?? []) for (const [attribute, level] of resolved(included, groups, includes)) all.set(attribute, level);
  for (const [attribute, level] of groups.get(name) ?? []) all.set(attribute, level ?? all.get(attribute) ?? 'recommended');
  return all;
}
