import type { Ask, Fault, Scenario, Turn } from './types.ts';

export const REPORT = {
  title: 'LR halved',
  hypothesis: 'a smaller step lowers the loss',
  rationale: 'the last steps overshoot',
  risks: ['trains more slowly'],
  expected: { delta: -0.1, confidence: 0.6 },
  status: 'changed',
};

/** Plays the turns one after the other; where it stands is how many tools have answered. */
const inTurns =
  (...turns: ReadonlyArray<Turn | ((ask: Ask) => Turn)>) =>
  (ask: Ask): Turn => {
    const turn = turns[ask.results.length] ?? { do: 'say', text: 'Done.' };
    return typeof turn === 'function' ? turn(ask) : turn;
  };

const read: Turn = { do: 'read', path: 'train.mjs' };
const report: Turn = { do: 'report', report: REPORT };
/** Halves the value it has read: `LR = 0.8` in the file. */
const halve = ({ results }: Ask): Turn => {
  const line = /const LR = ([\d.]+);/.exec(results.join('\n'));
  const [from = 'const LR = ?;', value = '1'] = line ?? [];
  return { do: 'edit', path: 'train.mjs', from, to: `const LR = ${Number(value) / 2};` };
};
const edit = inTurns(read, halve, report);

const refused = (status: number, code: string, message: string, headers?: Record<string, string>): Fault => ({
  status,
  code,
  message,
  ...(headers && { headers }),
});
const first =
  (times: number, fault: Fault) =>
  (index: number): Fault | undefined =>
    index < times ? fault : undefined;

export const SCENARIOS = {
  edit: { turn: edit },
  'no edit': { turn: inTurns(read, report) },
  'out of scope': {
    turn: inTurns(
      { do: 'read', path: 'evaluate.mjs' },
      { do: 'edit', path: 'evaluate.mjs', from: 'const SCALE = 1;', to: 'const SCALE = 0;' },
      report,
    ),
  },
  history: {
    turn: inTurns(
      { do: 'history', tool: 'list', input: {} },
      { do: 'history', tool: 'show', input: { experiment: 0 } },
      read,
      halve,
      report,
    ),
  },
  garbage: { turn: inTurns(read, halve, { do: 'say', text: 'I did { "title": it, somehow' }) },
  endless: { turn: () => read },
  env: { turn: inTurns({ do: 'shell', command: 'env' }, read, halve, report) },
  'rate limit': { turn: edit, fault: first(2, refused(429, 'rate_limit_error', 'slow down', { 'retry-after': '1' })) },
  overloaded: { turn: edit, fault: first(2, refused(500, 'api_error', 'internal error')) },
  unauthorized: { turn: edit, fault: first(Infinity, refused(401, 'authentication_error', 'invalid key')) },
  overflow: {
    turn: edit,
    fault: first(Infinity, refused(400, 'context_length_exceeded', 'prompt is too long: 300000 tokens > 200000 maximum')),
  },
  cut: { turn: edit, fault: first(Infinity, 'cut') },
  silent: { turn: edit, fault: first(Infinity, 'silent') },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
