import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { AutoresearchError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { ownPackage } from '../plugins/package.ts';

interface SkillHome {
  readonly program: string;
  /** Below the project, and below the person's home. */
  readonly project: string;
  readonly home: string;
}

/** Where coding agents look for skills. */
export const SKILL_HOMES: Readonly<Record<string, SkillHome>> = {
  claude: { program: 'claude', project: '.claude/skills', home: '.claude/skills' },
  codex: { program: 'codex', project: '.agents/skills', home: '.agents/skills' },
  gemini: { program: 'gemini', project: '.gemini/skills', home: '.gemini/skills' },
  opencode: { program: 'opencode', project: '.opencode/skills', home: '.config/opencode/skills' },
  pi: { program: 'pi', project: '.pi/skills', home: '.pi/agent/skills' },
};

export interface Installed {
  readonly file: string;
  readonly was: 'written' | 'there' | 'updated';
}

/** The skills of this package: a folder each, with a SKILL.md. */
export function ownSkills(): { readonly name: string; readonly text: string }[] {
  const folder = join(ownPackage().dir, 'skills');
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name, 'SKILL.md'), 'utf8') }));
}

/**
 * Puts the skills where an agent finds them. Files that are not as this package writes them are replaced with `isForced` only.
 * @throws AutoresearchError USAGE, before anything is written
 */
export function installSkills(
  agent: string,
  { projectDir, isForHome, isForced }: { projectDir: string; isForHome: boolean; isForced: boolean },
): Installed[] {
  const place = SKILL_HOMES[agent];
  if (place === undefined) throw new Error(`there is no agent ${agent}`);
  const folder = isForHome ? join(homedir(), place.home) : join(projectDir, place.project);
  const files = ownSkills().map(({ name, text }) => {
    const file = join(folder, name, 'SKILL.md');
    const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
    return { file, text, was: before === null ? ('written' as const) : before === text ? ('there' as const) : ('updated' as const) };
  });
  const changed = files.find(({ was }) => was === 'updated');
  if (changed && !isForced) {
    throw new AutoresearchError('USAGE', `${changed.file} is there, and is not what this version writes`, {
      hint: 'to replace it: --force',
    });
  }
  for (const { file, text } of files) {
    makeFolders(dirname(file));
    writeFileSync(file, text);
  }
  return files.map(({ file, was }) => ({ file, was }));
}
