import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';
import { ERROR_CODES } from '../../src/errors.ts';

const root = join(import.meta.dirname, '../..');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'autoresearch-init-'));
  folders.push(dir);
  return dir;
}

function cli(cwd: string, args: readonly string[], node: readonly string[] = []): { code: number; out: string } {
  try {
    const out = execFileSync(process.execPath, [...node, join(root, 'src/cli.ts'), ...args], { cwd, encoding: 'utf8', stdio: 'pipe' });
    return { code: 0, out };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, out: stdout + stderr };
  }
}

const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' }).trim();

describe('init', () => {
  const script = 'ALPHA = 0.5\nDEPTH = 3\nprint(f"score: {ALPHA * DEPTH}")\n';

  it('writes the config that the README shows, for the script that the README shows', () => {
    const cwd = folder();
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    writeFileSync(join(cwd, 'train.py'), /```python\n([^`]+)```/.exec(readme)?.[1] ?? '');
    mkdirSync(join(cwd, '.venv/bin'), { recursive: true });
    writeFileSync(join(cwd, '.venv/bin/python'), '');
    expect(cli(cwd, ['init', '--agent', 'search']).code).toBe(0);
    const [, ...config] = readFileSync(join(cwd, 'autoresearch.config.yaml'), 'utf8').split('\n');
    expect(readme).toContain(`\`\`\`yaml\n${config.join('\n')}\`\`\``);
  });

  it('says what it needs where it finds nothing, and writes nothing', () => {
    const cwd = folder();
    const empty = cli(cwd, ['init']);
    expect([empty.code, empty.out]).toEqual([2, expect.stringMatching(/^INIT_NOTHING_FOUND [^]*--train[^]*--preset tiny-lm/)]);
    writeFileSync(join(cwd, 'train.py'), 'print(1)\n');
    const silent = cli(cwd, ['init', '--train', 'python3 train.py']);
    expect([silent.code, silent.out]).toEqual([2, expect.stringMatching(/^INIT_INCOMPLETE no number [^]*--metric accuracy/)]);
    writeFileSync(join(cwd, 'train.py'), 'print(f"score: {1}")\n');
    const noAgent = cli(cwd, ['init', '--agent', 'search']);
    expect([noAgent.code, noAgent.out]).toEqual([2, expect.stringContaining('the editable files have no constant to search')]);
    expect(cli(cwd, ['init', '--agent', 'nobody']).code).toBe(2);
    expect(cli(cwd, ['init', '--direction', 'sideways']).code).toBe(2);
    expect(readdirSync(cwd)).toEqual(['train.py']);
  });

  it('writes nothing over what is there', () => {
    const cwd = folder();
    writeFileSync(join(cwd, 'train.py'), script);
    writeFileSync(join(cwd, 'program.md'), 'mine');
    writeFileSync(join(cwd, '.gitignore'), 'mine/');
    expect(cli(cwd, ['init', '--agent', 'search']).code).toBe(0);
    expect(readFileSync(join(cwd, 'program.md'), 'utf8')).toBe('mine');
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe('mine/');
    const config = readFileSync(join(cwd, 'autoresearch.config.yaml'), 'utf8');
    const again = cli(cwd, ['init', '--agent', 'search']);
    expect([again.code, again.out]).toEqual([2, expect.stringContaining('CONFIG_EXISTS')]);
    expect(readFileSync(join(cwd, 'autoresearch.config.yaml'), 'utf8')).toBe(config);
  });

  it('takes every answer as an option, and runs nothing unless it is told to', () => {
    const cwd = folder();
    const touched = 'import pathlib\npathlib.Path("was-run").write_text("")\n';
    writeFileSync(join(cwd, 'train.py'), touched + script);
    writeFileSync(join(cwd, 'model.py'), 'BETA = 0.25\nGAMMA = 4\n');
    const options = ['--train', 'python3 train.py --fast', '--metric', 'my_score', '--direction', 'maximize', '--edit', 'model.py'];
    const more = ['--agent', 'search', '--timeout', '90s', '--experiments', '7', '--time', '2h', '--test', 'python3 -m pytest'];
    expect(cli(cwd, ['init', ...options, ...more]).code).toBe(0);
    const config = readFileSync(join(cwd, 'autoresearch.config.yaml'), 'utf8');
    for (const part of [
      'edit: [model.py]',
      'metric: my_score, direction: maximize',
      'name: BETA',
      'timeout: 90s',
      'experiments: 7, time: 2h',
      'python3 -m pytest >',
      'python3 train.py --fast',
    ])
      expect(config).toContain(part);
    expect(existsSync(join(cwd, 'was-run'))).toBe(false);
    expect(cli(folderWith(touched + script), ['init', '--yes', '--no-try', '--agent', 'search']).code).toBe(0);
    const tried = folderWith(touched + script);
    expect(cli(tried, ['init', '--try', '--agent', 'search']).code).toBe(0);
    expect(existsSync(join(tried, 'was-run'))).toBe(true);
    expect(readFileSync(join(tried, '.gitignore'), 'utf8')).toContain('/was-run\n');
  });

  it('says why a trial failed that it was told to run, and goes by the source', async () => {
    const cwd = folderWith(`import nosuchmodule\n${script}`);
    const { code, stderr } = await runCli(['init', '--yes', '--agent', 'search'], { cwd });
    expect(stderr).toContain("warning: it failed: exit code 1: ModuleNotFoundError: No module named 'nosuchmodule' (train.py:1)");
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'autoresearch.config.yaml'), 'utf8')).toContain('metric: score');
  });

  it('names the next commands as it was started itself', async () => {
    const cwd = folderWith(script);
    const { stdout } = await runCli(['init', '--yes', '--no-try', '--agent', 'search'], { cwd, env: { npm_command: 'exec' } });
    expect(stdout).toContain('\n  npx autoresearch check\n  npx autoresearch run\n');
  });

  function folderWith(train: string): string {
    const cwd = folder();
    writeFileSync(join(cwd, 'train.py'), train);
    return cwd;
  }

  it('sets up a preset as a repository of its own, ready to run', () => {
    const cwd = folder();
    expect(cli(cwd, ['init', 'lab', '--preset', 'tiny-lm']).code).toBe(0);
    const lab = join(cwd, 'lab');
    expect(git(lab, 'status', '--porcelain')).toBe('');
    expect(existsSync(join(lab, 'train.mjs'))).toBe(true);
    const checked = cli(lab, ['check']);
    expect([checked.code, checked.out]).toEqual([0, expect.stringContaining('editable   train.mjs')]);
  });

  it("leaves committing to the user inside a repository of the user's", () => {
    const cwd = folder();
    git(cwd, 'init', '-q');
    expect(cli(cwd, ['init', 'lab', '--preset', 'tiny-lm']).out).toContain('commit it');
    expect(existsSync(join(cwd, 'lab/.git'))).toBe(false);
  });

  it('copies the sample project, and nothing that runs in the preset itself have left there', () => {
    const trace = join(root, 'presets/tiny-lm/project/.autoresearch/of-a-test');
    mkdirSync(trace, { recursive: true });
    writeFileSync(join(trace, 'wal.jsonl'), '');
    try {
      const cwd = folder();
      expect(cli(cwd, ['init', 'lab', '--preset', 'tiny-lm']).code).toBe(0);
      expect(existsSync(join(cwd, 'lab/.autoresearch'))).toBe(false);
      const packed = JSON.parse(
        execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
      ) as unknown;
      expect(JSON.stringify(packed)).not.toContain('.autoresearch/');
      expect(JSON.stringify(packed)).toContain('presets/tiny-lm/project/train.mjs');
    } finally {
      rmSync(trace, { recursive: true, force: true });
    }
  });

  it('gives a preset without a project the one of the preset it extends, and has git ignore what is linked', () => {
    const cwd = folder();
    expect(cli(cwd, ['init', 'lab', '--preset', 'nanochat-cpu']).code).toBe(0);
    const lab = join(cwd, 'lab');
    const own = git(lab, 'ls-files').split('\n');
    expect(own).toEqual(expect.arrayContaining(['train.py', 'prepare.py', 'ideas/01-half-the-batch.patch']));
    mkdirSync(join(lab, 'cache'));
    writeFileSync(join(lab, 'cache/tokens'), '');
    expect(git(lab, 'status', '--porcelain')).toBe('');
    const checked = cli(lab, ['check']);
    expect([checked.code, checked.out]).toEqual([0, expect.stringContaining('editable   train.py')]);
  });

  it('says which presets there are', () => {
    const { code, out } = cli(folder(), ['init', '--preset', 'tiny-ml']);
    expect([code, out]).toEqual([2, expect.stringMatching(/PRESET_NOT_FOUND[^]*tiny-lm/)]);
  });
});

