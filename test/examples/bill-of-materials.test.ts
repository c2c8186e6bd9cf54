import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('the bill of materials names what is installed with the package, and nothing of its development', () => {
  const folder = mkdtempSync(join(tmpdir(), 'autoresearch-bill-test-'));
  try {
    const file = join(folder, 'bill.json');
    execFileSync(process.execPath, [join(root, 'scripts/bill-of-materials.ts'), file], { stdio: ['ignore', 'ignore', 'inherit'] });
    const bill = JSON.parse(readFileSync(file, 'utf8')) as { bomFormat: string; components: { name: string; hashes?: object[] }[] };
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    const names = bill.components.map(({ name }) => name);
    expect(bill.bomFormat).toBe('CycloneDX');
    expect(['autoresearch', ...Object.keys(dependencies)].filter((name) => !names.includes(name))).toEqual([]);
    expect(names).not.toContain('vitest');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
