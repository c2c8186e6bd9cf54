/** Starts the command line, once it is known that this Node can run it. */
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { ExitCode } from './errors.ts';

/** Runs the command line: argv without node and script → exit code. */
export async function start(argv: readonly string[]): Promise<ExitCode> {
  enableCompileCache();
  // A run starts many processes, and starting one costs more the larger this one is: the young heap stays small.
  setFlagsFromString('--semi-space-growth-factor=1');
  endQuietly(process.stdout);
  endQuietly(process.stderr);
  const [first] = argv;
  if (first === '--version' || first === '-V') {
    const { ownPackage } = await import('./plugins/package.ts');
    process.stdout.write(`${ownPackage().version}\n`);
    return 0;
  }
  const { main } = await import('./main.ts');
  return main(argv);
}

/** The reader of the output may end first, as `head` does, or a terminal that is closed: that is not an error. */
function endQuietly(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && !(stream.isTTY && error.code === 'EIO')) throw error;
  });
}
