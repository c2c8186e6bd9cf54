import type { EvaluateUse } from '../../config/types.ts';
import { parseDuration } from '../../duration.ts';
import { messageOf } from '../../errors.ts';
import type { Reason } from '../../experiment.ts';
import { ReasonError, type ExecResult } from '../../plugin.ts';
import type { Assembly } from '../session/assemble.ts';
import { relayPredictions } from './relay-predictions.ts';
import { ServedModel } from './served-model.ts';

export const MB = 1024 * 1024;

export interface Party {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

interface RunEvaluatorInput {
  readonly use: EvaluateUse;
  readonly assembly: Pick<Assembly, 'sandbox' | 'processes'>;
  readonly evaluator: Party;
  /** Who answers, where the evaluator asks. */
  readonly candidate: Party;
  readonly signal: AbortSignal;
}

interface EvaluatorRun {
  readonly result: ExecResult;
  readonly model: ServedModel | null;
  /** Why the conversation of the two failed. */
  readonly refusal: Reason | null;
}

/** Runs the evaluator, and beside it the candidate's program that it asks; leaves no process of either behind. */
export async function runEvaluator({ use, assembly, evaluator, candidate, signal }: RunEvaluatorInput): Promise<EvaluatorRun> {
  const [program = '', ...args] = use.run;
  const stop = new AbortController();
  const model = serve({ use, assembly, candidate, signal });
  let isOver = false;
  let refusal: Reason | null = null;
  let relayed: Promise<void> = Promise.resolve();
  const refuse = (error: unknown): void => {
    // Once the evaluator has ended, no answer is needed any more.
    if (isOver) return;
    refusal =
      error instanceof ReasonError ? { code: error.code, text: error.message } : { code: 'EVALUATION_FAILED', text: messageOf(error) };
    stop.abort();
  };
  try {
    const result = await assembly.sandbox.execFor('trainer', assembly.processes)([program, ...args], {
      ...evaluator,
      timeoutMs: parseDuration(use.timeout),
      signal: AbortSignal.any([signal, stop.signal]),
      ...(model && {
        onChannel: ({ down, up }) => {
          relayed = relayPredictions({ requests: up, answers: down }, model, use.maxOutputMb * MB).catch(refuse);
        },
      }),
    });
    return { result, model, refusal };
  } finally {
    isOver = true;
    await model?.end();
    await relayed;
    await model?.end();
  }
}

function serve({ use, assembly, candidate, signal }: Omit<RunEvaluatorInput, 'evaluator'>): ServedModel | null {
  if (use.predict === undefined) return null;
  const [program = '', ...args] = use.predict.run;
  const { sandbox, processes } = assembly;
  return new ServedModel({
    timeoutMs: parseDuration(use.predict.timeout),
    maxLineBytes: use.maxOutputMb * MB,
    start: (talk) => sandbox.execFor('model', processes)([program, ...args], { ...candidate, isOutputUnlogged: true, signal, talk }),
  });
}
