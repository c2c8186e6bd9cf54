/** A page of docs as a script: its files are written and its commands run, each in the order of the page. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** `<!-- file: NAME -->` before a block, or a block of `console` lines. */
const BLOCK = /<!-- file: (?<file>\S+) -->\n\n```\w+\n(?<content>.*?)```|```console\n(?<lines>.*?)```/gs;

/** What a terminal shows in one live line. */
const PROGRESS = /^#\d+ (proposing|training|auditing).*\n/gm;

/** The page with the outputs that its commands have now. Lines that start with `$ ` are commands; what follows them is their output. */
export function playPage(page: string): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'autoresearch-page-')));
  try {
    const shell = new Shell(top);
    return page.replace(BLOCK, (block: string, ...rest: unknown[]) => {
      const { file, content, lines } = rest.at(-1) as Record<'file' | 'content' | 'lines', string | undefined>;
      if (file !== undefined) shell.write(file, content ?? '');
      if (lines === undefined) return block;
      const commands = lines.split('\n').flatMap((line) => (line.startsWith('$ ') ? [line.slice(2)] : []));
      return `\`\`\`console\n${commands.map((command) => `$ ${command}\n${shell.run(command)}`).join('')}\`\`\``;
    });
  } finally {
    rmSync(top, { recursive: true, force: true, maxRetries: 3 });
  }
}

class Shell {
  readonly #env: Readonly<Record<string, string>>;
  #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    // npx finds the command of this checkout; npm has nothing to install.
    const node = JSON.stringify(process.execPath);
    const programs = {
      npx: `shift; exec ${node} ${JSON.stringify(join(root, 'src/cli.ts'))} "$@"`,
      npm: 'test "$1" != init || echo {} > package.json',
    };
    for (const [name, line] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${line}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    const kept = Object.entries(process.env).filter(
      ([name, value]) => value !== undefined && !/^(GIT_|NODE_|VITEST|AUTORESEARCH_)/.test(name),
    );
    const who = ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, 'Ada Lovelace'],
      [`GIT_${role}_EMAIL`, 'ada@example.org'],
    ]);
    this.#env = {
      ...(Object.fromEntries([...kept, ...who]) as Record<string, string>),
      PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: dir,
      NO_COLOR: '1',
      COLUMNS: '80',
    };
  }

  write(file: string, content: string): void {
    mkdirSync(dirname(join(this.#dir, file)), { recursive: true });
    writeFileSync(join(this.#dir, file), content);
  }

  /** Runs a command and gives its output, both streams; a change of folder holds for the next one. */
  run(command: string): string {
    const { stdout } = spawnSync('sh', ['-c', `{ ${command}\n} 2>&1; printf '\\0%s' "$PWD"`], {
      cwd: this.#dir,
      env: this.#env,
      encoding: 'utf8',
      timeout: 600_000,
    });
    const [output = '', dir] = stdout.split('\0');
    if (dir === undefined) throw new Error(`the command ended the shell: ${command}\n${output}`);
    const shown = output.replaceAll(PROGRESS, '').replaceAll(this.#dir, '.').trimEnd();
    this.#dir = dir;
    return shown === '' ? '' : `${shown.replaceAll(/ +$/gm, '')}\n`;
  }
}
