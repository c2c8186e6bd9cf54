/** What a killed session leaves on another machine ends: by its lease, by doctor, and by the next session. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, experimentsOf, projectFiles, resume, set, stepsAgent, verdicts } from '../../../test/helpers/project.ts';
import { commandOf, processesAt, until } from '../../../test/helpers/processes.ts';
import { makeRepo, type TestRepo } from '../../../test/helpers/repo.ts';
import { runCli, startCli } from '../../../test/helpers/run-cli.ts';
import { jobsIn } from '../../../test/helpers/remote-trials.ts';
import { SSHD, trainerOnSsh, startSshd, type Sshd } from '../../../test/helpers/sshd.ts';

const LONG = 120_000;

describe.skipIf(SSHD === null)('a job on another machine whose session was killed', () => {
  let server: Sshd;
  beforeAll(async () => void (server = await startSshd()));
  afterAll(async () => server?.remove());

  const jobs = () => jobsIn(server.folder);
  const programs = () => processesAt(server.folder).filter((pid) => commandOf(pid).startsWith('sleep 600'));
  const configWith = (options: object) => {
    return configOf({ agent: stepsAgent([set(0.5)]), trainer: trainerOnSsh(server, options, '10m') });
  };
  /** A run that was killed in the middle of a trial that hangs: of its baseline, or of its first change. */
  const killed = async (options: object, { hangs = 1 } = {}): Promise<TestRepo> => {
    const script = `[ -e ${server.folder}-slow ] && [ "$(cat value.txt)" = ${hangs} ] && sleep 600; echo "loss: $(cat value.txt)"\n`;
    writeFileSync(`${server.folder}-slow`, '');
    const repo = makeRepo(projectFiles(configWith({ sandbox: 'off', ...options }), { 'train.sh': script }));
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await until('the trial', () => programs().length > 0, LONG);
    cli.child.kill('SIGKILL');
    await cli.ended;
    return repo;
  };

  it('ends with its lease', async () => {
    await killed({ leaseSeconds: 20 });
    expect(programs()).toHaveLength(1);
    await until('the end of the lease', () => programs().length === 0, LONG);
    const folder = readdirSync(server.folder).find((name) => name.startsWith('job.')) ?? '';
    await until('what the worker says', () => existsSync(join(server.folder, folder, 'end')), LONG);
    expect(readFileSync(join(server.folder, folder, 'end'), 'utf8')).toContain('why=lease');
  });

  it('is named by doctor, and ended with consent', async () => {
    const repo = await killed({});
    const found = await runCli(['doctor', '--json'], { cwd: repo.dir });
    const jobsFound = (JSON.parse(found.stdout) as { kind: string; text: string }[]).filter(({ kind }) => kind === 'job');
    expect(jobsFound).toEqual([
      expect.objectContaining({ text: expect.stringMatching(/job autoresearch-night-0-0 \(a\w+\) of run night/) }),
    ]);
    expect(programs()).toHaveLength(1);
    const fixed = await runCli(['doctor', '--fix'], { cwd: repo.dir });
    expect([fixed.code, programs()]).toEqual([0, []]);
    expect(readdirSync(join(repo.dir, '.autoresearch/night/jobs'))).toEqual([]);
  });

  it('is ended by the next session, where that does not know its experiment any more', async () => {
    const before = jobs();
    const repo = await killed({}, { hangs: 0.5 });
    const left = jobs().filter((key) => !before.includes(key));
    rmSync(`${server.folder}-slow`);
    for (const name of ['wal.jsonl', 'wal']) rmSync(join(repo.dir, '.autoresearch/night', name), { recursive: true, force: true });
    await resume(repo.dir);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(left).toHaveLength(1);
    expect([programs(), jobs().filter((key) => !before.includes(key))]).toEqual([[], []]);
  });
});
