import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { presetFile, presetNames } from './config/preset.ts';
import { presetProject } from './config/preset-project.ts';
import type { Config } from './config/types.ts';
import { AutoresearchError } from './errors.ts';
import { makeFolders } from './folders.ts';
import { openGit } from './git/git.ts';

const CONFIG = 'autoresearch.config.yaml';
const INIT_HINT = 'choose an empty folder: autoresearch init DIR';
const SCHEMA_LINE = '# yaml-language-server: $schema=./node_modules/autoresearch/schemas/editor.schema.json';

/** What a run in the preset's own folder leaves there; it is no part of the sample project. */
const LEFT_BY_RUNS = /(^|\/)(\.autoresearch|\.git|node_modules|__pycache__|cache)(\/|$)/;

interface ScaffoldOptions {
  /** Make the folder a repository with a first commit, whatever it lies in. */
  readonly ownRepository: boolean;
}

/** Sets up a preset's sample project in a folder that has no such files yet; gives what to tell the user. */
export async function scaffold(dir: string, preset: string, { ownRepository }: ScaffoldOptions): Promise<string> {
  const file = presetFile(preset);
  if (file === null) {
    throw new AutoresearchError('PRESET_NOT_FOUND', `there is no preset "${preset}"`, { hint: `there are: ${presetNames().join(', ')}` });
  }
  const { dir: project, workspace, sealed } = presetProject(file);
  refuseOverwriting(dir, [CONFIG, ...(project === null ? [] : listTree(project))], INIT_HINT);
  makeFolders(dir);
  if (project !== null) cpSync(project, dir, { recursive: true, filter: (path) => !LEFT_BY_RUNS.test(relative(project, path)) });
  writeFileSync(join(dir, CONFIG), `${SCHEMA_LINE}\nextends: preset:${preset}\n`);
  if (!existsSync(join(dir, '.gitignore'))) writeFileSync(join(dir, '.gitignore'), `${ignored(workspace, sealed).join('\n')}\n`);
  await setUp(join(dirname(file), 'setup.mjs'), dir);
  const shown = relative(process.cwd(), dir) || '.';
  if (!ownRepository && (await isInRepository(dir))) return `${shown}: set up from preset ${preset}; commit it, then: autoresearch run`;
  const git = openGit(dir);
  await git.run(['init', '-q', '-b', 'main']);
  await git.run(['add', '-A']);
  await git.run(['commit', '-q', '-m', `Start from the ${preset} preset of autoresearch`]);
  const go = shown === '.' ? '' : `cd ${shown} && `;
  return `${shown}: set up from preset ${preset}, with a git repository of its own\nnext: ${go}autoresearch run`;
}

/** What git must not hold: what is installed, what runs leave, and what the preset's workspace has for its own trials. */
function ignored({ link = [], outputs = [], holdout = [] }: Partial<Config['workspace']>, sealed: readonly string[]): string[] {
  return [
    'node_modules/',
    '.autoresearch/',
    '__pycache__/',
    ...new Set([...link, ...outputs, ...holdout, ...sealed].map((path) => `/${path}`)),
  ];
}

/** A preset may make what cannot lie in a package, such as held-out data that nobody else has: its setup.mjs does so, once. */
async function setUp(module: string, dir: string): Promise<void> {
  if (!existsSync(module)) return;
  const { default: make } = (await import(pathToFileURL(module).href)) as { default(dir: string): void | Promise<void> };
  await make(dir);
}

async function isInRepository(dir: string): Promise<boolean> {
  const { code } = await openGit(dir).ask(['rev-parse', '--git-dir'], { accept: [128] });
  return code === 0;
}

/** @throws AutoresearchError CONFIG_EXISTS where one of the files is there */
export function refuseOverwriting(dir: string, files: readonly string[], hint: string): void {
  const taken = files.filter((file) => existsSync(join(dir, file)));
  if (taken.length === 0) return;
  throw new AutoresearchError(
    'CONFIG_EXISTS',
    `${relative(process.cwd(), dir) || '.'} has ${taken.join(', ')} already, and nothing is overwritten`,
    { hint },
  );
}

function listTree(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .filter((path) => !LEFT_BY_RUNS.test(path));
}
