import "server-only";

const store = globalThis as typeof globalThis & {
  __gatehouse?: Map<string, unknown>;
};

/**
 * One value for the whole process. The fast lane and Next are bundled apart and
 * development reloads modules: without this each would open a pool of its own.
 */
export function processSingleton<T>(name: string, make: () => T): T {
  store.__gatehouse ??= new Map();
  if (!store.__gatehouse.has(name)) store.__gatehouse.set(name, make());
  return store.__gatehouse.get(name) as T;
}
