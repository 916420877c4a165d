import type { Call } from '../core/call.js';
import type { Candidate, ResolvedRoute } from '../core/route.js';
import { canonical } from './canonical.js';
import { checkOf, digestOf } from './digest.js';
import type { ScopeReader, ScopeValue } from './scope.js';

/** What a question is known by. */
export interface Identity {
  /** Of the entry in the store: SHA-256 over everything that may change the answer. */
  readonly key: string;
  /** A second digest of the same, by another function, kept in the entry: a store that mixes up keys, or cuts them, gives misses. */
  readonly check: string;
  /** Keys of the generations that the entry belongs to: that of its scope, then those of its tags. */
  readonly generationKeys: readonly string[];
}

export interface IdentitySettings {
  readonly namespace: string;
  readonly scope: ScopeReader;
  /** Tags that entries can be invalidated by. */
  readonly tags: readonly string[];
  /** In lower case. */
  readonly ignoredHeaders: ReadonlySet<string>;
}

/** The identity of what a call asks, or why it has none. */
export function identityOf(call: Call, { namespace, scope, tags, ignoredHeaders }: IdentitySettings): Identity | { readonly why: string } {
  const whose = scope.of(call);
  if ('why' in whose) return whose;
  const { model: _name, ...request } = call.request; // the route says what it stands for
  const tagged = tags.flatMap((tag) => (Object.hasOwn(call.tags, tag) ? [[tag, call.tags[tag]] as const] : []));
  const text = canonical([FORM, whose, tagged, call.operation, routeText(call.route), headersOf(call, ignoredHeaders), call.strict, request]);
  if ('why' in text) return { why: `the request has no canonical form: ${text.why}` };
  return {
    key: `${namespace}:exact:${digestOf(text.text)}`,
    check: checkOf(text.text),
    generationKeys: [generationKey(namespace, whose), ...tagged.map(([tag, value]) => generationKey(namespace, ['by tag', tag, String(value)]))],
  };
}

/** Where a generation is kept: of a scope, or of a tag with its value. */
export function generationKey(namespace: string, of: ScopeValue | readonly ['by tag', string, string]): string {
  // Strings always have a canonical form.
  return `${namespace}:generation:${digestOf(of.map((part) => `${part.length}:${part}`).join(''))}`;
}

/** Raised when the form of keys or entries changes, so that versions sharing a store never read each other's. */
const FORM = 1;

const routeTexts = new WeakMap<ResolvedRoute, string>();

/**
 * Whoever may answer, as the caller's `model` resolves: an alias and what it stands for share entries, and an alias that is
 * given other targets does not keep the answers of the old. The keys of one provider are one source of answers.
 */
function routeText(route: ResolvedRoute): string {
  const known = routeTexts.get(route);
  if (known !== undefined) return known;
  const made = canonical([route.strategy, sources(route.candidates), sources(route.onContextLength), sources(route.onContentFilter)]);
  const text = 'text' in made ? made.text : ''; // names and numbers that were checked when the gateway was made
  routeTexts.set(route, text);
  return text;
}

function sources(candidates: readonly Candidate[]): readonly unknown[] {
  const seen = new Set<string>();
  return candidates
    .map(({ target, weight, priority, labels }) => [target.provider, target.model, weight, priority, labels] as const)
    .filter((source) => {
      const name = JSON.stringify(source);
      return !seen.has(name) && seen.add(name);
    });
}

/** Headers may switch features on (`anthropic-beta`), so they belong to the question. */
function headersOf({ headers }: Call, ignored: ReadonlySet<string>): readonly string[] {
  // A header's name has no line break, so the first one ends it.
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !ignored.has(name))
    .map(([name, value]) => `${name}\n${value}`)
    .sort();
}
