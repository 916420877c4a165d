import { ConfigError, RejectedError } from '../errors.js';
import type { ProviderAdapter, ServerAddress } from '../types/adapter.js';
import type { Target } from '../types/report.js';

/** What a name in `GatewayOptions.models` stands for, when it is more than a list. */
export interface Route {
  readonly targets: readonly (string | RouteTarget)[];
  /** @default 'ordered' */
  readonly strategy?: string;
  /** Where to go instead when the prompt is too long for the target. */
  readonly onContextLength?: readonly string[];
  /** Where to go instead when the target's content policy blocked the request. */
  readonly onContentFilter?: readonly string[];
}

export interface RouteTarget {
  readonly model: string;
  /** @default 1 */
  readonly weight?: number;
  /** Lower is tried first. @default 0 */
  readonly priority?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Candidate {
  readonly target: Target;
  readonly weight: number;
  readonly priority: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Where the provider's requests go, if the adapter says so. */
  readonly server?: ServerAddress;
}

/** The request's `model` resolved: at least one candidate, one for each of a provider's keys. Without a fallback interceptor only the first is used. */
export interface ResolvedRoute {
  readonly name: string;
  readonly candidates: readonly Candidate[];
  readonly strategy: string;
  readonly onContextLength: readonly Candidate[];
  readonly onContentFilter: readonly Candidate[];
}

export type Models = Readonly<Record<string, string | readonly string[] | Route>>;
export interface Resolver {
  /** What `models` stand for. */
  readonly routes: readonly ResolvedRoute[];
  /** Resolves what a caller wrote as `model`, with `fallbacks` after it. Throws RejectedError('invalid_request'). */
  resolve(model: string, fallbacks: readonly string[] | undefined): ResolvedRoute;
}

/** Resolves every alias once, so that a wrong one is a ConfigError when the gateway is made. */
export function createResolver(providers: ReadonlyMap<string, ProviderAdapter>, models: Models): Resolver {
  const aliases = new Map<string, ResolvedRoute>();
  const direct = new Map<string, ResolvedRoute>(); // a service calls a handful of models; a hostile caller must not grow it
  const known = (): string => `known: ${[...aliases.keys(), ...[...providers.keys()].map((name) => `${name}/…`)].join(', ')}`;

  for (const [alias, entry] of Object.entries(models)) {
    const field = `models.${alias}`;
    const route = typeof entry === 'string' ? { targets: [entry] } : isList(entry) ? { targets: entry } : entry;
    if (!Array.isArray(route?.targets) || route.targets.length === 0) throw new ConfigError(`${field}: wanted 'provider/model', a list of them, or { targets: [...] } with at least one`);
    const read = (name: string, list: readonly (string | RouteTarget)[] | undefined): readonly Candidate[] =>
      (list ?? []).flatMap((target, at) => candidates(target, providers, (problem) => new ConfigError(`${field}${name}[${at}]: ${problem}`)));
    aliases.set(alias, {
      name: alias,
      candidates: read('', route.targets),
      strategy: route.strategy ?? 'ordered',
      onContextLength: read('.onContextLength', route.onContextLength),
      onContentFilter: read('.onContentFilter', route.onContentFilter),
    });
  }

  function resolveName(model: string, field: string): ResolvedRoute {
    const hit = aliases.get(model) ?? direct.get(model);
    if (hit !== undefined) return hit;
    const list = candidates(model, providers, (problem) => new RejectedError('invalid_request', `${field}: ${problem} (${known()})`));
    const route: ResolvedRoute = { name: model, candidates: list, strategy: 'ordered', onContextLength: [], onContentFilter: [] };
    if (direct.size < MAX_REMEMBERED) direct.set(model, route);
    return route;
  }

  return {
    routes: [...aliases.values()],
    resolve(model, fallbacks) {
      const route = resolveName(model, 'model');
      if (fallbacks === undefined || fallbacks.length === 0) return route;
      const more = fallbacks.flatMap((fallback, at) => resolveName(fallback, `fallbacks[${at}]`).candidates);
      return { ...route, candidates: [...route.candidates, ...more] };
    },
  };
}

const MAX_REMEMBERED = 1000;

function candidates(entry: string | RouteTarget, providers: ReadonlyMap<string, ProviderAdapter>, wrong: (problem: string) => Error): readonly Candidate[] {
  const { model: name, weight = 1, priority = 0, labels = {} } = typeof entry === 'string' ? { model: entry } : entry;
  if (typeof name !== 'string') throw wrong(`wanted 'provider/model', got ${typeof name}`);
  if (!(weight > 0) || !Number.isFinite(weight)) throw wrong(`weight: wanted a positive number, got ${weight}`);
  if (!Number.isFinite(priority)) throw wrong(`priority: wanted a number, got ${priority}`);
  const slash = name.indexOf('/');
  if (slash < 0) throw wrong(`${quoted(name)} is neither an alias nor 'provider/model'`);
  const provider = name.slice(0, slash);
  const model = name.slice(slash + 1);
  const adapter = providers.get(provider);
  if (adapter === undefined) throw wrong(`there is no provider ${quoted(provider)} (in ${quoted(name)})`);
  if (model === '') throw wrong(`${quoted(name)} has no model after the slash`);
  const credentials = adapter.credentials ?? [];
  const shared = { weight, priority, labels, ...(adapter.server !== undefined && { server: adapter.server }) };
  if (credentials.length === 0) return [{ target: { provider, model }, ...shared }];
  return credentials.map((credential) => ({ target: { provider, model, credential }, ...shared }));
}

/** Names may come from a request: kept to one short line. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

function isList(entry: readonly string[] | Route): entry is readonly string[] {
  return Array.isArray(entry);
}
