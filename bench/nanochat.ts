import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

// Finds a Python with what the preset needs and lets it measure: npm run bench:nanochat -- --help
const PACKAGES = 'torch, numpy, tokenizers';
const candidates = [process.env['NANOCHAT_PYTHON'], join(import.meta.dirname, '../.cache/nanochat/env/bin/python'), 'python3'];

const python = candidates
  .filter((program) => program !== undefined)
  .find((program) => (program === 'python3' || existsSync(program)) && spawnSync(program, ['-c', `import ${PACKAGES}`]).status === 0);
if (python === undefined) {
  console.error(`bench:nanochat needs a Python with ${PACKAGES}; name one: NANOCHAT_PYTHON=/path/to/python npm run bench:nanochat`);
  process.exitCode = 3;
} else {
  const { status } = spawnSync(python, [join(import.meta.dirname, 'nanochat/bench.py'), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
