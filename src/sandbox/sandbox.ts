import { existsSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import type { Config } from '../config/types.ts';
import { AutoresearchError } from '../errors.ts';
import type { ExecResult, Log, PluginContext } from '../contract/context.ts';
import type { Kind } from '../contract/definition.ts';
import type { Reason } from '../experiment.ts';
import { makeFolders } from '../folders.ts';
import type { Reaper } from '../process/reaper.ts';
import type { SpawnOptions } from '../process/exec.ts';
import type { Limits } from '../process/limits.ts';
import type { ProcessSession } from '../process/session.ts';
import { adviceFor } from './advice.ts';
import { bwrapOptions, memoryFoldersOf, type Rights } from './bwrap.ts';
import { isWithin } from './tool-folders.ts';
import { resolvePath } from './paths.ts';
import { seatbeltProfile } from './seatbelt.ts';
import type { SandboxedWorktree } from './sandboxed-worktree.ts';
import { filtered, findProgram, probe, type Layer, type Probed } from './probe.ts';

/** Who starts a program: a kind of plugin, or the engine for the candidate's program that answers predictions. */
type Starter = Kind | 'model';
type Exec = (argv: Parameters<PluginContext['exec']>[0], options?: SpawnOptions) => Promise<ExecResult>;

interface Surroundings {
  readonly projectDir: string;
  readonly log: Pick<Log, 'warn'>;
}

/** Runs the programs of plugins inside their worktree. */
export class Sandbox {
  readonly layer: Layer;
  /** For people: which layer it is, and why. */
  readonly text: string;
  /** Set if the config requires a sandbox that is not available. */
  readonly problem: AutoresearchError | null;
  readonly #bwrap: string;
  readonly #filter: Uint8Array | null;
  readonly #reaper: Reaper | null;
  readonly #seatbelt: string | null;
  readonly #config: Pick<Config, 'trainer' | 'workspace'>;
  readonly #projectDir: string;
  readonly #worktrees = new Set<SandboxedWorktree>();
  readonly #breaches = new Map<SandboxedWorktree, Reason>();
  readonly #advised = new Set<string>();
  readonly #log: Pick<Log, 'warn'>;

  constructor({ layer, bwrap, text, filter, reaper, seatbelt }: Probed, config: Config, { projectDir, log }: Surroundings) {
    this.#log = log;
    this.layer = layer;
    this.text = text;
    this.problem = config.sandbox === 'bwrap' && layer === 'none' ? unavailable(text) : null;
    this.#bwrap = bwrap;
    this.#filter = filter;
    this.#reaper = reaper;
    this.#seatbelt = seatbelt ?? null;
    this.#config = config;
    this.#projectDir = projectDir;
  }

  static async open(config: Config, surroundings: Surroundings): Promise<Sandbox> {
    return new Sandbox(await probe(config.sandbox), config, surroundings);
  }

  /** From here on, programs of plugins run in the sandboxed worktree that their folder belongs to. */
  enter(sandboxed: SandboxedWorktree): void {
    if (this.problem) throw this.problem;
    if (this.layer === 'bwrap') for (const path of this.#paths('writable')) makeFolder(path);
    this.#worktrees.add(sandboxed);
  }

  /** Why the last trial there was ended, when it was for a limit; asking forgets it. */
  takeBreach(dir: string): Reason | null {
    const sandboxed = [...this.#worktrees].find(({ worktree }) => worktree.dir === dir);
    const reason = sandboxed && this.#breaches.get(sandboxed);
    if (sandboxed) this.#breaches.delete(sandboxed);
    return reason ?? null;
  }

  /** The `exec` of a kind of plugin. Reporters and objectives run nothing of a candidate's, so they are free. */
  execFor(kind: Starter, processes: ProcessSession): Exec {
    const free: Exec = processes.exec.bind(processes);
    if (kind === 'reporter' || kind === 'objective') return free;
    return async (argv, options = {}) => {
      const cwd = resolve(options.cwd ?? this.#projectDir);
      const sandboxed = this.#worktreeAt(cwd);
      if (sandboxed === undefined) return free(argv, options);
      const env = options.env ?? processes.env;
      const limited = kind === 'agent' ? argv : this.#withFileLimit(withCores(argv, sandboxed, env));
      const limits = kind === 'agent' ? null : this.#limits(sandboxed);
      const program = argv[0].includes('/') ? sourceOf(sandboxed, resolve(cwd, argv[0])) : argv[0];
      if (findProgram(program, env['PATH']) === null) return notStarted(existsSync(program) ? 'EACCES' : 'ENOENT');
      if (this.layer === 'none') {
        return processes.exec(this.#inSeatbelt(limited, kind, sandboxed), { ...options, limits, reaper: this.#reaper });
      }
      const wrapped = [
        this.#bwrap,
        ...filtered(this.#filter, options.onChannel ? 5 : 3),
        ...bwrapOptions(sandboxed, this.#rightsOf(kind, sandboxed), { cwd, argv, env }),
        '--',
        ...limited,
      ] as const;
      const inside = { ...env, ...(env['TMPDIR'] !== undefined && { TMPDIR: '/tmp' }) };
      const result = await processes.exec([...wrapped], {
        ...options,
        limits,
        cwd,
        env: inside,
        isLaunched: true,
        lastInput: this.#filter,
        memoryFolders: memoryFoldersOf(env),
      });
      if (result.exit === 'failed') this.#advise(kind === 'model' ? 'trainer' : kind, result.tail);
      return result;
    };
  }

  /** Coding agents bring a sandbox of their own, which does not start within another one. */
  #inSeatbelt(argv: readonly [string, ...string[]], kind: Starter, sandboxed: SandboxedWorktree): readonly [string, ...string[]] {
    if (this.#seatbelt === null || kind === 'agent') return argv;
    return [this.#seatbelt, '-p', seatbeltProfile(sandboxed, this.#rightsOf(kind, sandboxed)), ...argv];
  }

  /** Said once for each, because a run may fail in the same way many times. */
  #advise(kind: Kind, tail: string): void {
    const advice = adviceFor(kind, tail);
    if (advice === null || this.#advised.has(advice)) return;
    this.#advised.add(advice);
    this.#log.warn(advice);
  }

  #worktreeAt(cwd: string): SandboxedWorktree | undefined {
    const all = [...this.#worktrees];
    const at = all.find(({ worktree, scratchDir }) => isWithin(cwd, worktree.dir) || isWithin(cwd, scratchDir));
    // From elsewhere, as from the project's folder, a program belongs to no slot; it is held to the limits of the first one.
    return at ?? all.find(({ isEvaluator }) => !isEvaluator);
  }

  #rightsOf(kind: Starter, { isEvaluator }: SandboxedWorktree): Rights {
    const readable = this.#paths('readable');
    const writable = this.#paths('writable');
    if (isEvaluator) {
      // Files that a candidate can write must not reach the evaluator.
      const apart = readable.filter((path) => !writable.some((other) => isWithin(path, other) || isWithin(other, path)));
      return { role: 'evaluator', isSealed: false, hasNetwork: false, readable: apart, writable: [] };
    }
    const { network, evaluate } = this.#config.trainer;
    if (kind === 'model') return { role: 'model', isSealed: true, hasNetwork: network, readable, writable: [] };
    const role = kind === 'agent' ? 'agent' : 'trial';
    return { role, isSealed: role === 'trial' && evaluate !== undefined, hasNetwork: role === 'agent' || network, readable, writable };
  }

  #paths(key: 'readable' | 'writable'): string[] {
    return this.#config.workspace[key].map((path) => resolvePath(path, this.#projectDir));
  }

  // In blocks of 512 bytes, as POSIX has it; a program's own children are held to it too.
  #withFileLimit(argv: readonly [string, ...string[]]): readonly [string, ...string[]] {
    const { maxFileMb } = this.#config.trainer;
    return maxFileMb === undefined ? argv : ['sh', '-c', `ulimit -f ${Math.ceil(maxFileMb * 2048)} && exec "$@"`, 'sh', ...argv];
  }

  #limits(sandboxed: SandboxedWorktree): Limits | null {
    const { maxMemoryMb, maxProcesses, maxDiskMb } = this.#config.trainer;
    const most = { maxMemoryMb, maxProcesses, maxDiskMb };
    if (Object.values(most).every((limit) => limit === undefined)) return null;
    const folders = [sandboxed.worktree.dir, ...this.#paths('writable')];
    return { ...most, folders, onOver: (limit, used) => void this.#breaches.set(sandboxed, breachOf(limit, used, most[limit] ?? 0)) };
  }
}

/** Keeps the processes of one slot off the cores of other slots. */
function withCores(argv: readonly [string, ...string[]], { cores }: SandboxedWorktree, env: Readonly<Record<string, string>>): typeof argv {
  if (cores === undefined || findProgram('taskset', env['PATH']) === null) return argv;
  return ['taskset', '-c', cores, ...argv];
}

function breachOf(limit: Parameters<Limits['onOver']>[0], used: number, most: number): Reason {
  const [code, what] = {
    maxMemoryMb: ['OUT_OF_MEMORY', `its processes used ${Math.round(used)} MiB`],
    maxProcesses: ['PROCESS_LIMIT', `it had ${used} processes`],
    maxDiskMb: ['DISK_LIMIT', `it wrote ${Math.round(used)} MiB`],
  }[limit] as [string, string];
  return { code, text: `${what}, and trainer.${limit} is ${most}` };
}

/** Where a file lies that is seen through a mount; from here the worktree has an empty folder in its place. */
function sourceOf({ worktree }: SandboxedWorktree, file: string): string {
  const link = worktree.linked.find(({ path }) => isWithin(file, join(worktree.cwd, path)));
  return link === undefined ? file : join(link.source, relative(join(worktree.cwd, link.path), file));
}

/** Only what exists can be mounted. What has an ending is meant to be a file, and is left to whoever writes it. */
function makeFolder(path: string): void {
  if (!existsSync(path) && extname(path) === '') makeFolders(path);
}

function unavailable(text: string): AutoresearchError {
  return new AutoresearchError('SANDBOX_UNAVAILABLE', `the config asks for sandbox: bwrap, but there is only ${text}`, {
    hint: 'make bwrap work (docs/security.md), or write sandbox: auto to go on without it',
  });
}

function notStarted(spawnError: string): ExecResult {
  const nothing = { exitCode: null, signal: null, seconds: 0, peakMemoryMb: null, tail: '', outputBytes: 0, droppedBytes: 0 };
  return { ...nothing, exit: 'failed', spawnError };
}
