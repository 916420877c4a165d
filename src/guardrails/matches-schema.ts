import { Validator, type Schema } from '@cfworker/json-schema';
import { ConfigError } from '../errors.js';
import type { GuardRule } from '../guarding/rule.js';
import type { StandardSchema } from '../types/schema.js';
import type { JsonSchema } from '../types/tool.js';
import { settled, type RuleSettings } from './settings.js';

export interface MatchesSchemaOptions extends Omit<RuleSettings, 'stage' | 'scope' | 'stream'> {
  /** JSON Schema (2020-12), or a Standard Schema (zod, valibot, arktype …). */
  readonly schema: JsonSchema | StandardSchema<unknown>;
  /** Ask the model once more, telling it where its answer does not fit. @default true */
  readonly repair?: boolean;
}

/** Where an answer does not fit, in words for the model: they may quote it. */
type Misfits = readonly string[];

/** Said of a place when something is wrong further in, which is said as well. */
const REPEATS: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'items', 'prefixItems', 'allOf', '$ref']);
/** More would not help the model. */
const MAX_TOLD = 10;

/**
 * The answer's text must be JSON that fits a schema. It is held back until it is whole; one that does not fit is repaired once,
 * and then blocked. An answer that calls tools is not looked at. @default name 'matches-schema', action 'block', onError 'closed'
 */
export function matchesSchema(options: MatchesSchemaOptions): GuardRule {
  const misfits = isStandard(options.schema) ? standardMisfits(options.schema) : jsonMisfits(options.schema);
  if (options.action === 'rewrite') throw new ConfigError("matchesSchema: action: wanted 'flag' or 'block': only the model can write another answer (repair)");
  const rule: GuardRule = {
    ...settled(options, { name: 'matches-schema', stage: 'output', action: 'block' }),
    stage: 'output',
    async check({ answer, part, tools }) {
      if (answer === undefined || part !== 'text' || tools.length > 0) return undefined;
      const found = await misfits(answer);
      return found.length === 0 ? undefined : { reason: `it does not fit the schema in ${found.length} ${found.length === 1 ? 'place' : 'places'}`, details: found.slice(0, MAX_TOLD).map((one) => `- ${one}`).join('\n') };
    },
  };
  if (options.repair === false) return rule;
  return {
    ...rule,
    repair: ({ details = '' }) => ({ role: 'user', content: `Your last answer is not the JSON that was asked for:\n${details}\nGive the whole corrected JSON, and nothing else.` }),
  };
}

function jsonMisfits(schema: JsonSchema): (answer: string) => Misfits {
  if (typeof schema !== 'object' || schema === null) throw new ConfigError(`matchesSchema: schema: wanted a JSON Schema or a Standard Schema, got ${typeof schema}`);
  let validator: Validator;
  try {
    validator = new Validator(schema as Schema, '2020-12', false); // a JSON Schema is what it takes
  } catch {
    throw new ConfigError('matchesSchema: schema: not a JSON Schema of draft 2020-12');
  }
  return (answer) => {
    const value = parse(answer);
    if (value === undefined) return ['it is not JSON'];
    const { errors } = validator.validate(value);
    return errors.filter(({ keyword }) => !REPEATS.has(keyword)).map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
  };
}

function standardMisfits(schema: StandardSchema<unknown>): (answer: string) => Promise<Misfits> {
  return async (answer) => {
    const value = parse(answer);
    if (value === undefined) return ['it is not JSON'];
    const result = await schema['~standard'].validate(value);
    return result.issues === undefined ? [] : result.issues.map(({ message }) => message);
  };
}

function isStandard(schema: unknown): schema is StandardSchema<unknown> {
  const holder = (typeof schema === 'object' && schema !== null) || typeof schema === 'function' ? (schema as Partial<StandardSchema<unknown>>) : undefined;
  return typeof holder?.['~standard']?.validate === 'function';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // JSON has no undefined
  }
}
