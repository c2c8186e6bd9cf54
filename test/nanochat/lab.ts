import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { experimentsOf } from '../helpers/project.ts';
import { runCli, type CliEnd } from '../helpers/run-cli.ts';
import { ENVIRONMENT, PYTHON } from './environment.ts';

/** A lab of the nanochat-cpu preset, as `init` makes it, with the Python that setup.ts has installed. */
export class Lab {
  readonly dir: string;
  readonly #root: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(root: string) {
    this.#root = root;
    this.dir = join(root, 'lab');
    this.#env = { NANOCHAT_PYTHON: PYTHON, AUTORESEARCH_CACHE: join(root, 'cache') };
  }

  static async make(): Promise<Lab> {
    const root = mkdtempSync(join(tmpdir(), 'autoresearch-nanochat-'));
    const lab = new Lab(root);
    const made = await runCli(['init', 'lab', '--preset', 'nanochat-cpu'], { cwd: root });
    if (made.code !== 0) throw new Error(made.stderr);
    // A checkout may lie where the sandbox hides what is there, such as /tmp.
    appendFileSync(join(lab.dir, 'autoresearch.config.yaml'), `workspace: { readable: [${JSON.stringify(ENVIRONMENT)}] }\n`);
    return lab;
  }

  cli(...args: string[]): Promise<CliEnd> {
    return runCli(args, { cwd: this.dir, env: this.#env });
  }

  experiments() {
    return experimentsOf(this.dir, 'night');
  }

  /** A patch of train.py in a folder of them, made by replacing one line. */
  writePatch(folder: string, name: string, from: string, to: string): void {
    const file = join(this.dir, 'train.py');
    const before = readFileSync(file, 'utf8');
    if (!before.includes(`\n${from}\n`)) throw new Error(`train.py has no line ${from}`);
    writeFileSync(file, before.replace(`\n${from}\n`, `\n${to}\n`));
    const patch = execFileSync('git', ['diff', 'train.py'], { cwd: this.dir, encoding: 'utf8' });
    writeFileSync(file, before);
    mkdirSync(join(this.dir, folder), { recursive: true });
    writeFileSync(join(this.dir, folder, `${name}.patch`), patch);
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}
