import type { Command } from 'commander';
import type { SkillFlags } from './commands/skill.ts';

/** Commands for those who work with a coding agent. */
export function addSkillCommands(program: Command): void {
  program
    .command('skill')
    .description('teach a coding agent to set up runs, to read their results, and to write plugins')
    .command('install [agent]')
    .description('write the skills where an agent finds them: claude, codex, gemini, opencode or pi; default: those on this machine')
    .option('--user', 'for all projects of this user, instead of this one')
    .option('--force', 'replace skills that are not as this version writes them')
    .action(async (agent: string | undefined, flags: SkillFlags) => {
      program.setOptionValue('exitCode', (await import('./commands/skill.ts')).skillInstall(agent, flags));
    });
}
