import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Report } from '../../../src/plugin.ts';
import { findJson, readReport } from '../../../src/agent.ts';
import { readMail } from './message.ts';
import type { CreateSource } from './source.ts';

const PATCH = /\.(patch|diff)$/;

/** Patch files of a folder, in the order of their names. */
export const fromFolder: CreateSource = (value, context) => {
  const folder = resolve(context.projectDir, value);
  const names = async () => (await readdir(folder)).filter((name) => PATCH.test(name)).sort();
  return {
    verify: async (preflight) => {
      const found = await names().catch(() => null);
      if (found === null)
        preflight.problem('CONFIG_VALUE', `there is no folder ${value} to replay patches from`, 'paths start at the project’s folder');
      else if (found.length === 0)
        preflight.problem('CONFIG_VALUE', `the folder ${value} has no *.patch or *.diff file`, 'git format-patch makes such files');
    },
    list: async () => {
      const found = await names();
      return found.map((name) => ({ name, load: async () => ({ patchFile: join(folder, name), report: await readWords(folder, name) }) }));
    },
  };
};

async function readWords(folder: string, name: string): Promise<Report> {
  const bare = name.replace(PATCH, '');
  const json = await readFile(join(folder, `${bare}.json`), 'utf8').catch(() => null);
  const told = json === null ? null : readReport(findJson(json));
  if (told !== null) return { ...told.report, title: told.title || bare, source: 'file' };
  const mail = readMail(await readFile(join(folder, name), 'utf8'));
  return mail === null ? { title: bare, source: 'derived' } : { ...mail, source: 'file' };
}