describe('the command line', () => {
  it('explains every code, and offers the nearest for one it does not know', () => {
    const known = cli(root, ['explain']).out.split('\n');
    expect(Object.keys(ERROR_CODES).filter((code) => !known.includes(code))).toEqual([]);
    expect(cli(root, ['explain', 'not_better'])).toEqual({ code: 0, out: expect.stringContaining('the score is not better') });
    const unknown = cli(root, ['explain', 'CONFIG_TIPE']);
    expect([unknown.code, unknown.out]).toEqual([2, expect.stringContaining('CONFIG_TYPE')]);
  });

  it('has the version of its package, help for every command, and exit code 2 for what it cannot take', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(cli(root, ['--version']).out).toBe(`${version}\n`);
    for (const command of ['init', 'check', 'run', 'resume', 'status', 'log', 'show', 'report', 'verify', 'ablate', 'explain']) {
      expect(cli(root, [command, '--help'])).toEqual({ code: 0, out: expect.stringContaining(`Usage: autoresearch ${command}`) });
    }
    expect(cli(root, ['run', '--experiments', 'many']).code).toBe(2);
    expect(cli(root, ['fly']).code).toBe(2);
  });

  it('refuses an old Node in one line', () => {
    const old = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
    const { code, out } = cli(root, ['status'], ['--import', old]);
    expect([code, out]).toEqual([3, expect.stringMatching(/^NODE_TOO_OLD /)]);
    expect(out).not.toContain('    at ');
  });
});
