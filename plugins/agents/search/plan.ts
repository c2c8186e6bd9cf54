import type { Scalar } from '../../../src/plugin.ts';
import { firstLook, followUp, localStep, moveOf, randomDraw, recombination, type Move, type Situation } from './moves.ts';
import { valuesOf } from './space.ts';

const DRAWS = 60;
const RANDOM_SHARE = 0.1;
const RECOMBINATION_SHARE = 0.15;
const LARGEST_LIST = 20_000;

/** Chooses the next move: one whose values were never tried in this run. Null when there is none left. */
export function planMove(situation: Situation): Move | null {
  for (const move of candidates(situation)) {
    if (move !== null && !situation.memory.hasSeen({ ...situation.present, ...move.values })) return move;
  }
  return systematic(situation);
}

/** In order of preference; each is tried only when the ones before it have nothing new. */
function* candidates(situation: Situation): Generator<Move | null> {
  yield followUp(situation);
  yield firstLook(situation);
  const share = situation.random.next();
  if (share < RANDOM_SHARE) yield randomDraw(situation);
  else if (share < RANDOM_SHARE + RECOMBINATION_SHARE) yield recombination(situation);
  for (let draw = 0; draw < DRAWS / 10; draw += 1) yield localStep(situation);
  for (let draw = 0; draw < DRAWS; draw += 1) yield randomDraw(situation);
}

/** Goes through all assignments, where they can be listed, and takes an untried one with the fewest changes. */
function systematic({ parameters, present, memory }: Situation): Move | null {
  const lists = parameters.map((parameter) => ({ key: parameter.key, values: valuesOf(parameter, LARGEST_LIST) ?? [] }));
  const total = lists.reduce((product, { values }) => product * values.length, 1);
  if (total === 0 || total > LARGEST_LIST) return null;
  let best: Move | null = null;
  for (let index = 0; index < total; index += 1) {
    const values = assignmentAt(lists, index);
    if (memory.hasSeen({ ...present, ...values })) continue;
    const move = moveOf('systematic search', values, present, []);
    const isSmaller = best === null || Object.keys(move?.values ?? {}).length < Object.keys(best.values).length;
    if (move !== null && isSmaller) best = move;
  }
  return best;
}

function assignmentAt(lists: readonly { key: string; values: readonly Scalar[] }[], index: number): Record<string, Scalar> {
  const values: Record<string, Scalar> = {};
  let rest = index;
  for (const list of lists) {
    const value = list.values[rest % list.values.length];
    if (value !== undefined) values[list.key] = value;
    rest = Math.floor(rest / list.values.length);
  }
  return values;
}
