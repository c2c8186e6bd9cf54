import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { flow } from '../../src/init/flow.ts';
import { metricOf, rankFigures } from '../../src/init/figures.ts';
import { directionOf } from '../../src/init/metric-names.ts';
import { printedIn } from '../../src/init/printed-in-source.ts';
import { printedBy } from '../../src/init/printed.ts';
import { commandOf } from '../../src/init/shell-words.ts';
import { namesEntry } from '../../src/preflight/named-files.ts';
import { tunablesOf } from '../../src/init/tunables.ts';

describe('figures in an output', () => {
  const outputs: readonly (readonly [output: string, metric: string, direction: string, value: number])[] = [
    ['rows: 100\naccuracy: 0.93\n', 'accuracy', 'maximize', 0.93],
    ['epoch 1: train_loss=0.5 val_loss=0.7\nepoch 2: train_loss=0.3 val_loss=0.6\n', 'val_loss', 'minimize', 0.6],
    ['Mean CV score: 0.81\nTest RMSE = 3.2\nseed = 7\n', 'Test_RMSE', 'minimize', 3.2],
    ['elements     1000000\nsort_ms      12.5\n', 'sort_ms', 'minimize', 12.5],
    ['goos: linux\nBenchmarkSort-8   \t  100\t  1234567 ns/op\nPASS\n', 'BenchmarkSort_ns_op', 'minimize', 1234567],
    ['throughput 512.3 req/s\n', 'throughput', 'maximize', 512.3],
    ['step 10 | loss: 2.5 | lr: 0.1\nstep 20 | loss: 2.1 | lr: 0.05\n', 'loss', 'minimize', 2.1],
    ['Elapsed time: 1.25 s\n', 'Elapsed_time', 'minimize', 1.25],
    ['f1=0.5, precision=0.6, recall=0.7\n', 'recall', 'maximize', 0.7],
    ['val_bpb: 9.5e-1\npeak_vram_mb: 1024\n', 'val_bpb', 'minimize', 0.95],
    ['METRIC parse_us=180\nMETRIC rss_mb=40\n', 'parse_us', 'minimize', 180],
    ['mean latency: 12.5ms\n', 'mean_latency', 'minimize', 12.5],
  ];

  it.each(outputs)('of %j', (output, name, direction, value) => {
    const [first] = rankFigures(printedBy(output));
    if (first === undefined) throw new Error('nothing was found');
    const metric = metricOf(first);
    expect([metric.name, metric.direction]).toEqual([name, direction]);
    expect(first.value).toBe(value);
    const matches = [...output.matchAll(new RegExp(metric.pattern ?? '', 'gm'))];
    expect(Number(matches.at(-1)?.[1])).toBe(value);
    expect(metric.last || matches.length === 1).toBe(true);
  });

  it('can be read back by the pattern that goes into the config, whatever the names', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z_]{1,12}( [a-z]{2,6})?$/);
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Number(value.toPrecision(6)));
    const line = fc.tuple(name, fc.constantFrom(': ', ' = ', ':', '   '), number);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const output = lines.map(([label, between, value]) => `${label}${between}${value}`).join('\n');
        for (const figure of printedBy(output)) {
          const found = [...output.matchAll(new RegExp(figure.pattern, 'gm'))];
          expect(Number(found.at(-1)?.[1])).toBe(figure.value);
        }
      }),
    );
  });

  it.each([
    ['print(f"accuracy: {acc:.4f}")', ['accuracy']],
    ['print("val loss =", loss)', ['val loss']],
    ['console.log(`p95_ms: ${p95}`);', ['p95_ms']],
    [String.raw`printf("n: %d\nsort_ms: %.3f\n", n, ms);`, ['n', 'sort_ms']],
    ['println!("mse: {:.6}", x);', ['mse']],
    ['fmt.Printf("error=%v", e)', ['error']],
    ['echo "score: $score"', ['score']],
    ['x = {"accuracy: {}": 1}', []],
  ])('are read off the source where nothing is run: %s', (source, names) => {
    expect(printedIn(source).map(({ name }) => name)).toEqual(names);
  });

  it('have a direction that their names say', () => {
    const lower = ['log_loss', 'val_bpb', 'latency_ms', 'p99', 'error rate', 'word_error', 'sort_ns', 'RMSE', 'perplexity', 'memory_mb'];
    const higher = ['accuracy', 'F1', 'r2', 'auc', 'tokens per second', 'ops', 'reward', 'test_score', 'ndcg@10'];
    expect(lower.map(directionOf)).toEqual(lower.map(() => 'minimize'));
    expect(higher.map(directionOf)).toEqual(higher.map(() => 'maximize'));
    expect(directionOf('thing')).toBeNull();
  });
});

