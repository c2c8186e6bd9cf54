import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../../src/git/repository.ts';
import { readRun } from '../../../src/ledger/read.ts';
import { runCli } from '../../helpers/run-cli.ts';
import { configOf, projectFiles } from '../../helpers/project.ts';
import { makeRepo, type TestRepo } from '../../helpers/repo.ts';

/** A trainer whose number follows its seed. */
function project(): TestRepo {
  const config = configOf({
    gates: [{ use: 'posterior' }],
    sandbox: 'off',
    budget: { experiments: 40 },
    stop: { patience: 1, empty: 1 },
    reporters: undefined,
  });
  const noisy = 'echo "loss: $(cat value.txt).$(( (AUTORESEARCH_SEED * 7919) % 97 ))"\n';
  return makeRepo(projectFiles(config, { 'train.sh': noisy }));
}

const file = (repo: TestRepo) => join(repo.dir, '.autoresearch/baseline.json');

async function measured(): Promise<TestRepo> {
  const repo = project();
  const { code, stderr } = await runCli(['check', '--measure', '4'], { cwd: repo.dir });
  expect([code, stderr]).toEqual([0, expect.stringContaining('trial 4 of 4')]);
  return repo;
}

/** How many trials the baseline of a new run had, and what its opening record says of the noise. */
async function baselineOf(repo: TestRepo, ...args: string[]) {
  const { stderr } = await runCli(['run', '--name', 'night', ...args], { cwd: repo.dir });
  const { stdout } = await runCli(['show', '0', '--json'], { cwd: repo.dir });
  const { noise } = (await readRun((await openRepository(repo.dir)).git, 'night')).opening;
  return { trials: (JSON.parse(stdout) as { trials: unknown[] }).trials.length, noise, stderr };
}

describe('what check --measure found', () => {
  it('is kept, and taken over by the next run, whose baseline is then trained once', async () => {
    const repo = await measured();
    const kept = JSON.parse(readFileSync(file(repo), 'utf8')) as Record<string, unknown>;
    expect(kept).toMatchObject({
      v: 1,
      n: 4,
      commit: repo.git('rev-parse', 'HEAD').trim(),
      sigma: expect.any(Number),
      host: expect.any(String),
    });
    const { trials, noise, stderr } = await baselineOf(repo);
    expect(trials).toBe(1);
    expect(noise).toEqual({ sigma: kept['sigma'], df: 3 });
    expect(stderr).toMatch(/^noise: sigma .* from 4 trials of this commit, which check --measure ran/m);
  });

  it.each([
    ['the commit', (repo: TestRepo) => (repo.write('value.txt', '2\n'), repo.commit('other'))],
    [
      'the trainer',
      (repo: TestRepo) =>
        rewriteConfig(repo, (config) => ({ ...config, trainer: { use: 'command', with: { run: ['sh', './train.sh'] }, timeout: '20s' } })),
    ],
    ['the host', (repo: TestRepo) => rewriteKept(repo, (kept) => ({ ...kept, host: 'elsewhere' }))],
    ['the file, which is torn', (repo: TestRepo) => writeFileSync(file(repo), '{"v":1,')],
    ['the file, which is none of ours', (repo: TestRepo) => writeFileSync(file(repo), '[]')],
  ] as const)('is not used where %s is another', async (_name, change) => {
    const repo = await measured();
    change(repo);
    const { trials, noise } = await baselineOf(repo);
    // Two trials on one seed agree, so that the second seed is tried twice too.
    expect([trials, noise]).toEqual([4, undefined]);
  });

  it('is used where only agent, gates or budget have changed', async () => {
    const repo = await measured();
    rewriteConfig(repo, (config) => ({
      ...config,
      gates: [{ use: 'posterior', with: { profile: 'strict' } }],
      budget: { experiments: 50 },
    }));
    expect((await baselineOf(repo)).trials).toBe(1);
  });

  it('is not kept of a single trial', async () => {
    const repo = project();
    expect((await runCli(['check', '--measure', '1'], { cwd: repo.dir })).code).toBe(0);
    expect(existsSync(file(repo))).toBe(false);
  });
});

type Json = Record<string, unknown>;

function rewriteConfig(repo: TestRepo, change: (config: Json) => Json): void {
  const path = join(repo.dir, 'autoresearch.config.yaml');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Json)));
}

function rewriteKept(repo: TestRepo, change: (kept: Json) => Json): void {
  writeFileSync(file(repo), JSON.stringify(change(JSON.parse(readFileSync(file(repo), 'utf8')) as Json)));
}
