/**
 * Mutation tests of the pure core, one file after the other: StrykerJS changes one operator at a time and runs the tests.
 * Usage: npm run mutation -- [--quick] [FILE…]; without files, all of the pure core (hours). --quick: a file's own tests alone.
 * A mutant first meets the tests of its file, those of the same name, then all tests that import the file. At the end each
 * file's score is printed, and the mutants that no test noticed. A mutant that runs for half a minute counts as noticed, since most of
 * them never end; how many did is printed too, because a busy machine is another reason.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

interface Mutant {
  readonly mutatorName: string;
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

const PURE = [
  'src/stats/*.ts',
  'src/model/*.ts',
  'src/engine/decide/{budget,control,judgements,late,outcome,reserve,slot-record,verdict}.ts',
  'src/swarm/{causal-order,claims,model,sorted-list,tried,union}.ts',
  'plugins/gates/posterior/{filter,beliefs,doubt,judgement}.ts',
];
/** Tests of other names that find most mutants of a file. */
const TESTS: Readonly<Record<string, string>> = {
  'src/engine/decide/control.ts': 'test/engine/decide/{control-due,drift-limit}.test.ts',
  'src/model/noise.ts': 'test/model/noise.test.ts',
  'src/model/numbering.ts': 'test/model/tally.test.ts',
  'plugins/gates/posterior/filter.ts': 'plugins/gates/posterior/{posterior,slots,laws}.test.ts',
  'src/stats/posterior.ts': 'test/stats/{posterior,evidence}.test.ts',
  'src/engine/decide/judgements.ts': 'test/engine/decide/outcome.test.ts',
  'src/model/growing-list.ts': 'test/model/first-of.test.ts',
  'src/model/mean-metrics.ts': 'test/model/experiment-states.test.ts',
  'src/stats/decide.ts': 'test/stats/belief.test.ts',
  'src/stats/descriptive.ts': 'test/stats/variance.test.ts',
  'src/stats/slot-start.ts': 'test/stats/{slot-start,slot-levels}.test.ts',
  'src/stats/effect-interval.ts': 'test/stats/{effect-interval,posterior,effect-quantiles}.test.ts',
  'src/swarm/causal-order.ts': 'test/swarm/{causal-order,union}.test.ts',
  'src/swarm/claims.ts': 'test/swarm/{claims,overview}.test.ts',
  'src/swarm/tried.ts': 'test/swarm/{tried,offer,attacks}.test.ts',
  'src/swarm/union.ts': 'test/swarm/{union,union-parts}.test.ts',
  'src/model/incumbents.ts': 'test/model/{incumbents,any-order}.test.ts',
  'src/model/run-state.ts': 'test/model/{state-fold,any-order,tally}.test.ts',
};

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mutation-'));
const { values, positionals: wanted } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
const files =
  wanted.length > 0 ? wanted : PURE.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !file.endsWith('.test.ts'));

try {
  for (const file of files) console.log(scoreOf(file));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The file's line of the table, and what no test noticed. */
function scoreOf(file: string): string {
  const report = join(folder, 'report.json');
  const config = join(folder, 'stryker.config.json');
  const base = JSON.parse(readFileSync(join(root, 'stryker.config.json'), 'utf8')) as object;
  const options = { mutate: [file], jsonReporter: { fileName: report } };
  writeFileSync(config, JSON.stringify({ ...base, ...options }));
  const started = Date.now();
  const { stdout } = spawnSync('npx', ['stryker', 'run', config], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      MUTATION_FILE: file,
      MUTATION_TESTS: JSON.stringify(ownTestsOf(file)),
      ...(values.quick && { MUTATION_QUICK: '1' }),
    },
  });
  if (!existsSync(report)) return `${file}: no result\n${stdout}`;
  const { source, mutants } = Object.values((JSON.parse(readFileSync(report, 'utf8')) as Report).files)[0] ?? { source: '', mutants: [] };
  rmSync(report);
  const tried = mutants.filter(({ status }) => ['Killed', 'Timeout', 'Survived'].includes(status));
  const survivors = tried.filter(({ status }) => status === 'Survived');
  const timeouts = tried.filter(({ status }) => status === 'Timeout').length;
  const score = ((tried.length - survivors.length) / tried.length) * 100;
  const lines = source.split('\n');
  const listed = survivors.map(
    ({ mutatorName, replacement, location: { start } }) =>
      `    ${start.line}:${start.column} ${mutatorName} -> ${(replacement ?? '').replaceAll(/\s+/g, ' ').slice(0, 80)}  in  ${lines[start.line - 1]?.trim()}`,
  );
  const seconds = Math.round((Date.now() - started) / 1000);
  return [`| ${file} | ${tried.length} | ${score.toFixed(0)} % | ${survivors.length} |  ${seconds} s, ${timeouts} by time`, ...listed].join(
    '\n',
  );
}

/** Most mutants die in their own tests; the rest meet all that import the file. */
function ownTestsOf(file: string): string[] {
  const name = basename(file, '.ts');
  return globSync(TESTS[file] ?? `{test,plugins}/**/${name}.test.ts`, { cwd: root, exclude: ['**/node_modules/**'] });
}
