import { AutoresearchError, type ExitCode } from '../errors.ts';
import type { serve } from '../mcp/serve.ts';
import type { Opened } from '../mcp/tool.ts';
import { statusNow } from './run-status.ts';

export interface McpFlags {
  readonly run?: string;
  readonly write?: boolean;
  readonly forAgent?: boolean;
  readonly as?: string;
}

/** Serves the runs of this repository to a coding agent, over standard input and output. */
export async function mcp({ run, write = false, forAgent = false, as }: McpFlags): Promise<ExitCode> {
  if (write && forAgent) {
    throw new AutoresearchError('USAGE', 'an agent that proposes cannot decide as well', { hint: 'leave out --write or --for-agent' });
  }
  const loaded = await load();
  const status = ({ repository, record }: Opened) => statusNow(repository, record);
  await loaded.serve({ cwd: process.cwd(), run, mayWrite: write, isForAgents: forAgent, as, status });
  return 0;
}

/** The protocol's library is optional: no other command needs it. */
async function load(): Promise<{ readonly serve: typeof serve }> {
  try {
    return await import('../mcp/serve.ts');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    throw new AutoresearchError('PACKAGE_MISSING', '@modelcontextprotocol/server cannot be loaded', {
      hint: 'npm install @modelcontextprotocol/server',
    });
  }
}
