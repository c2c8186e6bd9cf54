import type { AnyDefinition, Brief, Team } from '../plugin.ts';
import type { PluginTest } from './cases.ts';
import { makeBrief, makeContext } from './context.ts';
import { Breach, expectThat, lawsOf } from './law.ts';
import { createFrom } from './options.ts';
import { makeRunView, makeSummary } from './records.ts';
import type { Runner } from './runner.ts';

const MEMBERS = Object.freeze(['first', 'second', 'third']);
const ROUNDS = 20;

/** The rules for teams: one returns members, each at most once, and its answer depends only on history and seed. */
export function testTeam(runner: Runner, definition: AnyDefinition, test: PluginTest<'agent'>): void {
  const law = lawsOf(runner, definition, test);
  const make = () => createFrom(definition, test.cases?.options ?? test.options.valid[0] ?? {}, makeContext()) as Team;

  law('orders its members', 'members by their names, each at most once, for any history', async () => {
    const team = make();
    for (const brief of briefs(test.cases?.brief)) {
      const order = check(team.order(MEMBERS, brief));
      expectThat(new Set(order).size === order.length, `a member twice: ${order.join(', ')}`);
      expectThat(
        order.every((name) => MEMBERS.includes(name)),
        `${order.join(', ')}, of the members ${MEMBERS.join(', ')}`,
      );
    }
  });

  law('remembers nothing that is not in the history', 'the same order from a new instance, as after a resume', async () => {
    const team = make();
    for (const brief of briefs(test.cases?.brief)) {
      const [before, after] = [team, make()].map((instance) => check(instance.order(MEMBERS, brief)).join(', '));
      expectThat(before === after, `${before}, and from a new instance ${after}`);
    }
  });
}

function check(order: unknown): readonly string[] {
  if (!Array.isArray(order)) throw new Breach(`${JSON.stringify(order)}, which is no list`);
  return order.map(String);
}

/** One run that goes on, its experiments by members, by the engine and by one that is not a member. */
function briefs(partial: Partial<Brief> = {}): Brief[] {
  const makers = [...MEMBERS, 'engine', 'stranger'];
  const history = Array.from({ length: ROUNDS }, (_, id) =>
    makeSummary({
      id,
      agent: makers[id % makers.length] ?? 'engine',
      verdict: id % 3 === 0 ? 'keep' : 'discard',
      delta: id % 3 === 0 ? -0.1 : 0.1,
    }),
  );
  return history.map((_, id) => makeBrief({ id, seed: id + 1, run: makeRunView({ history: history.slice(0, id) }), ...partial }));
}
