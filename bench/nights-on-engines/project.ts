import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Json } from '../../src/experiment.ts';

const root = join(import.meta.dirname, '../..');
const preset = join(root, 'presets/tiny-lm');

/** As often a trial may ask how much of its budget is used; it asks about once for each KiB of text. */
const BUDGET_READS = 300;

/** A trainer by its name and options, but for the program. */
export interface Place {
  readonly use: string;
  readonly with?: Readonly<Record<string, Json>>;
}

/**
 * The files of a project in which tiny-lm is searched as in its preset, but so that the same change always gets the same score,
 * on any machine: the budget is a number of steps instead of processor time, nothing is stopped early, which depends on when
 * lines arrive, and one experiment is proposed at a time. Its text and its table are smaller: the model travels with each trial.
 */
export function tinyLm(): Record<string, string> {
  const { gates, metrics, agent, ...rest } = readPreset();
  // Memory is not measured on other machines.
  const { val_bpb } = metrics;
  const wanted = gates.filter(({ use }) => use === 'posterior' || use === 'audit');
  const parameters = agent.with.parameters.map((one) => (one.name === 'HASH_BITS' ? { ...one, range: [16, 19] } : one));
  const own = { metrics: { val_bpb }, gates: wanted, agent: { use: agent.use, with: { ...agent.with, parameters } } };
  const config = { ...rest, ...own, seed: 7, lookahead: 0, reporters: [] };
  return { ...projectFiles(), 'autoresearch.config.yaml': JSON.stringify(config, null, 1) };
}

/** Its trainer, with times for a machine that is busy. */
export function trainerAt({ use, with: options }: Place): { readonly [key: string]: Json } {
  const { evaluate } = readPreset().trainer;
  // Other machines find node by its path, and the text beside it.
  const elsewhere = { outputs: ['model.bin'], readable: [join(root, 'node_modules')] };
  return {
    use,
    with: { ...options, ...(use !== 'command' && elsewhere), run: [process.execPath, 'train.mjs'] },
    timeout: '10m',
    evaluate: { ...evaluate, predict: { ...evaluate.predict, timeout: '10m' }, timeout: '20m' },
  };
}

function readPreset(): Preset {
  return parse(readFileSync(join(preset, 'preset.yaml'), 'utf8')) as Preset;
}

interface Preset {
  readonly trainer: { readonly evaluate: { readonly predict: Readonly<Record<string, Json>> } };
  readonly gates: readonly { readonly use: string }[];
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly agent: { readonly use: string; readonly with: { readonly parameters: readonly { readonly name: string }[] } };
}

function projectFiles(): Record<string, string> {
  const folder = join(preset, 'project');
  // Nothing that a run there has left.
  const names = readdirSync(folder).filter((name) => /\.(mjs|md)$/.test(name));
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const change = (name: string, from: RegExp, to: string) => {
    const text = files[name] ?? '';
    if (!from.test(text)) throw new Error(`${name} of tiny-lm has no ${from} any more`);
    files[name] = text.replace(from, to);
  };
  change(
    'prepare.mjs',
    /function now\(\) \{[^]*?\n\}/,
    `let reads = 0;\nfunction now() {\n  return (reads++ / ${BUDGET_READS}) * TIME_BUDGET;\n}`,
  );
  change('corpus.mjs', /const TRAINING_BYTES = [\d_]+;/, 'const TRAINING_BYTES = 1_500_000;');
  change('corpus.mjs', /const HELD_OUT_BYTES = [\d_]+;/, 'const HELD_OUT_BYTES = 64_000;');
  change('train.mjs', /const HASH_BITS = \d+;/, 'const HASH_BITS = 18;');
  return files;
}
