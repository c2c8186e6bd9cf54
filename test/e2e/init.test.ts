import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
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
  it('writes a config whose only problem is the project it waits for, and never writes it twice', () => {
    const cwd = folder();
    expect(cli(cwd, ['init']).code).toBe(0);
    expect(readdirSync(cwd).toSorted()).toEqual(['autoresearch.config.yaml', 'program.md']);
    const [, ...config] = readFileSync(join(cwd, 'autoresearch.config.yaml'), 'utf8').split('\n');
    expect(readFileSync(join(root, 'README.md'), 'utf8'), 'the README shows what init writes').toContain(config.join('\n'));
    git(cwd, 'init', '-q');
    git(cwd, 'add', '-A');
    git(cwd, '-c', 'user.name=t', '-c', 'user.email=t@localhost', 'commit', '-qm', 'start');
    const checked = cli(cwd, ['check']);
    expect(checked.code).toBe(3);
    expect(checked.out.match(/^[A-Z_]{4,}/gm)).toEqual(['EDIT_FILE_MISSING', 'COMMAND_NOT_FOUND']);
    writeFileSync(join(cwd, 'program.md'), 'mine');
    const again = cli(cwd, ['init']);
    expect([again.code, again.out]).toEqual([2, expect.stringContaining('CONFIG_EXISTS')]);
    expect(readFileSync(join(cwd, 'program.md'), 'utf8')).toBe('mine');
  });

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
