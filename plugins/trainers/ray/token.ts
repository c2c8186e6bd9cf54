import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface TokenOptions {
  readonly tokenEnv: string;
  readonly tokenFile?: string | undefined;
}

/**
 * What a request must carry: the token, from where Ray's own clients have it, and the headers of RAY_JOB_HEADERS, for proxies.
 * It is read anew each time, since tokens are replaced while a run goes on.
 * @throws Error where a file that was named cannot be read
 */
export function readHeaders({ tokenEnv, tokenFile }: TokenOptions, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const token = tokenFile === undefined ? env[tokenEnv] || fromFile(env) : readFileSync(tokenFile, 'utf8');
  return { ...extraHeaders(env), ...(token && { authorization: `Bearer ${token.trim()}` }) };
}

function fromFile(env: NodeJS.ProcessEnv): string | undefined {
  const file = env['RAY_AUTH_TOKEN_PATH'];
  if (file) return readFileSync(file, 'utf8');
  const usual = join(homedir(), '.ray', 'auth_token');
  return existsSync(usual) ? readFileSync(usual, 'utf8') : undefined;
}

function extraHeaders(env: NodeJS.ProcessEnv): Record<string, string> {
  const text = env['RAY_JOB_HEADERS'];
  if (!text) return {};
  const given: unknown = JSON.parse(text);
  if (typeof given !== 'object' || given === null) throw new Error('RAY_JOB_HEADERS must be an object in JSON');
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]));
}
