import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import search from '../../plugins/agents/search/index.ts';
import type { Agent, Summary } from '../../src/plugin.ts';
import { makeBrief, makeContext, makeRunView, makeSummary } from '../../src/testing.ts';

export const LR = { file: 'train.py', name: 'LR', type: 'float', range: [0.001, 1], scale: 'log' } as const;
export const DEPTH = { file: 'train.py', name: 'DEPTH', type: 'int', range: [2, 24], scale: 'linear' } as const;
export const FLAG = { file: 'train.py', name: 'FLAG', type: 'bool', scale: 'linear' } as const;
export const KIND = { file: 'train.py', name: 'KIND', type: 'choice', values: ['a', 'b', 'c'], scale: 'linear' } as const;

type SearchOptions = Parameters<typeof search.create>[0];
type ParameterOption = SearchOptions['parameters'][number];

export const createSearch = (parameters: readonly ParameterOption[]): Agent => search.create({ parameters }, makeContext());

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A folder with this train.py in it, removed after the tests. */
export async function newFolder(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'autoresearch-search-'));
  folders.push(folder);
  await writeFile(join(folder, 'train.py'), text);
  return folder;
}

/** The values of the names asked for, as they stand in train.py. */
export async function readValue<N extends string>(folder: string, ...names: readonly N[]): Promise<Record<N, number>> {
  const text = await readFile(join(folder, 'train.py'), 'utf8');
  const valueOf = (name: string) => Number(JSON.parse((new RegExp(`^${name} = (\\S+)`, 'm').exec(text)?.[1] ?? 'null').toLowerCase()));
  return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<N, number>;
}

export interface Played {
  readonly history: readonly Summary[];
  readonly end: string;
  readonly score: number;
}

/** Plays a run without an engine: commits are numbers, a better score is kept, all else is put back. */
export async function play(
  agent: Agent,
  folder: string,
  experiments: number,
  score: () => Promise<number | null>,
  seed = 1,
): Promise<Played> {
  const history: Summary[] = [];
  let parent = 'c0';
  let best = (await score()) ?? Infinity;
  for (let id = 1; id <= experiments; id += 1) {
    const before = await readFile(join(folder, 'train.py'), 'utf8');
    const run = makeRunView({ history: [...history] });
    const result = await agent.propose(makeBrief({ id, cwd: folder, scratchDir: folder, parent, seed: seed * 1000 + id, run }));
    if (result.status !== 'proposed') return { history, end: result.status, score: best };
    const value = await score();
    const isKept = value !== null && value < best;
    const { title, params = {} } = result.report;
    const verdict = isKept ? 'keep' : value === null ? 'crash' : 'discard';
    history.push(
      makeSummary({ id, verdict, title, params, score: value, delta: value === null ? null : value - best, parent, candidate: `c${id}` }),
    );
    if (isKept) [best, parent] = [value, `c${id}`];
    else await writeFile(join(folder, 'train.py'), before);
  }
  return { history, end: 'budget', score: best };
}
