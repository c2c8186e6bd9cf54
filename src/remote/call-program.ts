import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { PluginContext } from '../contract/context.ts';

interface Call {
  /** A file that becomes the program's input. */
  readonly input?: string | undefined;
  readonly timeoutMs: number;
  /** How errors call it, where that is not its first word. */
  readonly name?: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs a client program such as ssh or sbatch, and gives what it printed to stdout, byte by byte.
 * @throws Error with what it said, where it does not end with exit code 0
 */
export async function callProgram(
  { exec, projectDir }: Pick<PluginContext, 'exec' | 'projectDir'>,
  argv: readonly [string, ...string[]],
  { input, timeoutMs, env, name = argv[0] }: Call,
): Promise<Buffer> {
  const out: Uint8Array[] = [];
  const result = await exec(argv, {
    cwd: projectDir,
    timeoutMs,
    env,
    async talk({ stdin, stdout }) {
      const sent = input === undefined ? stdin.close() : Readable.toWeb(createReadStream(input)).pipeTo(stdin);
      // A program that ends early does not read all of it; its exit code says more.
      await Promise.all([sent.catch(() => {}), collect(stdout, out)]);
    },
  });
  if (result.exit === 'completed' && result.exitCode === 0) return Buffer.concat(out);
  const said = result.spawnError ?? (result.tail.trim().split('\n').at(-1) || `exit code ${result.exitCode}`);
  throw new Error(`${name}: ${result.exit === 'timed-out' ? `no answer within ${timeoutMs / 1000} s` : said}`);
}

async function collect(stream: ReadableStream<Uint8Array>, out: Uint8Array[]): Promise<void> {
  for await (const chunk of stream) out.push(chunk);
}
