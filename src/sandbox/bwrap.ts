import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { ownPackage } from '../plugins/package.ts';
import { devices } from './devices.ts';
import { isWithin, packagesAround, toolFolders, within, withPythons } from './tool-folders.ts';
import type { SandboxedWorktree } from './sandboxed-worktree.ts';
import { BASE } from './probe.ts';
import { credentialsIn, secretsOfMachine } from './secrets.ts';

/** What a process may reach. */
export interface Rights {
  /** Agents see the user's home folder, read-only; others have an empty one. A served model can keep nothing. */
  readonly role: 'agent' | 'trial' | 'model' | 'evaluator';
  /** Is git's folder kept from it too? What was committed once, and the record of the run, can tell of answers. */
  readonly isSealed: boolean;
  readonly hasNetwork: boolean;
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

interface Start {
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Folders that hold other people's files, and sockets that lead out of the sandbox. */
const PRIVATE = ['/tmp', '/var/tmp', '/run'];

/** The options of bwrap for one start: of two mounts on one path the later one holds. */
export function bwrapOptions(
  { worktree, repository, scratchDir, protections, agentProtections, hidden, rows }: SandboxedWorktree,
  rights: Rights,
  start: Start,
): string[] {
  const homes = homesOf(start.env);
  const isPrivate = rights.role !== 'agent';
  const emptyHomes = isPrivate ? homes.filter((home) => existsSync(home)) : [];
  const emptied = [...PRIVATE.filter((folder) => existsSync(folder)), ...emptyHomes, ...emptyHomes.map((home) => join(home, '.local'))];
  const { top, projectDir, commonDir, stateDir } = repository;
  const links = worktree.linked.map(({ path, source }) => ({ source, at: join(worktree.cwd, path) }));
  const needs = [
    top,
    projectDir,
    commonDir,
    packagesAround(ownPackage().dir),
    process.execPath,
    start.cwd,
    ...homes.flatMap((home) => toolFolders(start.env['PATH'] ?? '', home)),
    ...withPythons(links.map(({ source }) => source)),
    ...start.argv.filter((word) => isAbsolute(word)),
    ...(rights.hasNetwork ? ['/etc/resolv.conf'] : []),
    ...rights.readable,
  ];
  const covered = (rights.role === 'agent' ? agentProtections : protections).flatMap(({ access, path }) =>
    binds(access === 'writable' ? '--bind-try' : '--ro-bind-try', [join(worktree.dir, path)]),
  );
  return [
    ...BASE,
    ...(rights.hasNetwork ? ['--share-net'] : []),
    // Without it root can make no user namespace of its own, which agents' own sandboxes do; it is good for nothing outside ours.
    ...(rights.role === 'agent' && process.getuid?.() === 0 ? ['--cap-add', 'CAP_SETFCAP'] : []),
    ...devices().flatMap((device) => ['--dev-bind-try', device, device]),
    ...emptied.flatMap((folder) => ['--tmpfs', folder]),
    ...binds('--ro-bind-try', within(needs, emptied)),
    ...hide([...secretsOfMachine(), ...(isPrivate ? [] : credentialsIn(homes))], rights),
    // Hides records, logs and other slots.
    ...(existsSync(stateDir) ? ['--tmpfs', stateDir] : []),
    ...binds('--ro-bind-try', [...rows.always, ...(worktree.showsHoldout && isPrivate ? rows.inAudits : [])]),
    ...(rights.role === 'model'
      ? binds('--ro-bind-try', [worktree.dir])
      : [...binds('--bind-try', [worktree.dir]), ...covered, ...binds('--bind-try', unmovable(links, worktree.dir, protections))]),
    ...binds('--ro-bind-try', [join(worktree.dir, '.git')]),
    ...(isPrivate ? emptyHomes.flatMap(closedUserSite) : []),
    ...links.flatMap(({ source, at }) => ['--ro-bind-try', source, at]),
    ...(rights.role === 'agent' ? binds('--bind-try', [scratchDir]) : []),
    ...binds('--bind-try', rights.writable),
    ...writableInLinks(links, rights.writable),
    ...hide(hidden),
    ...(rights.isSealed ? hide([commonDir]) : []),
    '--chdir',
    start.cwd,
  ];
}

interface Mount {
  readonly source: string;
  readonly at: string;
}

/** Folders between a worktree and what is mounted in it: what is a mount itself cannot be renamed away. */
function unmovable(links: readonly Mount[], dir: string, protections: SandboxedWorktree['protections']): string[] {
  const folders = new Set<string>();
  for (const { at } of links) for (let folder = dirname(at); folder.length > dir.length; folder = dirname(folder)) folders.add(folder);
  return [...folders].sort().filter((folder) => {
    const nearest = protections.findLast(({ path }) => isWithin(folder, join(dir, path)));
    return nearest === undefined || (nearest.access === 'writable' && join(dir, nearest.path) !== folder);
  });
}

/**
 * Python runs `usercustomize.py` of the home folder whenever it starts, also for a program that measures what another one
 * has left. So nothing can be put there; what the person has installed there is shown as it is.
 */
function closedUserSite(home: string): string[] {
  const lib = join(home, '.local/lib');
  return existsSync(lib) ? [] : ['--tmpfs', lib, '--remount-ro', lib];
}

/** A writable folder is writable at the place of its link too. */
function writableInLinks(links: readonly Mount[], writable: readonly string[]): string[] {
  return links.flatMap(({ source, at }) =>
    writable.filter((path) => isWithin(path, source)).flatMap((path) => ['--bind-try', path, at + path.slice(source.length)]),
  );
}

function binds(option: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => [option, path, path]);
}

/** Hides each path, and the targets of its links, except those that the config allows. */
function hide(
  paths: readonly string[],
  { readable, writable }: Pick<Rights, 'readable' | 'writable'> = { readable: [], writable: [] },
): string[] {
  const allowed = [...readable, ...writable];
  const found = paths.filter((path) => existsSync(path) && !allowed.some((other) => isWithin(path, other) || isWithin(other, path)));
  return [...new Set(found.map((path) => realpathSync(path)))].flatMap((path) =>
    lstatSync(path).isDirectory() ? ['--tmpfs', path] : ['--ro-bind', '/dev/null', path],
  );
}

/** The user's home, and the one in the program's environment: an agent may have been given another. */
function homesOf({ HOME }: Readonly<Record<string, string>>): string[] {
  const homes = [homedir(), HOME ?? ''].filter((home) => isAbsolute(home)).map((home) => home.replace(/\/+$/, ''));
  return [...new Set(homes)].filter((home) => home !== '');
}

/** Where files of a process in the sandbox are in memory, if they are. */
export function memoryFoldersOf(env: Readonly<Record<string, string>>): string[] {
  return [...PRIVATE, '/dev/shm', ...homesOf(env)];
}
