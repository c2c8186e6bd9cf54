import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT, PYTHON } from './environment.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const READY = join(ENVIRONMENT, 'ready');

/** Installs the Python packages once for each state of requirements.txt; some minutes and 6 GB on Linux. */
export default function setup(): void {
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(READY) && readFileSync(READY, 'utf8') === wanted) return;
  console.log('installing PyTorch for the tests of the nanochat preset…');
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  mkdirSync(ENVIRONMENT, { recursive: true });
  run('python3', ['-m', 'venv', ENVIRONMENT]);
  run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '-r', REQUIREMENTS]);
  writeFileSync(READY, wanted);
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { stdio: 'inherit' });
}
