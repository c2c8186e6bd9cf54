import type { Direction, Report } from '../../../src/plugin.ts';
import type { Past } from './memory.ts';
import type { Move, MoveKind } from './moves.ts';
import type { Model } from './model.ts';
import type { Parameter, Values } from './parameter.ts';
import { toUnit } from './space.ts';

const WHY: Readonly<Record<MoveKind, string>> = {
  'first look':
    'First look: nothing has been tried with it yet, so it is changed alone, with a large step towards where its range has more room.',
  'follow-up': 'Follow-up: the last change was kept, so this one goes on in the same direction.',
  'local step': 'Local step: of all parameters these promise most, by curves fitted to the changes of the score so far.',
  recombination: 'Recombination: each of these changes came close to a keep alone; together they may be enough.',
  'random draw': 'Random draw: new values from the whole range, to find what steps from the incumbent cannot reach.',
  'systematic search': 'Systematic search: one of the few combinations that have not been tried.',
};

interface Told {
  readonly move: Move;
  readonly parameters: readonly Parameter[];
  readonly present: Values;
  readonly objective: { readonly label: string; readonly direction: Direction };
  readonly model: () => Model;
}

/** The report of a move: what, why, based on which experiments, and what may go wrong. */
export function tell({ move, parameters, present, objective, model }: Told): Report {
  const changed = parameters.filter(({ key }) => move.values[key] !== undefined);
  const title = changed.map(({ key }) => `${key} ${present[key]} → ${move.values[key]}`).join(', ');
  const verb = objective.direction === 'minimize' ? 'lowers' : 'raises';
  const those = changed.map(({ key }) => `${key} at ${move.values[key]} instead of ${present[key]}`).join(' with ');
  const past = [...new Map(move.basedOn.map((experiment) => [experiment.id, experiment])).values()].sort((a, b) => a.id - b.id);
  const ground = past.length === 0 ? '' : ` Based on ${past.map(tellPast).join('; ')}.`;
  const cost = changed.reduce(
    (sum, parameter) => sum + model().mean.cost(parameter, present[parameter.key] ?? '', move.values[parameter.key] ?? ''),
    0,
  );
  return {
    title,
    hypothesis: `${those} ${verb} ${objective.label}.`,
    rationale: WHY[move.kind] + ground,
    risks: risksOf(changed, present, move),
    ...(move.kind === 'local step' ? { expected: { delta: short(objective.direction === 'minimize' ? cost : -cost) } } : {}),
    params: move.values,
    source: 'schema',
  };
}

function tellPast({ id, verdict, delta, changes }: Past): string {
  const what = changes.map(({ parameter, from, to }) => `${parameter.key} ${from} → ${to}`).join(', ');
  const result = delta === null ? verdict : `${delta > 0 ? '+' : ''}${short(delta)}, ${verdict}`;
  return `#${id} ${what} (${result})`;
}

function risksOf(changed: readonly Parameter[], present: Values, move: Move): readonly string[] {
  const risks: string[] = [];
  for (const parameter of changed) {
    const to = move.values[parameter.key];
    if (parameter.kind !== 'ordered' || typeof to !== 'number') continue;
    const distance = Math.abs(toUnit(parameter, to) - toUnit(parameter, present[parameter.key] ?? to));
    if (distance > 0.25)
      risks.push(`${parameter.key} moves by ${Math.round(distance * 100)} % of its range at once; the run may become unstable.`);
    if (to === parameter.low || to === parameter.high)
      risks.push(`${parameter.key} is at the edge of its range; a better value may lie outside.`);
  }
  if (changed.length > 1) risks.push(`${changed.length} parameters change together; the effect cannot be attributed to one of them.`);
  for (const { id } of move.basedOn.filter(({ verdict }) => verdict === 'crash'))
    risks.push(`#${id} crashed with another value of the same parameter.`);
  return risks.length > 0 ? [...new Set(risks)] : ['The effect may be smaller than the noise of one measurement.'];
}

function short(value: number): number {
  return Number(value.toPrecision(3));
}
