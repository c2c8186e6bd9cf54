import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import type { Remote } from '../git/remote/push-branch.ts';
import { isOnPath } from '../init/on-path.ts';
import { exec } from '../process/exec.ts';

interface Opening {
  readonly dir: string;
  readonly remote: Remote;
  readonly branch: string;
  /** Markdown whose first line is the title. */
  readonly text: string;
  readonly signal: AbortSignal;
}

interface Host {
  readonly program: 'gh' | 'glab';
  /** Addresses that are theirs for certain. */
  readonly address: RegExp;
  /** Exits with 0 if there is one for the branch already. */
  find(branch: string): string[];
  update(branch: string, title: string, file: string, body: string): string[];
  create(branch: string, title: string, file: string, body: string): string[];
}

const HOSTS: readonly Host[] = [
  {
    program: 'gh',
    address: /github/i,
    find: (branch) => ['pr', 'view', branch, '--json', 'url,state', '--jq', 'select(.state == "OPEN") | .url'],
    update: (branch, title, file) => ['pr', 'edit', branch, '--title', title, '--body-file', file],
    create: (branch, title, file) => ['pr', 'create', '--head', branch, '--title', title, '--body-file', file],
  },
  {
    program: 'glab',
    address: /gitlab/i,
    find: (branch) => ['mr', 'list', '--source-branch', branch, '--output', 'json'],
    update: (branch, title, _file, body) => ['mr', 'update', branch, '--title', title, '--description', body],
    create: (branch, title, _file, body) => ['mr', 'create', '--source-branch', branch, '--title', title, '--description', body, '--yes'],
  },
];

const LIMIT_MS = 120_000;
/** GitHub takes 65,536 characters. */
const MOST_BODY = 60_000;

/** Opens a pull request for a pushed branch, or brings the one that is open up to date. Gives its address, where the host says it. */
export async function openPullRequest({ dir, remote, branch, text, signal }: Opening): Promise<string> {
  const host = hostOf(remote);
  const [title, body] = partsOf(text);
  const folder = mkdtempSync(join(tmpdir(), 'autoresearch-'));
  const file = join(folder, 'text.md');
  writeFileSync(file, body);
  const ask = (args: readonly string[]) =>
    exec([host.program, ...args], { cwd: dir, env: { ...own(), GH_PROMPT_DISABLED: '1', NO_PROMPT: '1' }, timeoutMs: LIMIT_MS, signal });
  try {
    const { exit, tail } = await ask(host.find(branch));
    const isThere = exit === 'completed' && /https?:\/\/\S/.test(tail);
    const done = await ask((isThere ? host.update : host.create)(branch, title, file, body));
    if (done.exit !== 'completed') {
      throw new AutoresearchError(
        'PULL_REQUEST_FAILED',
        `${host.program} did not open a pull request for ${branch}: ${done.tail.trim().split('\n').at(-1) || done.exit}`,
        {
          hint: `the branch is pushed; log in (${host.program} auth login) and promote again, or open it by hand`,
        },
      );
    }
    return /https?:\/\/[^\s"]+/.exec(`${done.tail}\n${tail}`)?.[0] ?? '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws AutoresearchError PULL_REQUEST_FAILED where no program can open one */
export function hostOf({ url }: Remote): Host {
  const host = HOSTS.find(({ address }) => address.test(url)) ?? HOSTS.find(({ program }) => isOnPath(program));
  if (host !== undefined && isOnPath(host.program)) return host;
  const wanted = host?.program ?? 'gh (for GitHub) or glab (for GitLab)';
  throw new AutoresearchError('PULL_REQUEST_FAILED', `to open a pull request, ${wanted} has to be installed`, {
    hint: 'without it: promote --push --out pull-request.md, and open it by hand',
  });
}

function partsOf(text: string): [title: string, body: string] {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1).trim();
  const cut =
    body.length > MOST_BODY
      ? `${body.slice(0, MOST_BODY)}\n\n(The text is longer than the host takes; all of it: \`autoresearch promote --out\`.)`
      : body;
  return [text.slice(0, end).replace(/^#\s*/, '').slice(0, 250), cut];
}

/** It is the user's own program, with their login. */
function own(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
