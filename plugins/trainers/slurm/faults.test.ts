/** What fails under trials on a real Slurm, one after the other in one run: each line is one of the table in docs/cluster.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandOf, until } from '../../../test/helpers/processes.ts';
import { configOf, experimentsOf, problemsOf, projectFiles, run, set, stepsAgent } from '../../../test/helpers/project.ts';
import { makeRepo } from '../../../test/helpers/repo.ts';
import { NO_SLURM, trainerOnSlurm, startSlurm, type Slurm } from '../../../test/helpers/slurm.ts';

interface Fault {
  readonly name: string;
  /** The job's program waits until it is told to go on; begun a second time, it goes on by itself. */
  readonly strike: (slurm: Slurm, job: string, goOn: () => void) => unknown;
  /** Why attempts were lost, in order. */
  readonly lost: readonly RegExp[];
  /** Whether attempts after these may be lost too, while the fault is not over. */
  readonly mayLoseMore?: true;
}

const FAULTS: readonly Fault[] = [
  {
    name: 'slurmd is killed and comes back: the job goes on',
    strike: async (slurm) => {
      await slurm.kill('slurmd');
      await sleep(1000);
      await slurm.start('slurmd');
    },
    lost: [],
  },
  {
    name: 'slurmctld is killed and comes back: the job goes on',
    strike: async (slurm) => {
      // It writes down every five seconds what it has in hand; a job that it forgets is lost, and measured again.
      await sleep(7000);
      await slurm.kill('slurmctld');
      await sleep(1000);
      await slurm.start('slurmctld');
    },
    lost: [],
  },
  {
    name: 'the network is down for 30 s: the job goes on',
    strike: async (slurm) => {
      // As long as it is on clusters; the tests have a shorter one, so that a node is known to be lost.
      slurm.configure({ SlurmdTimeout: 300 });
      slurm.network.setLink('down');
      await sleep(30_000);
      slurm.network.setLink('up');
      await until('an answer of Slurm', () => /^(idle|mix|alloc)/.test(slurm.call('sinfo', '--noheader', '--format=%t')), 120_000);
      slurm.configure({});
    },
    lost: [],
  },
  {
    name: 'the node fails with all that runs on it: measured again',
    strike: async (slurm) => {
      await slurm.kill('slurmd');
      for (const pid of slurm.network.pids()) if (/slurmstepd|worker\.sh|train\.sh/.test(commandOf(pid))) kill(pid);
      await until('a node that is down', () => slurm.call('sinfo', '--noheader', '--format=%t').startsWith('down'), 120_000);
      await slurm.start('slurmd');
    },
    lost: [/NODE_FAIL|begun anew/],
  },
  {
    name: 'an operator requeues the job: measured again',
    strike: (slurm, job) => slurm.call('scontrol', 'requeue', job),
    lost: [/begun? anew/],
  },
  {
    name: 'somebody cancels the job: measured again',
    strike: (slurm, job) => slurm.call('scancel', job),
    lost: [/CANCELLED/],
  },
  {
    name: 'a job of a higher partition preempts it: measured again',
    strike: async (slurm, job) => {
      slurm.call('sbatch', '--partition=urgent', '--cpus-per-task=8', '--output=/dev/null', '--wrap=sleep 1');
      await until('the preemption', () => !slurm.call('squeue', '--noheader', `--jobs=${job}`, '--format=%T').includes('RUNNING'), 60_000);
    },
    lost: [/begun? anew|PREEMPTED|CANCELLED/],
  },
  {
    name: 'the disk is full when the program writes: measured again',
    strike: async (slurm, _, goOn) => {
      const filler = join(slurm.folder, 'filler');
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'], { stdio: 'ignore' });
      goOn();
      await until('the end of the job', () => slurm.call('squeue', '--noheader') === '', 60_000);
      rmSync(filler);
    },
    lost: [/disk|COMPLETED|FAILED/],
    mayLoseMore: true,
  },
];

describe.skipIf(NO_SLURM !== null)(`faults of Slurm${NO_SLURM === null ? '' : `: left out, ${NO_SLURM}`}`, () => {
  let slurm: Slurm;
  beforeAll(async () => {
    slurm = await startSlurm();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m,mode=755', 'tmpfs', slurm.folder]);
  });
  afterAll(async () => {
    spawnSync('umount', ['-l', slurm.folder]);
    await slurm?.remove();
  });

  it('lose no trial, measure none twice, and are recorded', async () => {
    const marks = `${slurm.bin}/marks`;
    mkdirSync(marks);
    writeFileSync(join(marks, 'go-0'), '');
    const train = [
      `mark=${marks}/begun-$AUTORESEARCH_EXPERIMENT`,
      'echo "$SLURM_JOB_ID" >> $mark',
      `until [ "$(wc -l < $mark)" -gt 1 ] || [ -e ${marks}/go-$AUTORESEARCH_EXPERIMENT ]; do sleep 0.2; done`,
      'echo "loss: $(cat value.txt)" && echo done > out.txt',
      '',
    ].join('\n');
    const trainer = trainerOnSlurm(slurm, { outputs: ['out.txt'], sandbox: 'off', sbatch: ['--requeue'], retries: 5 }, '3m');
    const steps = FAULTS.map((_, i) => set(0.9 - i / 100));
    const repo = makeRepo(
      projectFiles(configOf({ agent: stepsAgent(steps), trainer, workspace: { outputs: ['out.txt'] } }), { 'train.sh': train }),
    );
    const mark = (i: number) => join(marks, `begun-${i}`);
    const running = run(repo.dir);
    const striking = (async () => {
      for (const [i, { name, strike, lost }] of FAULTS.entries()) {
        // The file is there a moment before the number of the job is in it.
        const job = await until(name, () => existsSync(mark(i + 1)) && (readFileSync(mark(i + 1), 'utf8').trim() || null), 120_000);
        const goOn = () => writeFileSync(join(marks, `go-${i + 1}`), '');
        await strike(slurm, job, goOn);
        // Slurm may end the program some time after it was told to: until then it must not end by itself.
        if (lost.length === 0) goOn();
      }
    })();
    await Promise.all([running, striking]);

    const experiments = await experimentsOf(repo.dir);
    const causes = (i: number) => (experiments[i + 1]?.trials[0]?.lost ?? []).map(({ cause }) => cause);
    const seen = FAULTS.map(({ name, lost, mayLoseMore }, i) => ({
      name,
      verdict: experiments[i + 1]?.verdict,
      exit: experiments[i + 1]?.trials[0]?.exit,
      lost: mayLoseMore ? causes(i).slice(0, lost.length) : causes(i),
    }));
    expect(seen).toEqual(
      FAULTS.map(({ name, lost }) => ({
        name,
        verdict: 'keep',
        exit: 'completed',
        lost: lost.map((cause) => expect.stringMatching(cause)),
      })),
    );
    for (const [i, { name, lost }] of FAULTS.entries()) {
      const starts = readFileSync(mark(i + 1), 'utf8')
        .trim()
        .split('\n').length;
      // One that is lost before its program begins, for want of room, has not started it.
      expect(starts, name).toBeGreaterThanOrEqual(lost.length + 1);
      expect(starts, name).toBeLessThanOrEqual(causes(i).length + 1);
    }
    expect(await problemsOf(repo.dir)).toEqual([]);
    await until('an empty queue', () => slurm.call('squeue', '-h') === '');
    expect(execFileSync('ls', [slurm.folder], { encoding: 'utf8' }).split('\n').filter(Boolean)).toEqual(['jobs', 'worker.sh']);
  }, 600_000);
});

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
