/** Brings a swarm's opening into a repository, so that a run can be started from it. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AutoresearchError } from '../../errors.ts';
import { openGit } from '../../git/git.ts';
import type { RemoteOptions } from '../../git/remote/open.ts';
import { findRemotes } from '../../git/remote/push-branch.ts';
import { withoutLogin } from '../../git/remote/problem.ts';
import { cloneRepository, fetchRefs, listRefs } from '../../git/remote/refs.ts';
import { oneLine } from '../../ledger/message.ts';
import { layoutOf, local, openedRuns, ROOTS, type Namespace } from './layout.ts';
import { readOpening, type Opening } from './opening.ts';

export interface Brought {
  readonly opening: Opening;
  /** A folder in the repository it is in. */
  readonly dir: string;
  /** The remote's name there. */
  readonly remote: string;
  readonly namespace: Namespace;
  /** Was the repository made for it? */
  readonly isNew: boolean;
}

interface Wanted extends RemoteOptions {
  readonly cwd: string;
  /** An address, or the name of a remote of the current repository. */
  readonly url: string;
  readonly run: string | undefined;
  /** Where to clone it to. */
  readonly dir: string | undefined;
}

/** @throws AutoresearchError SWARM_NOT_FOUND, SWARM_OPENING_INVALID, SWARM_EXISTS, and what remotes can throw */
export async function bring({ cwd, url, run: name, dir: wanted, ...options }: Wanted): Promise<Brought> {
  const here = wanted === undefined ? await remoteHere(cwd, url) : null;
  const folder = resolve(cwd, wanted ?? nameOf(url));
  const isNew = here === null && !existsSync(resolve(folder, '.git'));
  const dir = here === null ? folder : cwd;
  const address = existsSync(resolve(cwd, url)) ? resolve(cwd, url) : url;
  const listed = await listRefs({ dir: isNew ? cwd : dir, remote: isNew ? address : (here ?? 'origin'), ...options }, ROOTS);
  const { run, namespace, commit } = choose(openedRuns(listed), name, withoutLogin(url));
  if (isNew) await cloneRepository(address, dir, cwd, options);
  const { git } = { git: openGit(dir) };
  const remote = here ?? 'origin';
  await fetchRefs({ dir, remote, ...options }, new Map([[layoutOf(run, namespace).opening, local.openingSeen(run)]]));
  const opening = await readOpening(git, commit);
  if (opening.facts.run !== run) throw notFound(`the opening of ${run} is that of ${oneLine(opening.facts.run)}`, 'ask who opened it');
  const known = await git.ask(['rev-parse', '--verify', '--quiet', local.opening(run)], { accept: [1, 128] });
  if (known.code === 0 && (await readOpening(git, known.out.trim())).id !== opening.id) {
    throw new AutoresearchError('SWARM_EXISTS', `this repository knows another run "${run}"`, {
      hint: 'join in a folder of its own: autoresearch join ADDRESS --dir FOLDER',
    });
  }
  await git.run(['update-ref', local.opening(run), commit]);
  if (isNew) await git.run(['checkout', '-q', '--detach', opening.facts.base]);
  return { opening, dir, remote, namespace, isNew };
}

/** The remote of the current repository that is meant; null where it has none such, or there is no repository. */
async function remoteHere(cwd: string, url: string): Promise<string | null> {
  const { code } = await openGit(cwd).ask(['rev-parse', '--git-dir'], { accept: [128] });
  if (code !== 0) return null;
  const plain = (text: string) => resolve(cwd, text.replace(/^file:\/\//, '')).replace(/(\/|\.git)+$/, '');
  const remotes = await findRemotes(cwd);
  return remotes.find((remote) => remote.name === url || plain(remote.url) === plain(url))?.name ?? null;
}

function choose(runs: ReturnType<typeof openedRuns>, name: string | undefined, url: string): (typeof runs)[number] {
  const names = runs.map(({ run }) => oneLine(run)).join(', ');
  if (runs.length === 0) {
    throw notFound(`no run is open for others at ${url}`, 'open one there: a config with remote: { url: … }, and autoresearch run');
  }
  const found = name === undefined ? runs : runs.filter(({ run }) => run === name);
  const [first] = found;
  if (first === undefined) throw notFound(`there is no run "${name}" at ${url}`, `there are: ${names}`);
  if (found.length > 1) throw notFound(`several runs are open there: ${names}`, `say which: autoresearch join ${url} --run NAME`);
  return first;
}

function notFound(text: string, hint: string): AutoresearchError {
  return new AutoresearchError('SWARM_NOT_FOUND', text, { hint });
}

function nameOf(url: string): string {
  const name = basename(url.replace(/[/\\]+$/, '')).replace(/\.git$/, '');
  return name === '' || name.startsWith('.') ? 'swarm' : name;
}
