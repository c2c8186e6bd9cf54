import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../src/program.ts';
import { configOf, projectFiles, set, stepsAgent } from '../helpers/project.ts';
import { makeRepo } from '../helpers/repo.ts';
import { CLI, runCli } from '../helpers/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'autoresearch-shell-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const node = JSON.stringify(process.execPath);
const bash = (cwd: string, script: string) => spawnSync('bash', ['-c', script], { cwd, encoding: 'utf8' });

describe('an old Node', () => {
  const versionOf = (program: string) =>
    /^v(\d+)\.(\d+)/
      .exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '')
      ?.slice(1)
      .map(Number) ?? [99, 0];
  const isOld = ([major = 99, minor = 0]: number[]) => major < 22 || (major === 22 && minor < 18);
  const candidates = ['/usr/bin', '/usr/local/bin', ...(process.env['PATH'] ?? '').split(delimiter)].map((dir) => join(dir, 'node'));
  const old = candidates.find((program) => existsSync(program) && isOld(versionOf(program)));
  const compiled = join(folder, 'cli.mjs');
  writeFileSync(compiled, stripTypeScriptTypes(readFileSync(CLI, 'utf8')));

  it('meets no import and no syntax before it is told', () => {
    expect(readFileSync(compiled, 'utf8')).not.toMatch(/^\s*import\s|\?\.|\?\?|\bawait\b/m);
  });

  it.runIf(old !== undefined)('gets one line and exit code 3', () => {
    const { status, stderr, stdout } = spawnSync(old ?? '', [compiled, 'check'], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(
      /^NODE_TOO_OLD autoresearch needs Node 22\.18 or newer, and this is v\d+\.\d+\.\d+\n {2}install a newer Node.*\n$/,
    );
  });
});

it('is refused on Windows in one line that names WSL, before anything is loaded', () => {
  const asWindows = 'data:text/javascript,Object.defineProperty(process,"platform",{value:"win32"})';
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--import', asWindows, CLI, 'run'], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([3, '']);
  expect(stderr).toMatch(/^WINDOWS_UNSUPPORTED .*\n {2}it runs inside WSL.*\n$/);
});

describe('output whose reader goes', () => {
  it('of a command that prints much, is no error', () => {
    const { stderr, stdout } = bash(folder, `for i in 1 2 3; do ${node} ${CLI} --help | head -n 1; done`);
    expect([stderr, stdout.split('\n').filter(Boolean).length]).toEqual(['', 3]);
    const endless = bash(folder, `(${node} ${CLI} explain; ${node} ${CLI} explain) | true; echo "\${PIPESTATUS[0]}"`);
    expect(endless.stderr).toBe('');
  });

  it('ends a run quietly, as an interruption that can be resumed', async () => {
    const steps = Array.from({ length: 60 }, (_, index) => set(60 - index));
    const repo = makeRepo(projectFiles(configOf({ agent: stepsAgent(steps), reporters: [{ use: 'terminal' }] })));
    const { stderr } = bash(repo.dir, `${node} ${CLI} run --name piped | head -n 2 > out.txt`);
    expect(stderr).not.toMatch(/EPIPE|bug|at /);
    expect(repo.read('out.txt').trim().split('\n')).toHaveLength(2);
    const status = JSON.parse((await runCli(['status', '--json'], { cwd: repo.dir })).stdout) as {
      experiments: { done: number };
      state: { kind: string };
    };
    expect(status.state.kind).not.toBe('running');
    expect(status.experiments.done).toBeLessThan(60);
    const resumed = await runCli(['resume', '--experiments', String(status.experiments.done + 2)], { cwd: repo.dir });
    expect(resumed.code).toBe(0);
  });
});

