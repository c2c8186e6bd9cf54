/** The script of the GitHub action and the GitLab template, with a real remote and runners that forget everything. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configOf, projectFiles } from '../helpers/project.ts';
import { makeFolder, makeRepo, openTestRepo } from '../helpers/repo.ts';
import { CLI } from '../helpers/run-cli.ts';

const root = join(import.meta.dirname, '../..');
const SCRIPT = join(root, 'templates/ci/autoresearch.sh');

/** A bare repository with a project whose agent adds 1 to a number, which is the score. */
function makeRemote(): string {
  const project = makeRepo(
    projectFiles(configOf({ agent: { use: 'command', with: { run: ['sh', '-c', 'echo $(( $(cat value.txt) + 1 )) > value.txt'] } } })),
  );
  const remote = join(makeFolder(), 'remote.git');
  project.git('clone', '-q', '--bare', project.dir, remote);
  return remote;
}

function runJob(remote: string, mode: string, env: Readonly<Record<string, string>> = {}) {
  const dir = join(makeFolder(), 'checkout');
  spawnSync('git', ['clone', '-q', remote, dir]);
  const checkout = openTestRepo(dir);
  const summary = join(dir, 'summary.md');
  const { status, stdout, stderr } = spawnSync('sh', [SCRIPT, mode], {
    cwd: dir,
    encoding: 'utf8',
    env: {
      ...process.env,
      AUTORESEARCH_CLI: `${process.execPath} ${CLI}`,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: join(dir, 'output'),
      ...env,
    },
  });
  return { checkout, status, output: stdout + stderr, summary: existsSync(summary) ? readFileSync(summary, 'utf8') : '' };
}

const countEntries = (remote: string) =>
  Number(
    spawnSync('git', ['rev-list', '--count', '--first-parent', 'refs/autoresearch/nightly/ledger'], { cwd: remote, encoding: 'utf8' })
      .stdout,
  );

describe('the script for CI', () => {
  it('begins a run, goes on with it on the next runner by its share, and brings everything back', () => {
    const remote = makeRemote();
    const first = runJob(remote, 'run', { AUTORESEARCH_EXPERIMENTS: '2', AUTORESEARCH_TIME: '10m' });
    expect(first.status, first.output).toBe(0);
    expect(first.summary).toMatch(/^## autoresearch: nightly\n\n( {4}.*\n)+$/);
    expect(readFileSync(join(first.checkout.dir, 'output'), 'utf8')).toContain('autoresearch-report.html');
    const entries = countEntries(remote);
    expect(entries).toBeGreaterThan(3);

    const second = runJob(remote, 'run', { AUTORESEARCH_EXPERIMENTS: '3', AUTORESEARCH_TIME: '10m' });
    expect(second.status, second.output).toBe(0);
    const status = spawnSync(process.execPath, [CLI, 'status', '--json'], { cwd: second.checkout.dir, encoding: 'utf8' });
    expect(JSON.parse(status.stdout)).toMatchObject({ experiments: { done: 5 } });
    expect(countEntries(remote)).toBeGreaterThan(entries);
    expect(spawnSync(process.execPath, [CLI, 'verify'], { cwd: second.checkout.dir }).status).toBe(0);
  });

  it('never replaces what another job has pushed', () => {
    const remote = makeRemote();
    const one = runJob(remote, 'run', { AUTORESEARCH_EXPERIMENTS: '1' });
    const other = makeRemote();
    runJob(other, 'run', { AUTORESEARCH_EXPERIMENTS: '2' });
    // A checkout whose run of that name has other entries.
    const { status, stderr } = spawnSync('sh', [SCRIPT, 'run'], {
      cwd: one.checkout.dir,
      encoding: 'utf8',
      env: { ...process.env, AUTORESEARCH_CLI: `${process.execPath} ${CLI}`, AUTORESEARCH_REMOTE: other },
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('another job has worked on the run nightly');
  });

  it('says how a config does not fit, and fails', () => {
    const remote = makeRemote();
    expect(runJob(remote, 'check').status).toBe(0);
    expect(runJob(remote, 'nonsense')).toMatchObject({ status: 2, output: expect.stringContaining('usage') });
  });
});

it('the action takes its inputs as variables only, and knows the modes of the script', () => {
  const text = readFileSync(join(root, 'action.yml'), 'utf8');
  const { runs } = parse(text) as { runs: { steps: { run: string }[] } };
  expect(runs.steps.map(({ run }) => run).join('\n')).not.toContain('${{');
  for (const mode of ['check', 'run', 'promote']) expect(readFileSync(SCRIPT, 'utf8')).toContain(`\n  ${mode})\n`);
});

it('the template for GitLab calls the script by the modes it has', () => {
  const jobs = parse(readFileSync(join(root, 'templates/ci/gitlab.yml'), 'utf8')) as Record<string, { script?: string[] }>;
  const calls = Object.values(jobs).flatMap(({ script = [] }) => script);
  expect(calls).toHaveLength(2);
  for (const call of calls) expect(call).toMatch(/templates\/ci\/autoresearch\.sh (check|run)$/);
});
