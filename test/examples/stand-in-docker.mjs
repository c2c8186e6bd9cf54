#!/usr/bin/env node
/**
 * Stands for docker: notes its arguments, and runs the command in the mounted folder as a process of its own group,
 * which, like a container, outlives this program. `rm --force NAME` ends it.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const state = process.env.STAND_IN_STATE ?? join(import.meta.dirname, 'state');
mkdirSync(state, { recursive: true });
const args = process.argv.slice(2);
appendFileSync(join(state, 'calls.jsonl'), `${JSON.stringify(args)}\n`);

if (args[0] === 'image') {
  if (args[2].includes('unknown')) {
    console.error(`Error: No such image: ${args[2]}`);
    process.exitCode = 1;
  }
} else if (args[0] === 'rm') {
  try {
    process.kill(-Number(readFileSync(join(state, args[2]), 'utf8')), 'SIGKILL');
  } catch {
    console.error(`Error: No such container: ${args[2]}`);
    process.exitCode = 1;
  }
} else {
  const image = args.findIndex((arg, at) => at > 0 && !arg.startsWith('-'));
  const value = (flag) => args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3);
  const names = args.filter((arg) => arg.startsWith('--env=')).map((arg) => arg.slice('--env='.length));
  const env = { PATH: process.env.PATH, ...Object.fromEntries(names.map((name) => [name, process.env[name]])) };
  const [program, ...rest] = args.slice(image + 1);
  const child = spawn(program, rest, { cwd: value('volume').split(':')[0], env, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(join(state, value('name')), String(child.pid));
  child.on('close', (code) => (process.exitCode = code ?? 137));
}
