import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeProject, set, stepsAgent } from './helpers/project.ts';
import { makeFolder } from './helpers/repo.ts';
import { CLI, runCli } from './helpers/run-cli.ts';
import { atTerminal, hasTerminal, screenOf } from './helpers/terminal.ts';

const project = (prepare?: string) =>
  makeProject({
    agent: stepsAgent([set(0.5)]),
    budget: { experiments: 1 },
    ...(prepare !== undefined && { prepare: ['sh', '-c', prepare] }),
  }).dir;
const FETCH = 'for part in 1 2 3 4 5 6; do echo fetching $part; sleep 0.2; done';
const shown = async (args: readonly string[], cwd: string, stdout?: string) =>
  atTerminal([process.execPath, CLI, ...args], { cwd, columns: 100, ...(stdout !== undefined && { stdout }) });

describe.runIf(hasTerminal)('at a terminal', () => {
  it('a step shows what was said last while it is under way, and one line when it is done', async () => {
    const output = await shown(['check', '--measure', '2'], project(FETCH));
    expect(output).toContain('› prepare: fetching 6');
    expect(output).toContain('› trial 2 of 2');
    const screen = screenOf(output);
    expect(screen.filter((line) => line.startsWith('✔')).map((line) => line.replace(/ \[.*/, ''))).toEqual([
      '✔ look at the project',
      '✔ prepare the project',
      '✔ measure the baseline',
    ]);
    expect(screen.join('\n')).not.toMatch(/fetching|trial 2/);
    expect(screen.join('\n')).toMatch(/\nbaseline .*\nnoise /);
  });

  it('a step that fails keeps what was said, before its error', async () => {
    const screen = screenOf(await shown(['check', '--measure', '2'], project(`${FETCH}; echo no such host >&2; exit 3`))).join('\n');
    expect(screen).toMatch(/✖ prepare the project[^]*prepare: fetching 1\n[^]*prepare: fetching 6\nprepare: no such host\nPREPARE_FAILED/);
  });

  it('stdout that goes elsewhere holds only the result, and plain lines tell of the steps', async () => {
    const file = join(makeFolder(), 'out.json');
    const output = await shown(['check', '--measure', '2', '--json'], project(FETCH), file);
    expect(output).toContain('prepare: fetching 6');
    expect(output).not.toContain('✔');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ok: true, baseline: { scores: [1, 1] } });
  });

  it('a run, an ablation and a promotion show theirs', async () => {
    const cwd = project('echo fetched');
    expect(screenOf(await shown(['run', '--name', 'night'], cwd)).join('\n')).toContain('✔ prepare the project');
    const ablated = await shown(['ablate', 'night'], cwd);
    expect(ablated).toMatch(/› trial \d+ of \d+/);
    expect(screenOf(ablated).join('\n')).toContain('✔ measure what each kept change contributes');
    await runCli(['review', 'night', '--approve', '1', '--as', 'Ada'], { cwd });
    const bare = makeFolder();
    await promisify(execFile)('git', ['init', '--bare', '-q', bare]);
    await promisify(execFile)('git', ['remote', 'add', 'origin', bare], { cwd });
    const promoted = await shown(['promote', 'night', '--branch', 'better', '--as', 'Ada', '--push'], cwd);
    expect(screenOf(promoted).join('\n')).toMatch(/✔ build and audit the branch[^]*✔ push better to origin/);
  });
});

it('elsewhere there are plain lines', async () => {
  const { code, stdout, stderr } = await runCli(['check', '--measure', '2'], { cwd: project(FETCH) });
  expect(code).toBe(0);
  expect(stderr.split('\n').filter((line) => /^prepare: fetching \d$|^trial \d of 2: [\d.]+ s$/.test(line))).toHaveLength(8);
  // oxlint-disable-next-line no-control-regex -- no terminal code may be in it
  expect(stdout + stderr).not.toMatch(/\u001b|✔/);
});
