/** Small projects as people have them, none of which knows of autoresearch: real programs, written by the test. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface World {
  readonly name: string;
  /** Programs without which it cannot be played. */
  readonly needs: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** What lies in the folder besides: environments, data, builds. */
  readonly prepare?: (dir: string) => void;
  readonly trial: string;
  readonly metric: string;
  readonly direction: 'minimize' | 'maximize';
  readonly edit: readonly string[];
  readonly link?: readonly string[];
}

/** A bowl whose floor the constants are to find, as a body for each language. */
const BOWL = {
  python:
    'import random\nLEARNING_RATE = 0.5\nDEPTH = 3\nloss = (LEARNING_RATE - 0.1) ** 2 + (DEPTH - 8) ** 2 / 100 + random.random() * 0.001\n',
  node: 'const RATE = 0.5;\nconst WINDOW = 3;\nconst loss = (RATE - 0.1) ** 2 + (WINDOW - 8) ** 2 / 100 + Math.random() * 0.001;\n',
};

const SORT_C = `#include "sort.h"
#define CUTOFF 4
static void insertion(int *a, int n) { for (int i = 1; i < n; i++) { int v = a[i], j = i; while (j > 0 && a[j-1] > v) { a[j] = a[j-1]; j--; } a[j] = v; } }
void sort(int *a, int n) {
  if (n <= CUTOFF) { insertion(a, n); return; }
  int p = a[n / 2], i = 0, j = n - 1;
  while (i <= j) { while (a[i] < p) i++; while (a[j] > p) j--; if (i <= j) { int t = a[i]; a[i++] = a[j]; a[j--] = t; } }
  if (j > 0) sort(a, j + 1);
  if (i < n) sort(a + i, n - i);
}
`;

const BENCH_C = `#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "sort.h"
int main(void) {
  int n = 100000, *a = malloc(n * sizeof *a); unsigned s = 1;
  for (int i = 0; i < n; i++) { s = s * 1664525u + 1013904223u; a[i] = s >> 1; }
  clock_t t = clock(); sort(a, n);
  double ms = 1000.0 * (clock() - t) / CLOCKS_PER_SEC;
  for (int i = 1; i < n; i++) if (a[i-1] > a[i]) { fprintf(stderr, "not sorted\\n"); return 1; }
  printf("elements: %d\\nsort_ms: %.3f\\n", n, ms);
  return 0;
}
`;

const MAKEFILE = `CC = cc
CFLAGS = -O2
bench_sort: bench_sort.c sort.c sort.h
\t$(CC) $(CFLAGS) -o bench_sort bench_sort.c sort.c

bench: bench_sort
\t./bench_sort

clean:
\trm -f bench_sort
`;

const RUST_LIB = `pub const STEP: usize = 64;
pub const FACTOR: f64 = 0.5;
pub fn work(xs: &[f64]) -> f64 {
    let mut sum = 0.0;
    for chunk in xs.chunks(STEP) { sum += chunk.iter().map(|x| (x - FACTOR).powi(2)).sum::<f64>(); }
    sum / xs.len() as f64
}
`;

const RUST_MAIN = `mod work;
fn main() {
    let xs: Vec<f64> = (0..20000).map(|i| (i % 100) as f64 / 100.0).collect();
    println!("items {}", xs.len());
    println!("mse: {:.6}", work::work(&xs));
}
`;

const GO_MAIN = `package main

import "fmt"

const blockSize = 16
const damping = 0.9

func main() {
	x := 0.0
	for i := 0; i < blockSize; i++ {
		x = x*damping + 1
	}
	d := x - 5
	fmt.Printf("rounds=%d error=%.6f\\n", blockSize, d*d)
}
`;

/** A virtual environment with a package that only it has. */
function venv(dir: string): void {
  execFileSync('python3', ['-m', 'venv', '--without-pip', '.venv'], { cwd: dir, stdio: 'ignore' });
  const lib = join(dir, '.venv/lib');
  const [python = ''] = readdirSync(lib);
  writeFileSync(join(lib, python, 'site-packages/tinyml.py'), 'def noise():\n    import random\n    return random.random() * 0.001\n');
}

