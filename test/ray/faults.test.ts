/** What fails, fails while trials run on a real Ray: its processes are killed, its network taken down, its disk filled. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { NO_NAMESPACE } from '../helpers/network-namespace.ts';
import { until } from '../helpers/processes.ts';
import { configOf, experimentsOf, problemsOf, projectFiles, resume, set, stepsAgent, verdicts } from '../helpers/project.ts';
import { makeRepo } from '../helpers/repo.ts';
import { runCli, startCli } from '../helpers/run-cli.ts';
import { Cluster } from './cluster.ts';
import { trial } from './trial.ts';

const LONG = 240_000;
const cluster = NO_NAMESPACE === null ? await Cluster.start() : null;
afterAll(async () => cluster?.stop());

describe.skipIf(cluster === null)('trials on Ray, when something fails', () => {
  const ray = cluster as Cluster;
  const mark = join(ray?.dir ?? '', 'mark');
  /** Notes each time that it runs, and hangs while a file says so. */
  const script = `echo x >> ${mark}; while [ -e ${mark}-hang ]; do sleep 0.5; done; echo measured\n`;
  const open = { sandbox: 'off', retries: 1 };
  const hang = () => writeFileSync(`${mark}-hang`, '');
  const go = () => rmSync(`${mark}-hang`, { force: true });
  const begun = () => until('the trial', () => existsSync(mark), LONG);
  const runs = () => {
    const text = readFileSync(mark, 'utf8');
    rmSync(mark);
    return text.length / 2;
  };

  it('the network is down for some seconds: the job goes on, and is not run twice', async () => {
    hang();
    const running = trial(ray, script, { options: open });
    await begun();
    ray.setNetwork('down');
    await sleep(2000);
    ray.setNetwork('up');
    go();
    expect((await running).log).toContain('measured');
    expect(runs()).toBe(1);
  });

  it('the disk of the worker is full: the trial is lost, and the candidate no worse', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', ray.folder]);
    try {
      const files = { 'large.txt': Array.from({ length: 40_000 }, (_, index) => Math.sin(index).toString(36)).join('\n') };
      const { outcome } = await trial(ray, script, { files, options: { ...open, retries: 0 } });
      expect(outcome).toMatchObject({ exit: 'lost', detail: expect.stringMatching(/disk|whole|space/) });
    } finally {
      execFileSync('umount', [ray.folder]);
    }
  });

  it('a job that cannot be placed is withdrawn, also when the run is stopped, and does not run when there is room after all', async () => {
    const body = { entrypoint: 'sleep 1000', submission_id: 'blocker', entrypoint_resources: { trial: 8 }, entrypoint_num_cpus: 0 };
    await ray.ask('POST', 'jobs/', body);
    await untilStatus('blocker', 'RUNNING');
    const options = { ...open, retries: 0, pendingSeconds: 6, resources: { trial: 1 } };
    const { outcome } = await trial(ray, script, { options });
    expect(outcome).toMatchObject({ exit: 'lost', detail: expect.stringContaining('not started within 6 s') });
    const before = (await ray.jobs()).map(({ submission_id }) => submission_id);
    const stop = new AbortController();
    const stopped = trial(ray, script, { options: { ...options, pendingSeconds: 600 }, request: { signal: stop.signal } });
    for (let tried = 0; tried < 400; tried++) {
      if ((await ray.jobs()).some(({ submission_id: id, status }) => status === 'PENDING' && !before.includes(id))) break;
      await sleep(250);
    }
    stop.abort();
    expect((await stopped).outcome).toMatchObject({ exit: 'aborted' });
    await ray.ask('POST', 'jobs/blocker/stop');
    await untilStatus('blocker', 'STOPPED');
    await ray.ask('DELETE', 'jobs/blocker');
    for (let tried = 0; tried < 100 && (await ray.jobs()).some(({ status }) => status === 'PENDING'); tried++) await sleep(500);
    await trial(ray, 'echo next\n', { options });
    expect(existsSync(mark)).toBe(false);
  });

  it('autoresearch is killed and resumed: the job is found again and not run twice', async () => {
    hang();
    const trainer = { use: 'ray', with: { ...ray.options, sandbox: 'off', run: ['sh', 'train.sh'] }, timeout: '5m' };
    const config = configOf({ agent: stepsAgent([set(0.5)]), trainer });
    const repo = makeRepo(projectFiles(config, { 'train.sh': `${script}echo "loss: $(cat value.txt)"\n` }));
    const cli = startCli(['run', '--name', 'night'], { cwd: repo.dir });
    await begun();
    cli.child.kill('SIGKILL');
    await cli.ended;
    const told = JSON.parse((await runCli(['doctor', '--json'], { cwd: repo.dir })).stdout) as { kind: string }[];
    expect(told.filter(({ kind }) => kind === 'job')).toHaveLength(1);
    go();
    await resume(repo.dir);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(['#0 keep BASELINE', '#1 keep IMPROVED']);
    expect([runs(), await problemsOf(repo.dir)]).toEqual([2, []]);
  });

  it('the entrypoint is killed: its program ends with the lease, before the trial is tried again', async () => {
    hang();
    const running = trial(ray, script, { options: open });
    await begun();
    const [program = 0] = ray.pids('sh train.sh');
    ray.kill('AUTORESEARCH_JOB');
    await until('the end of the program', () => !ray.pids('sh train.sh').includes(program), LONG);
    expect(runs()).toBe(1);
    go();
    expect((await running).outcome).toMatchObject({ exit: 'completed', lost: [expect.anything()] });
    expect(runs()).toBe(1);
  });

  it('the machine of the trial is lost, and comes back: the trial is tried again', async () => {
    hang();
    const running = trial(ray, script, { options: open });
    await begun();
    for (const pid of ray.pids('raylet/raylet'))
      if (ray.commandOf(pid).includes('--node_ip_address=127.0.0.2')) process.kill(pid, 'SIGKILL');
    await until('the end of the program', () => ray.pids('sh train.sh').length === 0, LONG);
    go();
    await ray.startWorker();
    expect((await running).outcome).toMatchObject({ exit: 'completed', lost: [expect.anything()] });
    expect(runs()).toBe(2);
  });

  it('the head is killed and started anew: it knows no job any more, and the trial is tried again', async () => {
    hang();
    const running = trial(ray, script, { options: open });
    await begun();
    for (const pid of ray.pids('')) if (!ray.commandOf(pid).includes('train.sh') && !ray.commandOf(pid).includes('worker.sh')) ray.end(pid);
    await until('the end of the program', () => ray.pids('sh train.sh').length === 0, LONG);
    go();
    await ray.restart();
    expect((await running).outcome).toMatchObject({ exit: 'completed', lost: [expect.anything()] });
    expect(runs()).toBe(2);
  });

  async function untilStatus(id: string, status: string): Promise<void> {
    for (let tried = 0; tried < 400; tried++) {
      if ((await ray.jobs()).some((job) => job.submission_id === id && job.status === status)) return;
      await sleep(250);
    }
    throw new Error(`${id} is not ${status}`);
  }
});
