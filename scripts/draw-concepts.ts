/**
 * Draws the pictures of README.md and docs/concepts.md.
 * Usage: node scripts/draw-concepts.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGenerator } from '../src/stats.ts';
import { arrow, box, circle, line, picture, text } from './svg.ts';

const WIDTH = 760;

/** One experiment, from the proposal to the verdict, and where it is remembered. */
function loop(): string {
  const [y, height, width] = [50, 62, 128];
  const stages = [
    ['propose', 'an agent edits', 'the files you allow'],
    ['commit', 'the engine, in a', 'worktree of its own'],
    ['measure', 'your program runs', 'on that commit'],
    ['decide', 'gates: gain or luck?', 'anything worse?'],
  ] as const;
  const x = (index: number) => 30 + index * 190;
  const boxes = stages.map(([title, ...lines], index) => box(x(index), y, width, height, title, lines));
  const arrows = [0, 1, 2].map((index) => arrow([x(index) + width, y + 31], [x(index + 1), y + 31]));
  const middle = (index: number) => x(index) + width / 2;
  return picture('One experiment', WIDTH, 262, [
    ...boxes,
    ...arrows,
    arrow([middle(3), y + height], [middle(3), 176], 'keep'),
    arrow([middle(3) - 24, y + height], [middle(3) - 24, 176], 'discard', -1),
    box(middle(2) - 70, 176, x(3) + width - middle(2) + 70, 62, 'git', [
      'keeps: a branch you can merge',
      'everything else: a record, with its reason',
    ]),
    line([middle(2) - 70, 207], [middle(0), 207]),
    arrow([middle(0), 207], [middle(0), y + height]),
    text(middle(0) + 14, 184, 'the next proposal starts from the best', 'start', 's'),
    text(middle(0) + 14, 200, 'so far, and knows what was tried', 'start', 's'),
  ]);
}

/** Trials of the same code, of a candidate, and the difference that is believed. */
function noise(): string {
  const random = createGenerator(5, 1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.unit())) * Math.cos(2 * Math.PI * random.unit());
  const [left, scale] = [210, 62];
  const x = (value: number) => left + value * scale;
  const row = (y: number, mean: number, colour: string) => Array.from({ length: 14 }, () => circle(x(mean + normal()), y, 4, colour, 0.55));
  const [same, better] = [80, 140];
  return picture('Is it a gain, or luck?', WIDTH, 268, [
    text(180, same + 5, 'best so far, 14 trials', 'end'),
    text(180, better + 5, 'candidate, 14 trials', 'end'),
    ...row(same, 4, '#8a8f98'),
    ...row(better, 3.2, '#0f8a5f'),
    line([x(4), same - 22], [x(4), 178], true),
    line([x(3.2), better - 22], [x(3.2), 178], true),
    text(x(3.6), 50, 'true difference', 'middle', 's'),
    arrow([x(4), 58], [x(3.2), 58]),
    text(180, 205, 'one lucky trial says', 'end'),
    arrow([x(4), 200], [x(1.4), 200]),
    text(180, 239, 'what is believed', 'end'),
    line([x(1.9), 234], [x(3.9), 234]),
    ...[1.9, 3.9].map((at) => line([x(at), 228], [x(at), 240])),
    circle(x(2.9), 234, 5, '#0f8a5f'),
    text(x(4.2), 239, 'estimate with its 95 % interval', 'start', 's'),
    text(WIDTH - 20, same + 5, 'less is better', 'end', 's'),
  ]);
}

/** Where commits and records are. */
function git(): string {
  const y = { kept: 70, tried: 130, ledger: 190 };
  const x = (index: number) => 255 + index * 72;
  const kept = [0, 2, 5];
  const ids = [0, 1, 2, 3, 4, 5];
  const nodes = ids.map((id) => {
    const isKept = kept.includes(id);
    return (
      circle(x(id), isKept ? y.kept : y.tried, 13, isKept ? '#0f8a5f' : '#c9ced6') +
      text(x(id), (isKept ? y.kept : y.tried) + 5, `#${id}`, 'middle', isKept ? 'w' : '')
    );
  });
  const parents: (readonly [number, number])[] = [
    [0, 1],
    [0, 2],
    [2, 3],
    [2, 4],
    [2, 5],
  ];
  const heightOf = (id: number) => (kept.includes(id) ? y.kept : y.tried);
  return picture('What is where in git', WIDTH, 240, [
    text(225, y.kept + 5, 'branch autoresearch/night', 'end'),
    text(225, y.tried + 5, 'discarded, never lost', 'end'),
    text(225, y.ledger + 5, 'ledger, one entry for each', 'end'),
    ...parents.map(([from, to]) => line([x(from), heightOf(from)], [x(to), heightOf(to)])),
    ...ids.map((id) => line([x(id), heightOf(id)], [x(id), y.ledger], true)),
    line([x(0), y.ledger], [x(5), y.ledger]),
    ...ids.map((id) => box(x(id) - 13, y.ledger - 11, 26, 22, '', [])),
    ...nodes,
    text(x(5) + 30, y.kept + 5, 'best so far', 'start', 's'),
    text(x(5) + 30, y.ledger + 5, 'never rewritten', 'start', 's'),
  ]);
}

/** Two stages of a trial, with a wall between them. */
function stages(): string {
  return picture('A number the candidate cannot write', WIDTH, 222, [
    box(30, 56, 250, 120, 'candidate', [
      'its own sandbox, no network',
      'sees: the commit, its inputs',
      'writes: a model, a route, answers',
      'then every process is ended',
    ]),
    arrow([280, 116], [470, 116]),
    text(375, 92, 'copied by the engine:', 'middle', 's'),
    text(375, 106, 'plain files only', 'middle', 's'),
    box(470, 56, 260, 120, 'evaluator', [
      'a fresh sandbox',
      'sees: protected files, the copies,',
      'and the right answers',
      'prints the metric',
    ]),
    line([375, 128], [375, 190], true),
    text(375, 206, 'nothing of the candidate runs on this side →', 'start', 's'),
  ]);
}

for (const [name, draw] of Object.entries({ loop, noise, git, stages }))
  writeFileSync(join(import.meta.dirname, '..', 'docs', 'images', `concepts-${name}.svg`), draw());
