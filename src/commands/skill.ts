import { relative } from 'node:path';
import { didYouMean } from '../config/suggest.ts';
import { AutoresearchError, type ExitCode } from '../errors.ts';
import { isOnPath } from '../init/on-path.ts';
import { installSkills, SKILL_HOMES } from '../skills/install.ts';
import { print } from './read.ts';

export interface SkillFlags {
  readonly user?: boolean;
  readonly force?: boolean;
}

/** Installs the skills of this package for one coding agent, or for those that are on this machine. */
export function skillInstall(agent: string | undefined, { user = false, force = false }: SkillFlags): ExitCode {
  const names = Object.keys(SKILL_HOMES);
  if (agent !== undefined && !names.includes(agent)) {
    throw new AutoresearchError('USAGE', `there is no agent "${agent}"${didYouMean(agent, names)}`, {
      hint: `agents: ${names.join(', ')}`,
    });
  }
  const agents = agent === undefined ? names.filter((name) => isOnPath(SKILL_HOMES[name]?.program ?? name)) : [agent];
  if (agents.length === 0) {
    throw new AutoresearchError('USAGE', 'none of the coding agents we know is on this machine', {
      hint: `name one: autoresearch skill install ${names[0]}`,
    });
  }
  const projectDir = process.cwd();
  for (const name of agents) {
    for (const { file, was } of installSkills(name, { projectDir, isForHome: user, isForced: force })) {
      print(`${name}: ${user ? file : relative(projectDir, file)} ${was === 'there' ? 'is there already' : `is ${was}`}`);
    }
  }
  print(`next: ask ${agents.join(' or ')} to set up autoresearch here, or what a run has found`);
  return 0;
}