describe('help', () => {
  it('has every command in a group, and examples below each', async () => {
    const program = createProgram();
    const lost = program.commands.filter((command) => ['', 'Commands:'].includes(command.helpGroup())).map((command) => command.name());
    expect(lost).toEqual([]);
    const help = (await runCli(['--help'], { cwd: folder })).stdout;
    expect(help).toMatch(
      /Begin and run:\n {2}init .*Look at runs:\n {2}runs .*Check the numbers:.*Decide and hand on:.*Examples:\n {2}autoresearch run --preset tiny-lm/s,
    );
    for (const { name } of program.commands.map((command) => ({ name: command.name() })).filter((one) => one.name !== 'help')) {
      const { stdout } = await runCli([name, '--help'], { cwd: folder });
      expect([name, stdout]).toEqual([name, expect.stringMatching(new RegExp(`\nExamples:\n {2}autoresearch ${name}\\b`))]);
    }
  });
});

describe('completion', () => {
  const complete = async (...words: string[]) => (await runCli(['complete', '--', ...words], { cwd: folder })).stdout;

  it('knows commands, options and presets', async () => {
    expect(await complete('st')).toMatch(/^status\twhere a run stands$/m);
    expect(await complete('run', '--exp')).toMatch(/^--experiments\t/m);
    expect(await complete('run', '--preset', '')).toMatch(/^tiny-lm\t/m);
    expect(await complete('plugin', '')).toMatch(/^check\t/m);
  });

  it.each(['bash', 'zsh', 'fish'])('prints a script that %s can read', async (shell) => {
    const { code, stdout } = await runCli(['completion', shell], { cwd: folder });
    expect([code, stdout]).toEqual([0, expect.stringContaining('autoresearch')]);
    if (shell !== 'bash') return;
    execFileSync('bash', ['-n'], { input: stdout });
    expect(bash(folder, `${stdout}\ncomplete -p autoresearch`).stdout).toContain('autoresearch');
  });
});

describe('one JSON document', () => {
  it('of check: what is there, or every error with its place', async () => {
    const repo = makeRepo(projectFiles(configOf()));
    const check = async (...args: string[]) => {
      const { code, stdout } = await runCli(['check', '--json', ...args], { cwd: repo.dir });
      return { code, view: JSON.parse(stdout) as Record<string, unknown> };
    };
    expect(await check()).toMatchObject({
      code: 0,
      view: { ok: true, objective: { label: 'loss', direction: 'minimize' }, editable: ['lib/part.txt', 'value.txt'], warnings: [] },
    });
    expect((await check('--measure', '2')).view).toMatchObject({ ok: true, baseline: { sigma: 0 } });
    const bad = await check('--set', 'trainer.timeout=soon');
    expect(bad).toMatchObject({
      code: 2,
      view: { ok: false, errors: [{ code: expect.any(String), message: expect.stringContaining('soon') }] },
    });
  });

  it('of runs and report', async () => {
    const repo = makeRepo(projectFiles(configOf({ agent: stepsAgent([set(0.5), set(9)]) })));
    expect((await runCli(['runs'], { cwd: repo.dir })).stdout).toContain('there is no run here yet');
    for (const name of ['one', 'two']) await runCli(['run', '--name', name, '--experiments', '2'], { cwd: repo.dir });
    const runs = JSON.parse((await runCli(['runs', '--json'], { cwd: repo.dir })).stdout) as { run: string }[];
    expect(runs).toMatchObject([
      { run: 'two', state: 'stopped', experiments: 2, keeps: 1, score: 0.5, gain: 0.5 },
      { run: 'one', state: 'stopped', experiments: 2, keeps: 1, score: 0.5, gain: 0.5 },
    ]);
    expect((await runCli(['runs'], { cwd: repo.dir })).stdout).toMatch(
      /^run +state +experiments +keeps +score +gain +opened +objective\ntwo +stopped +2 +1 +0\.5 /,
    );
    const report = JSON.parse((await runCli(['report', '--json', '--out', 'r.html'], { cwd: repo.dir })).stdout) as { file: string };
    expect(report).toMatchObject({ run: 'two', objective: { label: 'loss' }, experiments: { done: 2 } });
    expect(readFileSync(report.file, 'utf8')).toContain('<html');
  });
});
