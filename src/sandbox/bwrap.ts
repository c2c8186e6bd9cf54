import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ownPackage } from '../plugins/package.ts';
import { devices } from './devices.ts';
import { isWithin, packagesAround, toolFolders, within, withPythons } from './needs.ts';
import type { Place } from './place.ts';
import { BASE } from './probe.ts';

/** What a process may reach. */
export interface Rights {
  /** Agents keep the person's home folder, read-only; whatever runs a candidate's code has an empty one. */
  readonly role: 'agent' | 'trial';
  readonly hasNetwork: boolean;
  readonly readable: readonly string[];
  readonly writable: readonly string[];
}

interface Start {
  readonly cwd: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Where people keep keys and logins, in their home folder. */
const CREDENTIALS = [
  '.ssh',
  '.gnupg',
  '.aws',
  '.azure',
  '.kube',
  '.docker',
  '.config/gcloud',
  '.config/gh',
  '.password-store',
  '.local/share/keyrings',
  '.netrc',
  '.git-credentials',
  '.npmrc',
  '.pypirc',
  '.mozilla',
  '.config/google-chrome',
  '.config/chromium',
];
/** Folders that hold other people's files, and sockets that lead out of the sandbox. */
const PRIVATE = ['/tmp', '/var/tmp', '/run'];

/** The options of bwrap for one start: of two mounts on one path the later one holds. */
export function bwrapOptions(
  { worktree, repository, scratchDir, covers, links, holdout, data }: Place,
  rights: Rights,
  start: Start,
): string[] {
  const homes = homesOf(start.env);
  const hidden = [...PRIVATE, ...(rights.role === 'trial' ? homes : [])].filter((folder) => existsSync(folder));
  const { top, projectDir, commonDir, stateDir } = repository;
  const needs = [
    top,
    projectDir,
    commonDir,
    packagesAround(ownPackage().dir),
    process.execPath,
    start.cwd,
    ...homes.flatMap((home) => toolFolders(start.env['PATH'] ?? '', home)),
    ...withPythons(links),
    ...start.argv.filter((word) => isAbsolute(word)),
    ...(rights.hasNetwork ? ['/etc/resolv.conf'] : []),
    ...rights.readable,
  ];
  const writable = [worktree.dir, ...covers.filter(({ access }) => access === 'writable').map(({ path }) => join(worktree.dir, path))];
  const readOnly = covers.filter(({ access }) => access === 'read-only').map(({ path }) => join(worktree.dir, path));
  return [
    ...BASE,
    ...(rights.hasNetwork ? ['--share-net'] : []),
    // Without it root can make no user namespace of its own, which agents' own sandboxes do; it is good for nothing outside ours.
    ...(rights.role === 'agent' && process.getuid?.() === 0 ? ['--cap-add', 'CAP_SETFCAP'] : []),
    ...devices().flatMap((device) => ['--dev-bind-try', device, device]),
    ...hidden.flatMap((folder) => ['--tmpfs', folder]),
    ...binds('--ro-bind-try', within(needs, hidden)),
    ...(rights.role === 'agent' ? hide(credentialsIn(homes), rights) : []),
    // Records, logs and other slots are nobody's business.
    ...(existsSync(stateDir) ? ['--tmpfs', stateDir] : []),
    ...binds(
      '--ro-bind-try',
      data === null ? [] : [data.loop, ...(worktree.showsHoldout && rights.role === 'trial' ? [data.holdout] : [])],
    ),
    ...binds('--bind-try', writable),
    ...binds('--ro-bind-try', [...readOnly, join(worktree.dir, '.git')]),
    ...(rights.role === 'agent' ? binds('--bind-try', [scratchDir]) : []),
    ...binds('--bind-try', rights.writable),
    ...(worktree.showsHoldout ? [] : hide(holdout)),
    '--chdir',
    start.cwd,
  ];
}

function binds(option: string, paths: readonly string[]): string[] {
  return paths.flatMap((path) => [option, path, path]);
}

/** Puts nothing in the place of each path and of where its links lead, but where it is allowed by name. */
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

/** The person's own, and the one the process is told of: an agent may have been given another. */
function homesOf({ HOME }: Readonly<Record<string, string>>): string[] {
  const homes = [homedir(), HOME ?? ''].filter((home) => isAbsolute(home)).map((home) => home.replace(/\/+$/, ''));
  return [...new Set(homes)].filter((home) => home !== '');
}

function credentialsIn(homes: readonly string[]): string[] {
  return homes.flatMap((home) => CREDENTIALS.map((path) => join(home, path)));
}
