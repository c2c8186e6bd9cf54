import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROGRAMS, CACHE, folderOf, programOf, type ProgramName } from './installed.ts';

/** Installs the agents and their tools once into the checkout's cache. */
export async function setup(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  for (const name of Object.keys(PROGRAMS) as ProgramName[]) if (!existsSync(programOf(name))) await install(name);
}

async function install(name: ProgramName): Promise<void> {
  const { package: wanted, version } = PROGRAMS[name];
  const part = join(CACHE, `.installing-${name}-${process.pid}`);
  await mkdir(part, { recursive: true });
  await writeFile(join(part, 'package.json'), '{"private":true}');
  const args = ['install', '--prefix', part, '--no-audit', '--no-fund', '--no-save', `${wanted}@${version}`];
  const options = { timeout: 600_000, shell: process.platform === 'win32', maxBuffer: 1 << 26 };
  await promisify(execFile)('npm', args, options).catch((error: Error) => {
    throw new Error(`the tests of real agents need ${wanted}@${version} from npm: ${error.message}`);
  });
  await rm(folderOf(name), { recursive: true, force: true });
  // Whole or not at all: an interrupted installation is never taken for one.
  await rename(part, folderOf(name));
}
