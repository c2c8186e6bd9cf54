/**
 * Writes the bill of materials (CycloneDX) of what somebody gets who installs the package: node scripts/bill-of-materials.ts FILE.
 * It is made of a real installation, since `npm sbom --omit dev` in the checkout leaves out what development needs as well.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');
const out = process.argv[2];
if (out === undefined) throw new Error('where to? node scripts/bill-of-materials.ts FILE');

const folder = mkdtempSync(join(tmpdir(), 'autoresearch-bill-'));
try {
  const npm = (cwd: string, ...args: string[]) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [packed] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', folder)) as { filename: string }[];
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'bill-of-autoresearch', version, private: true }));
  npm(project, 'install', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, packed?.filename ?? ''));
  writeFileSync(resolve(out), npm(project, 'sbom', '--sbom-format', 'cyclonedx'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
