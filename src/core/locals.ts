/** A typed slot in the bag that goes along with a call. Make one at module level and share it between the interceptors that use it. */
export interface LocalKey<T> {
  readonly id: symbol;
  readonly initial: () => T;
}

/** One bag per call, shared by every call derived from it. */
export interface Locals {
  /** What was set, or `key.initial()`, kept from then on. */
  get<T>(key: LocalKey<T>): T;
  set<T>(key: LocalKey<T>, value: T): void;
}

/** `name` is for debugging and makes keys of two copies of the package meet. */
export function localKey<T>(name: string, initial: () => T): LocalKey<T> {
  return { id: Symbol.for(`headgate.local.${name}`), initial };
}

export function createLocals(): Locals {
  let values: Map<symbol, unknown> | undefined; // most calls never use it
  return {
    get<T>(key: LocalKey<T>): T {
      if (values?.has(key.id)) return values.get(key.id) as T; // what is stored under a key was put there through it
      const value = key.initial();
      (values ??= new Map()).set(key.id, value);
      return value;
    },
    set<T>(key: LocalKey<T>, value: T): void {
      (values ??= new Map()).set(key.id, value);
    },
  };
}
