/** A swarm at a git host that takes https with a password, and branches only. */
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { HAS_GIT_HTTPS, PASSWORD, serveGit, USER, type GitHttps } from '../../helpers/git-https.ts';
import { configOf, projectFiles, RUN, set, stepsAgent } from '../../helpers/project.ts';
import { makeFolder, makeRepo, openTestRepo, type TestRepo } from '../../helpers/repo.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { makeWorld } from './world.ts';

/** As hosts do that keep other refs for themselves. */
const BRANCHES_ONLY = `#!/bin/sh
while read old new ref; do
  case $ref in refs/heads/*) ;; *) echo "refs other than branches are not taken here" >&2; exit 1 ;; esac
done
`;

let bare: TestRepo;
let host: GitHttps;
let env: Record<string, string>;
let one: TestRepo;
const there = () => bare.git('for-each-ref', '--format=%(refname)').trim().split('\n').filter(Boolean);

beforeEach(async () => {
  bare = openTestRepo(makeFolder());
  bare.git('init', '-q', '--bare');
  // Without git's server for http or openssl only the last test runs, which needs neither.
  if (!HAS_GIT_HTTPS) return;
  host = await serveGit(bare.dir);
  env = { ...host.trust, ...host.login() };
  const parts = {
    agent: stepsAgent([set(0.9)]),
    noise: { sigma: 0.01, baselines: 1 },
    remote: { url: host.url, node: 'a1', owner: 'ada', every: '100ms' },
    swarm: { guests: 'confirm', confirm: { trials: 1, owners: 1 } },
  };
  one = makeRepo(projectFiles(configOf(parts)));
});

async function cli(cwd: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { cwd, env });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

it.runIf(HAS_GIT_HTTPS)('works over https with a password, where the host takes branches only', async () => {
  bare.write('hooks/pre-receive', BRANCHES_ONLY);
  chmodSync(join(bare.dir, 'hooks/pre-receive'), 0o755);
  await cli(one.dir, ['run', '--name', RUN]);
  const prefix = `refs/heads/autoresearch-swarm/${RUN}/`;
  expect(there()).toEqual([`${prefix}kept/a1`, `${prefix}nodes/a1`, `${prefix}opening`]);
  const beside = makeFolder();
  await cli(beside, ['join', host.url, '--dir', 'lab', '--node', 'b2', '--owner', 'bob']);
  expect(there()).toContain(`${prefix}nodes/b2`);
  await cli(one.dir, ['sync']);
  expect(JSON.parse(await cli(one.dir, ['status', '--swarm', '--json']))).toMatchObject({ nodes: [{ id: 'a1' }, { id: 'b2' }] });
});

it.runIf(HAS_GIT_HTTPS)('says what is wrong with a login, a host or its certificate, and leaves nothing behind', async () => {
  await cli(one.dir, ['run', '--name', RUN]);
  const beside = makeFolder();
  const said = async (url: string, vars: Record<string, string>) => {
    const { code, stderr } = await runCli(['join', url, '--dir', 'lab'], { cwd: beside, env: vars });
    expect([code, readdirSync(beside)]).toEqual([1, []]);
    expect(stderr).not.toContain(PASSWORD);
    return stderr;
  };
  const wrong = await said(host.url, { ...host.trust, ...host.login('wrong') });
  expect(wrong).toMatch(/REMOTE_DENIED[^]*credential helper/);
  expect(await said(host.url, host.trust)).toContain('REMOTE_DENIED');
  expect(await said(host.url, host.login())).toMatch(/REMOTE_UNREACHABLE[^]*http\.sslCAInfo/);
  expect(await said('https://nowhere.invalid/lab.git', env)).toMatch(/REMOTE_UNREACHABLE[^]*git ls-remote/);
  // With a login in the address, no message repeats it.
  const withLogin = host.url.replace('//', `//${USER}:${PASSWORD}@`);
  const { stderr } = await runCli(['join', withLogin, '--run', 'other', '--dir', 'lab'], { cwd: beside, env: host.trust });
  expect(stderr).toContain('SWARM_NOT_FOUND');
  expect(stderr).not.toContain(PASSWORD);
});

it.runIf(HAS_GIT_HTTPS)(
  'hears of the others from a remote that it may only read, and brings its ledger there once it may write',
  async () => {
    await cli(one.dir, ['run', '--name', RUN]);
    host.isWritable = false;
    const beside = makeFolder();
    const lab = join(beside, 'lab');
    const { code, stderr } = await runCli(['join', host.url, '--dir', 'lab', '--node', 'b2', '--owner', 'bob'], { cwd: beside, env });
    expect([code, stderr]).toEqual([0, expect.stringContaining('stays here')]);
    expect(existsSync(join(lab, 'value.txt'))).toBe(true);
    const known = JSON.parse(await cli(lab, ['status', '--swarm', '--json'])) as { nodes: { id: string; experiments: number }[] };
    expect(known.nodes.map(({ id }) => id)).toEqual(['a1', 'b2']);
    expect(known.nodes.every(({ experiments }) => experiments >= 2)).toBe(true);
    const refused = await runCli(['sync'], { cwd: lab, env });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/REMOTE_DENIED[^]*right to push/)]);
    expect(there()).not.toContain(`refs/autoresearch/${RUN}/nodes/b2`);
    host.isWritable = true;
    await cli(lab, ['sync']);
    expect(there()).toContain(`refs/autoresearch/${RUN}/nodes/b2`);
    await cli(one.dir, ['sync']);
    expect(JSON.parse(await cli(one.dir, ['status', '--swarm', '--json']))).toMatchObject({ nodes: [{ id: 'a1' }, { id: 'b2' }] });
  },
);

it('a ledger is published where a host moves no branch back', async () => {
  const { opener, bare: lab, base } = await makeWorld();
  lab.write('hooks/update', '#!/bin/sh\ncase $1 in */kept/*) exit 1 ;; esac\n');
  chmodSync(join(lab.dir, 'hooks/update'), 0o755);
  opener.repo.git('branch', `autoresearch/${RUN}`, base);
  const tip = await opener.write({});
  expect(await opener.sync()).toMatchObject({ isPublished: true, unpublished: null });
  expect(lab.git('for-each-ref', '--format=%(objectname) %(refname)').trim().split('\n')).toContain(`${tip} refs/autoresearch/${RUN}/nodes/a1`); // prettier-ignore
  expect(lab.git('for-each-ref', `refs/autoresearch/${RUN}/kept`)).toBe('');
});