describe('constants to search', () => {
  const tunables = (file: string, text: string) => tunablesOf({ read: () => text } as never, [file]);

  it('are those in capitals where there are some, and never what is measured or chance', () => {
    const text =
      'SEED = 1\nTEST_SIZE = 0.3\nLEARNING_RATE = 0.01\nDROPOUT = 0.2\nUSE_BIAS = True\nN_TREES = 100\nN_SAMPLES = 500\nmodel = Forest(n_jobs=4, alpha=0.1)\n';
    expect(tunables('a.py', text)).toEqual([
      { file: 'a.py', name: 'LEARNING_RATE', type: 'float', range: [0.001, 0.1], scale: 'log' },
      { file: 'a.py', name: 'DROPOUT', type: 'float', range: [0, 0.95] },
      { file: 'a.py', name: 'USE_BIAS', type: 'bool' },
      { file: 'a.py', name: 'N_TREES', type: 'int', range: [25, 400], scale: 'log' },
    ]);
  });

  it('are arguments where there are no others', () => {
    expect(tunables('a.py', 'model = Ridge(alpha=1.0, random_state=0)\n')).toEqual([
      { file: 'a.py', name: 'alpha', type: 'float', range: [0.1, 10], scale: 'log' },
    ]);
  });

  it.each([
    [
      'a.go',
      'package a\nconst Block = 8\nfunc Sum(a []int) int {\n\ts := 0\n\tfor i := range a {\n\t\ts += a[i]\n\t}\n\treturn s\n}\n',
      ['Block'],
    ],
    ['a.go', 'package a\nfunc f() {\n\tdamping := 0.9\n\tx := 0.5\n\tx = x*damping + 1\n}\n', ['damping']],
    ['a.c', 'int f(void) {\n  int total = 0;\n  int block = 8;\n  while (g(block)) total++;\n  return total;\n}\n', ['block']],
    ['a.py', 'rate = 0.5\nbest = 0.0\nfor x in run(rate):\n    best = max(best, x)\n', ['rate']],
    ['a.mjs', 'let sum = 0;\nconst rate = 0.5;\nfor (const x of xs) sum -= x * rate;\n', ['rate']],
    ['a.yaml', 'a(b: 0.5\nc++: 0.5\nrate: 0.5\n', ['a(b', 'c++', 'rate']],
    ['a.sh', 'LEVEL=6\nhead -c 2000000 /dev/zero | gzip -$LEVEL | wc -c\n', ['LEVEL']],
    ['a.py', 'RATE = 0.5\nDEPTH = 3\nDEPTH += 0\n', ['RATE', 'DEPTH']],
  ])('of %s are neither what a program adds up in nor options of one letter: %j', (file, text, names) => {
    expect(tunables(file, text).map(({ name }) => name)).toEqual(names);
  });

  it('have a range that holds the value and more than one other', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -1000, max: 100_000 }), fc.double({ min: -100, max: 1000, noNaN: true })), (value) => {
        const text = `RATE = ${value}\nDEPTH = 3\n`;
        for (const { range, type, scale } of tunables('a.py', text).filter(({ name }) => name === 'RATE')) {
          const [low, high] = range ?? [0, 0];
          expect(low).toBeLessThan(high);
          if (Math.abs(value) > 1e-6) expect(value >= low && value <= high).toBe(true);
          if (type === 'int') expect([low, high].every(Number.isInteger)).toBe(true);
          if (scale === 'log') expect(low).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe('a file or folder that git ignores', () => {
  it.each([
    ['data', ['rows = open("data/train.csv").read()'], true],
    ['data', ['os.makedirs("data", exist_ok=True)', 'rows = load("data")'], true],
    ['dist', ["mkdirSync('dist'); writeFileSync('dist/bundle.js', text)", "statSync('dist/bundle.js').size"], false],
    ['dist', ['"build": "esbuild src/index.js --outfile=dist/x.js"'], false],
    ['dist', ["const model = read('dist/model.bin')"], true],
    ['plots', ['plt.savefig("plots/loss.png")'], false],
    ['scores.json', ['with open("scores.json", "w") as f:'], false],
    ['model.bin', ['gcc -o model.bin model.c'], false],
    ['model.bin', ['./score model.bin'], true],
  ])('%s, in %j, is needed by a trial: %s', (entry, lines, isNeeded) => {
    expect(namesEntry(lines, entry)).toBe(isNeeded);
  });
});

describe('what init writes', () => {
  it('is YAML that says what was meant', () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
      fc.boolean(),
      fc.constantFrom('yes', '8h', '1e5', '10m', '~', '.5', 'a: b', '- x', '#', '0x1', '.venv', '1_000'),
    );
    const value = fc.oneof(scalar, fc.array(scalar), fc.dictionary(fc.stringMatching(/^[a-z]+$/), scalar));
    fc.assert(
      fc.property(value, (given) => {
        expect(parse(flow(given))).toEqual(given);
      }),
    );
  });

  it('takes a command as a person types it', () => {
    expect(commandOf('python train.py --lr 0.1')).toEqual({ run: ['python', 'train.py', '--lr', '0.1'], shell: false });
    expect(commandOf(`node -e 'a b' "c d"`)).toEqual({ run: ['node', '-e', 'a b', 'c d'], shell: false });
    expect(commandOf('make && ./bench')).toEqual({ run: ['make && ./bench'], shell: true });
    expect(commandOf('echo $HOME')).toEqual({ run: ['echo $HOME'], shell: true });
  });
});
