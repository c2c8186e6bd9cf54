import type { Preflight } from '../../../src/plugin.ts';

/** Reports a variable that is not set, or that holds no address of the web. Never shows what it holds: that can be a secret. */
export function requireAddress(preflight: Preflight, plugin: string, variable: string, first = ''): void {
  const value = process.env[variable];
  const hint = `${first}export ${variable}=http://…`;
  if (!value) preflight.problem('REPORTER_NOT_READY', `${plugin}: the variable ${variable} is not set`, hint);
  else if (!/^https?:\/\//.test(value) || !URL.canParse(value))
    preflight.problem('REPORTER_NOT_READY', `${plugin}: ${variable} holds no address that begins with http:// or https://`, hint);
}
