import { definePlugin, type Agent, type AgentResult, type Brief, type PluginContext } from '../../../src/plugin.ts';
import { Memory } from './memory.ts';
import { fitModel, type Model } from './model.ts';
import type { Situation } from './moves.ts';
import { toParameters, type Parameter, type Values } from './parameter.ts';
import { planMove } from './plan.ts';
import { createRandom } from './random.ts';
import { schema } from './schema.ts';
import { readAt, readFrom, readValues, writeValues } from './values.ts';
import { verify } from './verify.ts';
import { tell } from './report.ts';

export default definePlugin({
  kind: 'agent',
  name: 'search',
  apiVersion: 1,
  description: 'Searches the values of named parameters in source and config files, without a model.',
  schema,
  create: (options, context): Agent => {
    const parameters = toParameters(options.parameters);
    let session = new Session(parameters, context);
    return {
      verify: (preflight) => verify(options.parameters, preflight),
      propose: (brief) => {
        if (!session.continues(brief)) session = new Session(parameters, context);
        return session.propose(brief);
      },
    };
  },
});

/** One run's memory. All of it can be rebuilt from the run's history and its commits. */
class Session {
  readonly #parameters: readonly Parameter[];
  readonly #context: PluginContext;
  readonly #memory: Memory;
  readonly #valuesAt = new Map<string, Values>();
  /** By experiment, what this process has proposed. */
  readonly #proposed = new Map<number, Values>();
  #run: string | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parameters: readonly Parameter[], context: PluginContext) {
    this.#parameters = parameters;
    this.#context = context;
    this.#memory = new Memory(parameters);
  }

  continues({ run }: Brief): boolean {
    return (this.#run === null || this.#run === run.name) && run.history.length >= this.#memory.folded;
  }

  /** One proposal at a time, also where several experiments are in flight: each must know of those before. */
  propose(brief: Brief): Promise<AgentResult> {
    const next = this.#turn.then(() => this.#propose(brief));
    this.#turn = next.catch(() => undefined);
    return next;
  }

  async #propose(brief: Brief): Promise<AgentResult> {
    if (brief.signal.aborted) return { status: 'failed', kind: 'cancelled', message: 'the run is being stopped' };
    const { run } = brief;
    this.#run = run.name;
    const present = await readValues(this.#parameters, readFrom(brief.cwd));
    const parameters = this.#parameters.filter(({ key }) => present[key] !== undefined);
    if (parameters.length === 0) return { status: 'exhausted', reason: 'none of the parameters can be found in the incumbent’s files' };

    this.#valuesAt.set(brief.parent, present);
    await this.#memory.fold(run, (commit) => this.#read(commit, brief));
    this.#memory.see(present);
    this.#memory.expect(await this.#inFlight(brief));
    let fitted: Model | undefined;
    const model = () => (fitted ??= fitModel(parameters, present, this.#memory.observations));
    const situation: Situation = {
      parameters,
      present,
      parent: brief.parent,
      memory: this.#memory,
      random: createRandom(brief.seed, brief.attempt),
      model,
    };
    const move = planMove(situation);
    if (move === null) return { status: 'exhausted', reason: 'every combination of the parameters’ values has been tried' };
    this.#proposed.set(brief.id, { ...present, ...move.values });
    await writeValues(brief.cwd, parameters, move.values);
    return { status: 'proposed', report: tell({ move, parameters, present, objective: run.objective, model }) };
  }

  /** The values that other experiments are trying now. */
  async #inFlight(brief: Brief): Promise<Values[]> {
    const others = brief.run.pending.filter(({ id }) => id !== brief.id);
    for (const id of this.#proposed.keys()) if (!others.some((other) => other.id === id)) this.#proposed.delete(id);
    return Promise.all(
      others.map(async ({ id, basis, params }) => this.#proposed.get(id) ?? { ...(await this.#read(basis.commit, brief)), ...params }),
    );
  }

  async #read(commit: string, brief: Brief): Promise<Values> {
    const known = this.#valuesAt.get(commit);
    if (known !== undefined) return known;
    const values = await readValues(this.#parameters, readAt(commit, brief, this.#context));
    this.#valuesAt.set(commit, values);
    return values;
  }
}