export const WORLDS: readonly World[] = [
  {
    name: 'a Python script in a virtual environment, without git',
    needs: ['python3'],
    files: {
      'train.py':
        'import tinyml\nLEARNING_RATE = 0.5\nDEPTH = 3\nacc = 0.9 - (LEARNING_RATE - 0.1) ** 2 + tinyml.noise()\nprint(f"rows: {100}")\nprint(f"accuracy: {acc:.4f}")\n',
      'requirements.txt': 'tinyml\n',
    },
    prepare: venv,
    trial: '.venv/bin/python train.py',
    metric: 'accuracy',
    direction: 'maximize',
    edit: ['train.py'],
    link: ['.venv'],
  },
  {
    name: 'a Python script that reads data which git ignores',
    needs: ['python3'],
    files: {
      '.gitignore': 'data/\n*.csv\n',
      'fit.py': `${BOWL.python}rows = open("data/train.csv").read().split()\nfor epoch in range(3):\n    print(f"epoch {epoch}: train_loss={loss + 0.1:.4f} val_loss={loss:.4f}")\n`,
    },
    prepare: (dir) => (mkdirSync(join(dir, 'data')), writeFileSync(join(dir, 'data/train.csv'), '1\n2\n')),
    trial: 'python3 fit.py',
    metric: 'val_loss',
    direction: 'minimize',
    edit: ['fit.py'],
    link: ['data'],
  },
  {
    name: 'an evaluation beside the model it measures',
    needs: ['python3'],
    files: {
      'model.py': 'SMOOTHING = 0.5\nWEIGHT = 2.0\ndef predict(x):\n    return x * WEIGHT + SMOOTHING\n',
      'evaluate.py':
        'from model import predict\nerr = sum((predict(x) - 2 * x) ** 2 for x in range(10)) / 10\nprint("n =", 10)\nprint("rmse =", err ** 0.5)\n',
    },
    trial: 'python3 evaluate.py',
    metric: 'rmse',
    direction: 'minimize',
    edit: ['model.py'],
  },
  {
    name: 'a module of a Python package below src',
    needs: ['python3'],
    files: {
      'src/houses/__init__.py': '',
      'src/houses/features.py': 'SCALE = 2.0\n',
      'src/houses/train.py':
        'from houses.features import SCALE\nRATE = 0.5\nDEPTH = 3\nprint(f"sales: {10}")\nprint(f"mean MAE: {abs(SCALE * RATE - 0.3) + DEPTH / 100:.4f}")\n',
      'tests/test_houses.py': 'def test(): print("score: 1")\n',
    },
    trial: 'PYTHONPATH=src python3 -m houses.train',
    metric: 'mean_MAE',
    direction: 'minimize',
    edit: ['src/houses/train.py'],
  },
  {
    name: 'a noisy sort in C with a Makefile',
    needs: ['make', 'cc'],
    files: {
      'sort.h': 'void sort(int *a, int n);\n',
      'sort.c': SORT_C,
      'bench_sort.c': BENCH_C,
      Makefile: MAKEFILE,
      'README.md': '# A sort\n',
    },
    trial: 'make -s bench',
    metric: 'sort_ms',
    direction: 'minimize',
    edit: ['sort.c'],
  },
  {
    name: 'a benchmark among the scripts of package.json',
    needs: ['node'],
    files: {
      'package.json': '{ "type": "module", "scripts": { "build": "echo", "bench": "node bench/run.js", "test": "node --test" } }\n',
      'src/filter.js': 'const CHUNK = 4;\nconst GAIN = 0.5;\nexport const cost = () => (GAIN - 0.2) ** 2 + CHUNK / 100;\n',
      'bench/run.js':
        'import { cost } from "../src/filter.js";\nconsole.log(`latency_ms: ${(cost() + Math.random() * 0.001).toFixed(5)}`);\n',
    },
    trial: 'node bench/run.js',
    metric: 'latency_ms',
    direction: 'minimize',
    edit: ['src/filter.js'],
  },
  {
    name: 'a Node script with a table of figures',
    needs: ['node'],
    files: { 'experiment.mjs': `${BOWL.node}console.log("seed      7");\nconsole.log(\`loss      \${loss.toFixed(5)}\`);\n` },
    trial: 'node experiment.mjs',
    metric: 'loss',
    direction: 'minimize',
    edit: ['experiment.mjs'],
  },
  {
    name: 'a Rust program',
    needs: ['cargo'],
    files: {
      'Cargo.toml': '[package]\nname = "work"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/main.rs': RUST_MAIN,
      'src/work.rs': RUST_LIB,
      '.gitignore': '/target\n',
    },
    prepare: (dir) => execFileSync('cargo', ['generate-lockfile', '--offline'], { cwd: dir, stdio: 'ignore' }),
    trial: 'cargo run --quiet --release --offline',
    metric: 'mse',
    direction: 'minimize',
    edit: ['src/work.rs'],
  },
  {
    name: 'a Go program',
    needs: ['go'],
    files: { 'go.mod': 'module damp\n\ngo 1.21\n', 'main.go': GO_MAIN },
    trial: 'go run .',
    metric: 'error',
    direction: 'minimize',
    edit: ['main.go'],
  },
  {
    name: 'a shell script whose time is what counts',
    needs: [],
    files: { 'bench.sh': '#!/bin/sh\nSTEPS=3\nPAUSE=0.01\nfor i in $(seq $STEPS); do sleep $PAUSE; done\necho done\n' },
    prepare: (dir) => chmodSync(join(dir, 'bench.sh'), 0o755),
    trial: 'sh bench.sh',
    metric: 'seconds',
    direction: 'minimize',
    edit: ['bench.sh'],
  },
  {
    name: 'one C file and nothing else',
    needs: ['cc'],
    files: {
      'main.c':
        '#include <stdio.h>\n#define ALPHA 0.5\n#define BLOCK 16\nint main(void) { printf("throughput: %f\\n", 10.0 - (ALPHA - 0.2) * (ALPHA - 0.2) - BLOCK / 100.0); return 0; }\n',
    },
    trial: 'cc -O2 -o main.out main.c -lm && ./main.out',
    metric: 'throughput',
    direction: 'maximize',
    edit: ['main.c'],
  },
];

export function build({ files, prepare }: World, dir: string): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  prepare?.(dir);
}
