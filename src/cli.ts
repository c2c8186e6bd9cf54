#!/usr/bin/env node
/**
 * The one place that sets the exit code. It must be read by every Node, also by those that cannot run the rest: no static
 * import, and no syntax that is younger than import() itself.
 */
const version = process.versions.node.split('.');
const major = Number(version[0]);

if (process.platform === 'win32') {
  process.stderr.write(
    'WINDOWS_UNSUPPORTED autoresearch does not run on Windows itself\n' +
      '  it runs inside WSL, the Linux that comes with Windows: wsl --install, then install Node and autoresearch there\n',
  );
  process.exitCode = 3;
} else if (major < 22 || (major === 22 && Number(version[1]) < 18)) {
  process.stderr.write(
    'NODE_TOO_OLD autoresearch needs Node 22.18 or newer, and this is ' +
      process.version +
      '\n  install a newer Node, or run it through: npx -p node@24 -p autoresearch autoresearch\n',
  );
  process.exitCode = 3;
} else {
  void import('./start.ts')
    .then(function (module) {
      return module.start(process.argv.slice(2));
    })
    .then(function (code) {
      process.exitCode = code;
    });
}

export {};
