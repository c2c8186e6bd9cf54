#!/usr/bin/env node
/** The one place that sets the exit code. Loads nothing before it knows that this Node can run it. */
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `NODE_TOO_OLD autoresearch needs Node 22.18 or newer, and this is ${process.version}\n  install a newer Node, or run it through: npx -p node@24 -p autoresearch autoresearch\n`,
  );
  process.exitCode = 3;
} else {
  enableCompileCache();
  // A run starts many processes, and starting one costs more the larger this one is: the young heap stays small.
  setFlagsFromString('--semi-space-growth-factor=1');
  const [first] = process.argv.slice(2);
  if (first === '--version' || first === '-V') {
    const { ownPackage } = await import('./plugins/package.ts');
    process.stdout.write(`${ownPackage().version}\n`);
  } else {
    const { main } = await import('./main.ts');
    process.exitCode = await main(process.argv.slice(2));
  }
}
