/** Trials as jobs of a real Slurm on this machine. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, experimentsOf, problemsOf, projectFiles, run, set, stepsAgent, verdicts } from '../../../test/helpers/project.ts';
import { makeRepo } from '../../../test/helpers/repo.ts';
import { NO_SLURM, startSlurm, type Slurm } from '../../../test/helpers/slurm.ts';

describe.skipIf(NO_SLURM !== null)(`trials on Slurm${NO_SLURM === null ? '' : `: left out, ${NO_SLURM}`}`, () => {
  let slurm: Slurm;
  beforeAll(async () => void (slurm = await startSlurm()));
  afterAll(async () => slurm?.remove());

  const trainer = (options: object = {}) => ({
    use: 'slurm',
    with: { folder: slurm.folder, bin: slurm.bin, run: ['sh', 'train.sh'], pollSeconds: 0.2, ...options },
    timeout: '60s',
  });
  const jobs = () => (existsSync(join(slurm.folder, 'jobs')) ? readdirSync(join(slurm.folder, 'jobs')) : []);

  it('end as the same trials here do, but for the hardware, and leave nothing there', async () => {
    const steps = [set(0.5), set(2), { bash: 'echo "exit 3" > value.txt; echo fail > train-me' }];
    const repo = makeRepo(projectFiles(configOf({ agent: stepsAgent(steps), trainer: trainer() })));
    const here = makeRepo(projectFiles(configOf({ agent: stepsAgent(steps) })));
    await run(repo.dir);
    await run(here.dir);
    expect(await problemsOf(repo.dir)).toEqual([]);
    expect(verdicts(await experimentsOf(repo.dir))).toEqual(verdicts(await experimentsOf(here.dir)));
    const [first] = await experimentsOf(repo.dir);
    expect(first?.trials[0]).toMatchObject({ exit: 'completed', metrics: { loss: 1 }, hardware: expect.stringMatching(/./) });
    expect(jobs()).toEqual([]);
    expect(slurm.call('squeue', '-h')).toBe('');
  });
});
