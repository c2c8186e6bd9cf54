import { isAbsolute, relative, resolve } from 'node:path';
import type { RequestPermissionRequest, RequestPermissionResponse, ToolCallUpdate } from '@agentclientprotocol/sdk';
import { HISTORY_SERVER } from '../../../src/agent.ts';
import { createEditRule, type Brief } from '../../../src/plugin.ts';

type Choice = 'allow' | 'reject';

/** Reading and thinking change nothing; the sandbox decides what may be read. */
const HARMLESS = new Set(['read', 'search', 'think']);
const EDITS = new Set(['edit', 'delete', 'move']);

/** How agents call the tools of a server: `mcp__server__tool`, `mcp.server.tool`, `server_tool`, `tool (server MCP Server)`. */
const HISTORY_TOOL = new RegExp(`^(mcp(__?|\\.))?${HISTORY_SERVER}(__?|\\.)\\w+$|^\\w+ \\(${HISTORY_SERVER} MCP Server\\)$`);

interface Policy {
  readonly cwd: string;
  readonly scope: Brief['scope'];
  readonly unrestricted: boolean;
  /** Is it given the record of the run as tools, which only read? */
  readonly hasHistory: boolean;
}

/**
 * May the agent use this tool? This only saves useless work, and not every agent asks; the real protection is the sandbox, and
 * the check of the diff.
 * @param call what is known of the call, from all that was told of it
 */
export function judge(call: Partial<ToolCallUpdate>, { cwd, scope, unrestricted, hasHistory }: Policy): Choice {
  const kind = call.kind ?? 'other';
  if (unrestricted) return kind === 'fetch' ? 'reject' : 'allow';
  if (HARMLESS.has(kind)) return 'allow';
  if (hasHistory && kind === 'other' && HISTORY_TOOL.test(call.title ?? '')) return 'allow';
  const paths = pathsOf(call);
  if (!EDITS.has(kind) || paths.length === 0) return 'reject';
  const objectionTo = createEditRule(scope);
  const isAllowed = (path: string) => {
    const inside = relative(cwd, resolve(cwd, path));
    return !inside.startsWith('..') && !isAbsolute(inside) && objectionTo({ path: inside, kind: 'modified' }) === null;
  };
  return paths.every(isAllowed) ? 'allow' : 'reject';
}

/** An answer in the agent's own words: this once where that is offered. */
export function answer(choice: Choice, { options }: Pick<RequestPermissionRequest, 'options'>): RequestPermissionResponse {
  const option = options.find(({ kind }) => kind === `${choice}_once`) ?? options.find(({ kind }) => kind === `${choice}_always`);
  return { outcome: option === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: option.optionId } };
}

function pathsOf({ locations, content }: Partial<ToolCallUpdate>): string[] {
  const edited = (content ?? []).flatMap((part) => (part.type === 'diff' ? [part.path] : []));
  return [...(locations ?? []).map(({ path }) => path), ...edited].map(String);
}
