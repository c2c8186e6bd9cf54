import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** Is there a program that lends a terminal to another one? */
export const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

interface Terminal {
  readonly columns?: number;
  readonly cwd?: string;
  /** Where the program's stdout goes, if not to the terminal. */
  readonly stdout?: string;
}

/** All that a program sends to its terminal, whatever it ends with. */
export async function atTerminal(argv: readonly string[], { columns = 80, cwd, stdout }: Terminal = {}): Promise<string> {
  const quoted = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const command = `stty cols ${columns} rows 24; ${quoted}${stdout === undefined ? '' : ` > '${stdout}'`}; true`;
  const env = { ...process.env, TERM: 'xterm-256color', SHELL: '/bin/sh' };
  return (await promisify(execFile)('script', ['-qec', command, '/dev/null'], { env, cwd })).stdout;
}

/** What stays on the screen once everything was drawn: just enough of a terminal to follow the codes in use. */
export function screenOf(output: string): string[] {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  // oxlint-disable-next-line no-control-regex -- these are the codes to follow
  for (const [code, , parameter = '', final] of output.matchAll(/\u001b(\[([?\d;]*)([A-Za-z])|[78])|\r|\n|[^\u001b\r\n]/gu)) {
    const amount = Number(parameter || 1);
    if (code === '\n') row++;
    else if (code === '\r' || final === 'G') column = 0;
    else if (final === 'A') row = Math.max(0, row - amount);
    else if (final === 'B') row += amount;
    else if (final === 'K') lines[row] = parameter === '2' ? '' : (lines[row] ?? '').slice(0, column);
    else if (!code.startsWith('\u001b')) {
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + code + line.slice(column + 1);
      column++;
    }
    while (lines.length <= row) lines.push('');
  }
  return lines.map((line) => line.trimEnd());
}
