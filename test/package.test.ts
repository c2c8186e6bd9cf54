/** What those who install the package get, and what runs on their machine when they do: nothing. */
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeFolder } from './helpers/repo.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly permissions: Readonly<Record<string, string>>; readonly steps: readonly { readonly run?: string }[] }>
  >;
}

it('no script runs when the package is installed', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|publish)$/.test(name))).toEqual([]);
  expect(scripts['prepack']).toContain('scripts/build.ts');
});

it('a clone builds itself at its first start, and not again', () => {
  const dir = join(makeFolder(), 'clone');
  execFileSync('git', ['clone', '-q', '--no-hardlinks', root, dir]);
  // As the working tree is, not as it was committed.
  execFileSync('bash', ['-c', `git -C "${root}" diff HEAD --binary | git -C "${dir}" apply --allow-empty`]);
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  const run = (...args: string[]) => execFileSync('npm', args, { cwd: dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  run('run', 'prestart');
  const cli = join(dir, 'dist/src/cli.js');
  expect(execFileSync(process.execPath, [cli, '--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+/);
  const built = readFileSync(cli);
  const stamp = execFileSync('stat', ['-c', '%i %Y', cli], { encoding: 'utf8' });
  run('run', 'prestart');
  expect(execFileSync('stat', ['-c', '%i %Y', cli], { encoding: 'utf8' })).toBe(stamp);
  expect(readFileSync(cli)).toEqual(built);
});

it('a release is tested, published with provenance, and has its bill of materials attached', () => {
  const { jobs } = parse(read('.github/workflows/release.yml')) as Workflow;
  const job = jobs['publish'];
  expect(job?.permissions).toEqual({ contents: 'write', 'id-token': 'write' });
  const steps = job?.steps.flatMap(({ run }) => run ?? []) ?? [];
  const order = ['npm test', 'scripts/bill-of-materials.ts', 'npm publish --provenance', '.cdx.json'].map((text) =>
    steps.findLastIndex((step) => step.includes(text)),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});
