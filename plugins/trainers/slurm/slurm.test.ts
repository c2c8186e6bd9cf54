/** Trials as jobs of a real Slurm on this machine. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../../../test/helpers/processes.ts';
import { configOf, experimentsOf, problemsOf, projectFiles, resume, set, stepsAgent, verdicts } from '../../../test/helpers/project.ts';
import { makeRepo } from '../../../test/helpers/repo.ts';
import { startCli } from '../../../test/helpers/run-cli.ts';
import { casesOf, checkTrainer, expectSameAsHere, jobsIn } from '../../../test/helpers/remote-trials.ts';
import { NO_SLURM, trainerOnSlurm, startSlurm, type Slurm } from '../../../test/helpers/slurm.ts';
import { trainAlone } from '../../../test/helpers/train-alone.ts';
import { probe } from '../../../src/sandbox/probe.ts';
import { testPlugin } from '../../../src/testing.ts';
import slurmTrainer from './index.ts';

/** Nothing uses it where there is none. */
const slurm = (NO_SLURM === null ? await startSlurm() : { folder: '/none', bin: '' }) as Slurm;
afterAll(async () => NO_SLURM === null && (await slurm.remove()));

describe.skipIf(NO_SLURM !== null)(`trials on Slurm${NO_SLURM === null ? '' : `: left out, ${NO_SLURM}`}`, () => {
  const lawful = (...argv: string[]) => ({ folder: slurm.folder, bin: slurm.bin, pollSeconds: 0.2, run: argv });
  testPlugin(slurmTrainer, {
    options: {
      valid: [lawful('true'), { ...lawful('true'), partition: 'main', gres: 'gpu:1', sbatch: ['--exclusive'] }],
      invalid: [
        { run: ['true'] },
        { ...lawful('true'), folder: 'here' },
        { ...lawful('true'), cpus: 0 },
        { ...lawful('true'), sbatch: ['rm'] },
        { ...lawful('true'), partition: 'a b' },
      ],
    },
    limitMs: 60_000,
    cases: casesOf(lawful),
  });

  const trainer = (options: object = {}) => trainerOnSlurm(slurm, options);
  const jobs = () => jobsIn(slurm.folder);

  it('end as the same trials here do, but for the hardware, and leave nothing there', async () => {
    // Neither a login shell of the user on the node, nor what marks processes of this machine.
    const train = 'env | grep -E "^(SLURM_GET_USER_ENV|AUTORESEARCH_PROCESS)=" && exit 1; echo "loss: $(cat value.txt)"\n';
    await expectSameAsHere(trainer(), { 'train.sh': train });
    expect(jobs()).toEqual([]);
    expect(slurm.call('squeue', '-h')).toBe('');
  });

  it('are found again by a run that was killed and is resumed, and none is submitted twice', async () => {
    const marks = `${slurm.bin}/resumed`;
    const train = `echo x >> ${marks}; until [ -e ${marks}-go ]; do sleep 0.2; done; echo "loss: $(cat value.txt)"\n`;
    const repo = makeRepo(
      projectFiles(configOf({ agent: stepsAgent([set(0.5)]), trainer: trainer({ sandbox: 'off' }) }), { 'train.sh': train }),
    );
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await until('a trial', () => existsSync(marks), 60_000);
    cli.child.kill('SIGKILL');
    await cli.ended;
    // A person finds the run in the queue, by name and by comment.
    expect(slurm.call('squeue', '-h', '-o', '%k')).toBe('autoresearch run=night experiment=0 trial=0 attempt=0\n');
    expect(slurm.call('squeue', '-h', '-o', '%j')).toMatch(/^autoresearch-night-0-0\.a[0-9a-f]+\n$/);
    writeFileSync(`${marks}-go`, '');
    await resume(repo.dir);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect(readFileSync(marks, 'utf8')).toBe('x\nx\n');
    expect(await problemsOf(repo.dir)).toEqual([]);
  });

  it('that are never started are withdrawn: after their time, and when the run is stopped', async () => {
    slurm.call('scontrol', 'update', 'nodename=n1', 'state=drain', 'reason=test');
    try {
      const files = { 'train.sh': 'echo "loss: 1"\n' };
      const late = await trainAlone(slurmTrainer, trainer({ pendingSeconds: 1, retries: 0 }).with, { files });
      expect(late).toMatchObject({ exit: 'lost', lost: [{ cause: expect.stringContaining('not started within 1 s') }] });
      expect(slurm.call('squeue', '-h')).toBe('');
      const stop = new AbortController();
      const stopped = trainAlone(slurmTrainer, trainer().with, { files, signal: stop.signal });
      await until('a job that waits', () => slurm.call('squeue', '-h') !== '', 60_000);
      stop.abort();
      expect(await stopped).toMatchObject({ exit: 'aborted' });
      expect(slurm.call('squeue', '-h')).toBe('');
      expect(jobs()).toEqual([]);
      // They would only have to wait.
      expect(await checkTrainer(trainer())).toEqual({ code: 0, text: expect.stringContaining('trials will wait') });
    } finally {
      slurm.call('scontrol', 'update', 'nodename=n1', 'state=resume');
    }
  });

  // Each prints `reached` where the candidate got through.
  const ATTACKS: Record<string, (key: string) => string> = {
    'the cluster, in the name of its owner': () => `munge -S ${slurm.mungeSocket} -n > /dev/null && echo reached`,
    'another job of the cluster': () => `SLURM_CONF=${slurm.bin}/../slurm.conf sbatch --output=/dev/null --wrap true && echo reached`,
    'the folder of another trial': (key) => `cat ${slurm.folder}/jobs/${key} && echo reached`,
    'the script that runs trials': () => `grep -q watch_over ${slurm.folder}/worker.sh && echo reached`,
    'its own lease and end': () => `ls ../lease && echo code=0 > ../end && echo reached`,
  };

  it.each(Object.keys(ATTACKS))('do not reach %s from the sandbox of a worker, though they would without one', async (name) => {
    if (!(await probe('auto')).layer.startsWith('bwrap')) return;
    mkdirSync(join(slurm.folder, 'jobs'), { recursive: true });
    writeFileSync(join(slurm.folder, 'jobs/other'), 'job.other\n');
    const script = `( ${ATTACKS[name]?.('other')} ) 2>&1; echo "loss: 1"\n`;
    const reached = async (sandbox: string) => {
      const lines: string[] = [];
      await trainAlone(slurmTrainer, trainer({ sandbox, network: true }).with, {
        files: { 'train.sh': script },
        onLine: (line) => void lines.push(line),
      });
      expect(lines).toContain('loss: 1');
      return lines.includes('reached');
    };
    expect([await reached('required'), await reached('off')]).toEqual([false, true]);
    rmSync(join(slurm.folder, 'jobs/other'));
  });

  it('are checked before the run: what Slurm would refuse is named', async () => {
    const check = (options: object) => checkTrainer(trainer(options));
    expect(await check({ partition: 'main', constraint: 'fast', cpus: 2 })).toEqual({ code: 0, text: expect.anything() });
    expect(await check({ partition: 'nowhere' })).toEqual({
      code: 3,
      text: expect.stringMatching(/SLURM_REFUSED[\s\S]*--partition=nowhere/),
    });
    expect(await check({ bin: '/nowhere' })).toEqual({ code: 3, text: expect.stringContaining('SLURM_UNREACHABLE') });
  });
});
