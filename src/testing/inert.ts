/** Notices reading, writing and starting programs, which `create` must not do. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

/** The functions that reach outside the process, by module. `true`: all of the module's functions. */
const OUTSIDE: Readonly<Record<string, true | readonly string[]>> = {
  'node:fs': true,
  'node:fs/promises': true,
  'node:child_process': true,
  'node:worker_threads': ['Worker'],
  'node:net': ['connect', 'createConnection'],
  'node:tls': ['connect'],
  'node:http': ['request', 'get'],
  'node:https': ['request', 'get'],
  'node:http2': ['connect'],
  'node:dgram': ['createSocket'],
  'node:dns': ['lookup', 'resolve'],
  'node:dns/promises': ['lookup', 'resolve'],
};

const MOMENT_MS = 20;

const watched = new AsyncLocalStorage<string[]>();
let watchers = 0;
let restore: (() => void)[] = [];

/**
 * Runs the body and returns its result with the calls it made outside the process, such as `fs.readFileSync`. The calls
 * throw. Asynchronous calls are noticed for a moment longer; other code of the process is not affected.
 */
export async function watchReaches<T>(body: () => T): Promise<{ readonly result: T; readonly reaches: readonly string[] }> {
  const reaches: string[] = [];
  if (watchers++ === 0) guardAll();
  try {
    const result = watched.run(reaches, body);
    await sleep(MOMENT_MS);
    return { result, reaches };
  } catch (error) {
    // The error of a refused call may have been wrapped: the call is what matters.
    if (reaches.length > 0) return { result: undefined as T, reaches };
    throw error;
  } finally {
    if (--watchers === 0) releaseAll();
  }
}

/** Called by the functions that replace those of Node in a test. */
export function noteReach(name: string): never {
  watched.getStore()?.push(name);
  throw new Error(`create must not reach outside: ${name}`);
}

function guardAll(): void {
  for (const [specifier, names] of Object.entries(OUTSIDE)) {
    const module = process.getBuiltinModule(specifier);
    if (module === undefined) continue;
    const all = names === true ? Object.keys(module).filter((name) => /^[a-z]/.test(name)) : names;
    for (const name of all) guard(module, name, `${specifier.slice('node:'.length)}.${name}`);
  }
  guard(globalThis, 'fetch', 'fetch');
  guard(globalThis, 'WebSocket', 'WebSocket');
  syncBuiltinESMExports();
}

function guard(holder: object, name: string, shown: string): void {
  const original = Object.getOwnPropertyDescriptor(holder, name);
  const value: unknown = Reflect.get(holder, name);
  if (original?.configurable !== true || typeof value !== 'function') return;
  const refuse = () => watched.getStore() !== undefined && noteReach(shown);
  const guarded = new Proxy(value, {
    apply: (target, self, args) => (refuse(), Reflect.apply(target, self, args)),
    construct: (target, args, newTarget) => (refuse(), Reflect.construct(target, args, newTarget)),
  });
  Object.defineProperty(holder, name, { configurable: true, enumerable: original.enumerable === true, writable: true, value: guarded });
  restore.push(() => void Object.defineProperty(holder, name, original));
}

function releaseAll(): void {
  for (const undo of restore) undo();
  restore = [];
  syncBuiltinESMExports();
}
