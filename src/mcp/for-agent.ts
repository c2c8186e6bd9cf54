import { extname, join } from 'node:path';

/** The name under which a proposing agent knows the server: its tools are called by it. */
export const HISTORY_SERVER = 'autoresearch';

/** A server of the Model Context Protocol, as agents start it: in the folder they work in, with as few variables as they like. */
export interface HistoryServer {
  readonly command: string;
  readonly args: readonly string[];
}

/** Gives the agent that proposes for a run what was tried in it, and nothing of audits, held-out data or decisions. */
export function historyServer(run: string): HistoryServer {
  const cli = join(import.meta.dirname, `../cli${extname(import.meta.filename)}`);
  return { command: process.execPath, args: [cli, 'mcp', '--for-agent', '--run', run] };
}

/** Can the server be started at all? Its library is optional. */
export async function canServeHistory(): Promise<boolean> {
  return import('@modelcontextprotocol/server').then(
    () => true,
    () => false,
  );
}
