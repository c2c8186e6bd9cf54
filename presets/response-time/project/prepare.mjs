// PROTECTED: run before a run. The load comes from autocannon, which nothing else of autoresearch needs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findAutocannon, INSTALL } from './load.mjs';

const here = import.meta.dirname;
const isCheck = process.argv.includes('--check');

if (findAutocannon() !== null) end('autocannon is there');
if (isCheck) fail(`autocannon is not installed: ${INSTALL}`);
// A project with packages of its own decides about them itself.
if (existsSync(join(here, 'package.json'))) fail(`autocannon is not installed; in the project: ${INSTALL}`);
console.log('fetching autocannon into node_modules');
const options = ['--prefix', here, '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
const { error, status } = spawnSync('npm', ['install', ...options, 'autocannon@^9'], { cwd: here, stdio: 'inherit' });
if (error || status !== 0 || findAutocannon() === null)
  fail(`autocannon could not be fetched${error ? ` (npm: ${error.code})` : ''}; where there is a network: ${INSTALL}`);
end('autocannon is there');

function end(text) {
  console.log(text);
  process.exit(0);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
