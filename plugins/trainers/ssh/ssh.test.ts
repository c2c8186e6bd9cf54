/** Trials over a real sshd on this machine. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh from './index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  configOf,
  experimentsOf,
  problemsOf,
  projectFiles,
  resume,
  run,
  set,
  stepsAgent,
  verdicts,
} from '../../../test/helpers/project.ts';
import { makeRepo, type TestRepo } from '../../../test/helpers/repo.ts';
import { startCli } from '../../../test/helpers/run-cli.ts';
import { testPlugin } from '../../../src/testing.ts';
import { casesOf, checkTrainer, expectSameAsHere, jobsIn } from '../../../test/helpers/remote-trials.ts';
import { SSHD, trainerOnSsh, startSshd, type Sshd } from '../../../test/helpers/sshd.ts';

describe.skipIf(SSHD === null)('trials over ssh', () => {
  let server: Sshd;
  beforeAll(async () => void (server = await startSshd()));
  afterAll(async () => server?.remove());

  const trainer = (options: object = {}) => trainerOnSsh(server, options);
  const project = (
    steps: Parameters<typeof stepsAgent>[0],
    { options = {}, files = {} }: { options?: object; files?: Record<string, string> } = {},
  ): TestRepo => makeRepo(projectFiles(configOf({ agent: stepsAgent(steps), trainer: trainer(options) }), files));
  const jobs = () => jobsIn(server.folder);

  it('end as the same trials here do, but for the hardware, and leave nothing there', async () => {
    await expectSameAsHere(trainer());
    expect(jobs()).toEqual([]);
  });

  it('bring back the files they are asked for', async () => {
    const files = {
      'train.sh': 'mkdir out; echo "{\\"loss\\": $(cat value.txt)}" > out/metrics.json; ln -s /etc/passwd out/link; echo more > more.txt\n',
    };
    const repo = makeRepo(
      projectFiles(
        configOf({
          agent: stepsAgent([set(0.5)]),
          trainer: trainer({ outputs: ['out/metrics.json', 'out/link'] }),
          workspace: { outputs: ['out'] },
          metrics: { loss: { use: 'json', with: { file: 'out/metrics.json', pointer: '/loss' } } },
        }),
        files,
      ),
    );
    await run(repo.dir);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
  });

  it('are ended at their timeout, and when a bad exit ends them say so', async () => {
    const repo = makeRepo(
      projectFiles(
        configOf({
          agent: stepsAgent([{ bash: 'echo "sleep 1000" > lib/hang.sh' }, { bash: 'echo "exit 7" > lib/hang.sh' }]),
          trainer: { ...trainer(), timeout: '8s' },
        }),
        {
          'train.sh': '. lib/hang.sh; echo "loss: $(cat value.txt)"\n',
          'lib/hang.sh': ':\n',
        },
      ),
    );
    await run(repo.dir);
    const reasons = (await experimentsOf(repo.dir)).map(({ reason }) => reason);
    expect(reasons.slice(1)).toEqual([
      expect.objectContaining({ code: 'TRIAL_TIMED_OUT' }),
      expect.objectContaining({ code: 'TRIAL_FAILED', text: expect.stringContaining('7') }),
    ]);
    expect(jobs()).toEqual([]);
  });

  it('that are lost with their worker are tried again, and are no crash of the candidate', async () => {
    // In a sandbox the trial would not see the file that it waits for.
    const repo = project([set(0.5)], {
      options: { sandbox: 'off' },
      files: { 'train.sh': `while [ -e ${server.folder}-slow ]; do sleep 0.1; done; echo "loss: $(cat value.txt)"\n` },
    });
    writeFileSync(`${server.folder}-slow`, '');
    const running = run(repo.dir);
    await until(() => jobs().length > 0 && pidsOf(server).length > 0);
    execFileSync('kill', ['-9', ...pidsOf(server)]);
    rmSync(`${server.folder}-slow`);
    await running;
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(jobs()).toEqual([]);
  });

  it('outlive the connection: what ran on meanwhile is found, and not run again', async () => {
    const counter = `${server.folder}-count`;
    const repo = project([set(0.5)], {
      options: { sandbox: 'off' },
      files: { 'train.sh': `echo x >> ${counter}; sleep 2; echo "loss: $(cat value.txt)"\n` },
    });
    const running = run(repo.dir);
    await until(() => existsSync(counter));
    await server.stop();
    await sleep(3000);
    await server.start();
    await running;
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(readFileSync(counter, 'utf8')).toBe('x\nx\n');
  });

  it('are found again by a run that was killed and is resumed', async () => {
    const counter = `${server.folder}-kills`;
    const repo = project([set(0.5)], {
      options: { sandbox: 'off' },
      files: { 'train.sh': `echo x >> ${counter}; sleep 3; echo "loss: $(cat value.txt)"\n` },
    });
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await until(() => existsSync(counter));
    cli.child.kill('SIGKILL');
    await cli.ended;
    await resume(repo.dir);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(readFileSync(counter, 'utf8')).toBe('x\nx\n');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('are checked before the run: a host that cannot be reached is named with what to try', async () => {
    expect(await checkTrainer(trainer({ hosts: ['nobody-at-all@127.0.0.1'] }))).toEqual({
      code: 3,
      text: expect.stringMatching(/SSH_UNREACHABLE: nobody-at-all@127\.0\.0\.1: .*\n.*ssh nobody-at-all/),
    });
  });
});

const lawful = SSHD === null ? null : await startSshd();
afterAll(async () => lawful?.remove());
const options = (...run: string[]) => ({
  hosts: [lawful?.host ?? 'x'],
  ssh: lawful?.ssh ?? [],
  folder: lawful?.folder ?? 'x',
  pollSeconds: 0.2,
  run,
});
if (lawful !== null) {
  testPlugin(ssh, {
    options: {
      valid: [options('true')],
      invalid: [{ run: ['true'] }, { hosts: ['-oProxyCommand=x'], run: ['true'] }, { ...options('true'), sandbox: 'maybe' }],
    },
    limitMs: 60_000,
    cases: casesOf(options),
  });
}

const pidsOf = ({ folder }: Sshd) =>
  readdirSync(folder)
    .filter((name) => name.startsWith('job.') && existsSync(join(folder, name, 'pid')) && !existsSync(join(folder, name, 'end')))
    .flatMap((name) => /^\d+(?= )/.exec(readFileSync(join(folder, name, 'pid'), 'utf8')) ?? []);

async function until(test: () => boolean): Promise<void> {
  for (let tried = 0; !test(); tried++) {
    if (tried > 4000) throw new Error('it never happened');
    await sleep(50);
  }
}
