import picomatch from 'picomatch';
import type { Change } from './experiment.ts';

/** Files that change what git does with other files, such as .gitattributes. */
const GIT_FILES = /(^|\/)\.git(attributes|modules|ignore)?(\/|$)/;

/** Files that instruct or configure coding agents: an experiment that changes one would configure the agent of the next. */
const AGENT_FILES = [
  '**/{AGENT,AGENTS,CLAUDE,CLAUDE.local,GEMINI,QWEN,CONVENTIONS}.md',
  '**/.{claude,codex,gemini,opencode,cursor,pi,qwen,continue,clinerules,windsurf,aider,roo,kilocode,goose}/**',
  '**/.{cursorrules,clinerules,windsurfrules,goosehints,mcp.json,claude.json}',
  '**/{opencode.json,opencode.jsonc,.aider.conf.yml,.github/copilot-instructions.md}',
];

export interface Scope {
  readonly edit: readonly string[];
  readonly protect: readonly string[];
}

/**
 * Says why a change is out of scope; null where it is not. Files that configure agents may be edited only where
 * `scope.edit` names their very path. `edit` and `protect` are globs, relative to the project.
 */
export function createEditRule({ edit, protect }: Scope): (change: Change) => string | null {
  const mayEdit = picomatch([...edit], { dot: true });
  const isProtected = protect.length > 0 ? picomatch([...protect], { dot: true }) : () => false;
  const isForAgents = picomatch(AGENT_FILES, { dot: true, nocase: true });
  return ({ path, kind }) => {
    if (GIT_FILES.test(path)) return `${path} is never editable`;
    if (path.startsWith('../')) return `${path} is outside the project`;
    if (isProtected(path)) return `${path} is protected`;
    if (!mayEdit(path)) return `${path} (${kind}) is not in scope.edit`;
    if (isForAgents(path) && !edit.includes(path)) return `${path} configures agents`;
    if (kind === 'symlink') return `${path} is a symbolic link`;
    if (kind === 'repository') return `${path} is a repository of its own`;
    if (kind === 'mode' || kind === 'type') return `${path} changes its ${kind}`;
    return null;
  };
}

/** May a file of this path be edited, or made? */
export function createPathRule(scope: Scope): (path: string) => boolean {
  const objectionTo = createEditRule(scope);
  return (path) => objectionTo({ path, kind: 'modified' }) === null;
}
