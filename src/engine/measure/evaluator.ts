import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { EvaluateUse } from '../../config/types.ts';
import type { HandedData } from '../../data/hand-over.ts';
import type { CommittedExperiment, Evaluation, Reason } from '../../experiment.ts';
import { makeFolders } from '../../folders.ts';
import { mustRemove } from '../../git/force-remove.ts';
import { fileAt } from '../../git/path-bytes.ts';
import { listFiles, listTree, type Repository } from '../../git/repository.ts';
import { Worktree } from '../../git/worktree.ts';
import { failureLine, ReasonError, type ExecResult } from '../../plugin.ts';
import { readLogIfThere } from '../../read-if-there.ts';
import { handOver } from '../../sandbox/hand-over.ts';
import { evaluatorWorktree } from '../../sandbox/sandboxed-worktree.ts';
import { evaluatorLinks } from '../../sandbox/stage-links.ts';
import { createPathRule } from '../../scope.ts';
import type { Assembly } from '../session/assemble.ts';
import { Digests } from './digests.ts';
import { evaluationLogOf, evaluatorDirOf, homesDirOf, modelLogOf, scratchDirOf } from '../slots/run-paths.ts';
import { splitEnvironment } from './run-data.ts';
import { MB, runEvaluator } from './run-evaluator.ts';

interface EvaluatorInput {
  readonly assembly: Pick<Assembly, 'config' | 'sandbox' | 'processes'>;
  readonly repository: Repository;
  readonly base: string;
  readonly runDir: string;
  readonly slot: string;
  readonly data: HandedData | null;
  /** The cores that what runs there may use, where they are shared out. */
  readonly cores?: string | undefined;
  readonly warn: (message: string) => void;
}

interface EvaluationRequest {
  readonly experiment: CommittedExperiment;
  /** The project's folder in the worktree of the candidate; nothing runs there any more. */
  readonly from: string;
  readonly isHoldout: boolean;
  /** What the candidate's stage was told. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

interface Evaluated {
  readonly evaluation: Evaluation | null;
  readonly log: string;
  /** What the candidate's program said while it was asked. */
  readonly modelLog: string;
  readonly failure: Reason | null;
}

/** The second stage of trials: measures the outputs of a candidate in a place that no candidate can reach. */
export class Evaluator {
  /** The project's folder in which it runs: where its results are. */
  readonly cwd: string;
  readonly #input: EvaluatorInput;
  readonly #use: EvaluateUse;
  readonly #worktree: Worktree;
  readonly #mayEdit: (path: string) => boolean;
  readonly #logFile: string;
  readonly #modelLogFile: string;
  readonly #homesDir: string;
  readonly #digests = new Digests();

  private constructor(input: EvaluatorInput, use: EvaluateUse, worktree: Worktree) {
    this.#input = input;
    this.#use = use;
    this.#worktree = worktree;
    this.cwd = worktree.cwd;
    this.#mayEdit = createPathRule(input.assembly.config.scope);
    this.#logFile = evaluationLogOf(input.runDir, input.slot);
    this.#modelLogFile = modelLogOf(input.runDir, input.slot);
    this.#homesDir = homesDirOf(input.runDir, input.slot);
  }

  /** Null where the config measures in the trainer's own stage. */
  static async open(input: EvaluatorInput): Promise<Evaluator | null> {
    const { assembly, repository, base, runDir, slot, data, cores, warn } = input;
    const { config, sandbox } = assembly;
    const use = config.trainer.evaluate;
    if (use === undefined) return null;
    const dir = evaluatorDirOf(runDir, slot);
    const links = evaluatorLinks({ config, projectDir: repository.projectDir, files: await listFiles(repository, base) });
    const isMounted = sandbox.layer === 'bwrap';
    const worktree = await Worktree.open(repository, dir, base, { ...links, outputs: use.outputs, isMounted }, warn);
    sandbox.enter(
      evaluatorWorktree({
        config,
        repository,
        worktree,
        scratchDir: scratchDirOf(runDir, slot),
        data,
        ...(cores !== undefined && { cores }),
      }),
    );
    return new Evaluator(input, use, worktree);
  }

