import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Brief, PluginContext, Preflight, TrialRequest } from '../plugin.ts';
import type { Files } from './cases.ts';
import { makeRunView } from './records.ts';

/** What `create` gets: programs really run, logging goes nowhere. The folder does not exist. */
export function makeContext(partial: Partial<PluginContext> = {}): PluginContext {
  return Object.freeze({
    path: 'test',
    label: 'test',
    projectDir: join(tmpdir(), 'autoresearch-testing-no-such-folder'),
    seed: 1,
    scope: Object.freeze({ edit: Object.freeze(['train.py']), protect: Object.freeze([]) }),
    signal: new AbortController().signal,
    log: { info: ignore, warn: ignore, debug: ignore },
    exec: async (...args: Parameters<PluginContext['exec']>) => (await import('../process/exec.ts')).exec(...args),
    meter: async (...args: Parameters<PluginContext['meter']>) => (await import('../meter/start.ts')).startMeter(...args),
    ...partial,
  });
}

/** What an agent gets for one proposal; give at least `cwd` and `scratchDir` when it writes. */
export function makeBrief(partial: Partial<Brief> = {}): Brief {
  const facts = {
    id: 1,
    attempt: 0,
    cwd: join(tmpdir(), 'autoresearch-testing-no-such-folder'),
    parent: '0000000000000000000000000000000000000000',
    seed: 1,
    program: 'Make the score better.',
    scope: Object.freeze({ edit: Object.freeze(['train.py']), protect: Object.freeze([]) }),
    run: makeRunView(),
    scratchDir: join(tmpdir(), 'autoresearch-testing-no-such-folder', 'scratch'),
    env: Object.freeze({ PATH: process.env['PATH'] ?? '' }),
    timeoutMs: 10_000,
    limits: Object.freeze({}),
    signal: new AbortController().signal,
    ...partial,
  };
  const past = { constraints: [], hints: [], lastCrash: null, elsewhere: '', focus: '', logChars: 4000 };
  const prompt = async (share = 1) => (await import('../prompt/prompt.ts')).buildPrompt({ ...facts, ...past, historyTokens: 4000 * share });
  return Object.freeze({ prompt, ...facts });
}

/** What a trainer gets for one trial. */
export function makeTrialRequest(partial: Partial<TrialRequest> & Pick<TrialRequest, 'cwd' | 'logFile'>): TrialRequest {
  return Object.freeze({
    experiment: 1,
    index: 0,
    candidate: '1111111111111111111111111111111111111111',
    seed: 1,
    slot: 'default',
    env: Object.freeze({ PATH: process.env['PATH'] ?? '' }),
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    onLine: ignore,
    ...partial,
  });
}

/** A problem a plugin reported in `verify`. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** A preflight over files given by path, and the list its problems go to. */
export function makePreflight(
  files: Readonly<Record<string, string>>,
  partial: Partial<Preflight> = {},
): { readonly preflight: Preflight; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const preflight: Preflight = Object.freeze({
    projectDir: join(tmpdir(), 'autoresearch-testing-no-such-folder'),
    metrics: Object.freeze(['score']),
    editable: Object.freeze(Object.keys(files)),
    readCommitted: (path: string) => Promise.resolve(files[path] ?? null),
    warning: ignore,
    requireFile: (path: string) => Promise.resolve(files[path.replace(/^\.\//, '')] !== undefined),
    problem: (code: string, message: string, hint?: string) => {
      problems.push(hint === undefined ? { code, message } : { code, message, hint });
    },
    ...partial,
  });
  return { preflight, problems };
}

/** Writes files below a folder. */
export async function writeFiles(folder: string, files: Files = {}): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Runs the body with a fresh folder, which is removed afterwards. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'autoresearch-testing-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ignore(): void {}
