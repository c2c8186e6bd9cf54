import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../helpers/repo.ts';

export type Mode = 'once' | 'lasting' | 'torn' | 'kill' | 'delay';

/** One counted call: `12 git open - .git/HEAD`. */
export interface Call {
  readonly number: number;
  readonly program: string;
  readonly name: string;
  /** What was done to it: the name of an error, the mode, or `-`. */
  readonly what: string;
  readonly path: string;
}

export interface Injector {
  /** Environment that has call `at` of everything below `root` fail; 0 only counts. */
  env(root: string, at: number, mode: Mode): Record<string, string>;
  /** What was noted since `env` was last asked for. */
  calls(): Call[];
}

/** Compiles inject.c; a text says why that cannot be. */
export function buildInjector(): Injector | string {
  if (process.platform !== 'linux') return 'needs Linux';
  const folder = makeFolder();
  const library = join(folder, 'inject.so');
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, join(import.meta.dirname, 'inject.c'), '-ldl'], { stdio: 'pipe' });
  } catch (error) {
    return `needs a C compiler and glibc: ${String(error).split('\n')[0] ?? ''}`;
  }
  const [state, log] = [join(folder, 'state'), join(folder, 'log')];
  return {
    env(root, at, mode) {
      writeFileSync(state, Buffer.alloc(16));
      writeFileSync(log, '');
      return {
        LD_PRELOAD: library,
        INJECT_STATE: state,
        INJECT_ROOT: root,
        INJECT_AT: String(at),
        INJECT_MODE: mode,
        INJECT_LOG: log,
      };
    },
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean).map(parse) : []),
  };
}

function parse(line: string): Call {
  const [number = '', program = '', name = '', what = '', ...path] = line.split(' ');
  return { number: Number(number), program, name, what, path: path.join(' ') };
}