  async run(request: EvaluationRequest): Promise<Evaluated> {
    const { experiment, from, isHoldout, signal } = request;
    const evaluator = await this.#prepare(experiment.candidate, isHoldout);
    const nothing = { evaluation: null, log: '', modelLog: '' };
    let outputs: Record<string, string>;
    try {
      outputs = await handOver({ paths: this.#use.outputs, from, to: this.cwd, maxBytes: this.#use.maxOutputMb * MB });
    } catch (error) {
      if (!(error instanceof ReasonError)) throw error;
      return { ...nothing, failure: { code: error.code, text: error.message } };
    }
    const { result, model, refusal } = await this.#start(request);
    signal.throwIfAborted();
    const { seconds, peakMemoryMb } = result;
    const { inputs, data } = this.#use;
    const digests = { evaluator, outputs, inputs: await this.#digest(inputs), data: await this.#digest(data) };
    const predict = model && { seconds: model.seconds, batches: model.batches, peakMemoryMb: model.peakMemoryMb };
    return {
      evaluation: { seconds, peakMemoryMb, ...(predict && { predict }), ...digests },
      log: await readLogIfThere(this.#logFile),
      modelLog: model === null ? '' : await readLogIfThere(this.#modelLogFile),
      failure: refusal ?? this.#failureOf(result),
    };
  }

  async close(): Promise<void> {
    rmSync(this.#homesDir, { recursive: true, force: true });
    await this.#worktree.remove();
  }

  /** The commit without editable files, so that the evaluator cannot load them by accident. Returns the sha256 of the list. */
  async #prepare(candidate: string, isHoldout: boolean): Promise<string> {
    await this.#worktree.restore(candidate);
    const hash = createHash('sha256');
    for (const { path, id } of await listTree(this.#input.repository, candidate)) {
      const own = posix.relative(this.#input.repository.prefix, path);
      if (this.#mayEdit(own)) mustRemove(fileAt(this.cwd, own));
      else hash.update(`${id}\t${path}\n`);
    }
    if (isHoldout) this.#worktree.linkForAudit();
    return hash.digest('hex');
  }

  /** Of the person's files as they are shown now. */
  async #digest(paths: readonly string[]): Promise<Record<string, string>> {
    const digests: Record<string, string> = {};
    for (const path of paths) {
      const own = posix.normalize(path).replace(/\/$/, '');
      const source = this.#worktree.linked.find((link) => link.path === own)?.source ?? join(this.cwd, own);
      digests[path] = await this.#digests.of(source);
    }
    return digests;
  }

  async #start({ from, isHoldout, env, signal }: EvaluationRequest): ReturnType<typeof runEvaluator> {
    const { assembly, data } = this.#input;
    const home = await this.#freshHome();
    const own = { ...env, ...splitEnvironment(data, isHoldout), ...(home !== null && { HOME: home, TMPDIR: home }) };
    try {
      return await runEvaluator({
        use: this.#use,
        assembly,
        evaluator: { cwd: this.cwd, env: own, logFile: this.#logFile },
        candidate: { cwd: from, env, logFile: this.#modelLogFile },
        signal,
      });
    } finally {
      if (home !== null) await rm(home, { recursive: true, force: true });
    }
  }

  /** In a sandbox the home folder is new and empty anyway; without one, a candidate may have left files in the user's home. */
  async #freshHome(): Promise<string | null> {
    if (this.#input.assembly.sandbox.layer !== 'none') return null;
    makeFolders(this.#homesDir);
    return mkdtempSync(join(this.#homesDir, 'home-'));
  }

  #failureOf({ exit, exitCode, signal, spawnError, tail }: ExecResult): Reason | null {
    const breach = this.#input.assembly.sandbox.takeBreach(this.#worktree.dir);
    if (breach !== null) return { ...breach, text: `the evaluator: ${breach.text}` };
    if (exit === 'completed') return null;
    if (exit === 'timed-out') return { code: 'EVALUATION_TIMED_OUT', text: `the evaluator did not end within ${this.#use.timeout}` };
    const how = spawnError ? `did not run (${spawnError})` : signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
    return { code: 'EVALUATION_FAILED', text: [`the evaluator ${how}`, failureLine(tail)].filter(Boolean).join(': ') };
  }
}
