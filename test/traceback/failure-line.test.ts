import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureLine } from '../../src/traceback/failure-line.ts';

const outputs = join(import.meta.dirname, 'outputs');

/** What programs really printed, and the line to pick out of it. */
const PICKED: Readonly<Record<string, string>> = {
  'c-a': "cc1: c.c:6: main: Assertion `argc>5' failed.",
  'c-d': 'free(): double free detected in tcache 2',
  'c-dd': 'AddressSanitizer: double-free c.c:9 in main',
  'c-h': 'AddressSanitizer: heap-buffer-overflow c.c:8 in main',
  'c-k': '*** stack smashing detected ***: terminated',
  'c-s': 'Segmentation fault',
  'c-z': 'Floating point exception',
  'c-zub': 'c.c:10:49: runtime error: division by zero',
  cargo: 'error[E0425]: cannot find value `k` in this scope (main.rs:4)',
  cpp: 'std::out_of_range: vector::_M_range_check: __n (which is 7) >= this->size() (which is 3)',
  'cuda-assert': 'RuntimeError: CUDA error: device-side assert triggered (train.py:31)',
  'cuda-c': 'CUDA error at kernel.cu:42 code=2(cudaErrorMemoryAllocation) "cudaMalloc(&d, n)"',
  dataloader: 'RuntimeError: stack expects each tensor to be equal size, but got [3] at entry 0 and [4] at entry 1 (data.py:17)',
  dotnet: 'System.InvalidOperationException: Sequence contains no elements',
  'go-c': './bad.go:2:15: declared and not used: x',
  'go-d': 'fatal error: all goroutines are asleep - deadlock! (main.go:9)',
  'go-e': 'panic: no data (main.go:8)',
  'go-i': 'panic: runtime error: index out of range [5] with length 3 (main.go:6)',
  'go-l': '2026/11/27 08:12:50 cannot open data.csv',
  'go-n': 'panic: runtime error: invalid memory address or nil pointer dereference (main.go:4)',
  'go-run': 'panic: no data (main.go:8)',
  gradle: 'Execution failed for task ":run".',
  'js-a': 'AssertionError [ERR_ASSERTION]: 1 == 2 (a.mjs:8)',
  'js-as': 'AssertionError [ERR_ASSERTION]: Expected values to be strictly deep-equal: (a.mjs:9)',
  'js-c': 'Error: outer (a.mjs:10); cause: Error: inner',
  'js-f': "Error: ENOENT: no such file or directory, open 'nosuch.csv' (a.mjs:11)",
  'js-i': "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'nosuchpackage' imported from /home/mira/project/a.mjs",
  'js-j': "SyntaxError: Expected property name or '}' in JSON at position 1 (line 1 column 2) (a.mjs:14)",
  'js-nofile': "Error: Cannot find module '/home/mira/project/nofile.js'",
  'js-o': 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'js-p': 'a promise was rejected: no data',
  'js-pe': 'RangeError: deep (a.mjs:7)',
  'js-syn': "SyntaxError: Unexpected identifier 'b' (syn.mjs:2)",
  'js-t': 'TypeError: loss is not a function (a.mjs:4)',
  'js-v': 'boom',
  'js-x': "ModuleNotFoundError: No module named 'nosuchmodule' (a.py:11)",
  'jvm-b': "B.java:1: error: ';' expected",
  'jvm-c': 'java.io.FileNotFoundException: data.csv (No such file or directory) (J.java:2)',
  'jvm-crash': 'the Java virtual machine crashed: SIGSEGV (0xb) at pc=0x00007f',
  'jvm-m': 'java.lang.OutOfMemoryError: Java heap space (J.java:4)',
  'jvm-n': 'java.lang.NullPointerException: Cannot invoke "String.length()" because "<local1>" is null (J.java:4)',
  'jvm-x': 'Error: Could not find or load main class Nosuch',
  libcxx: 'std::runtime_error: no data',
  'mk-c': 'bad.c:1:20: error: ‘foo’ undeclared (first use in this function)',
  'mk-l': "link.c:(.text+0xa): undefined reference to `foo'",
  'mk-m': "No rule to make target 'nosuch'.",
  'mk-s': 'Segmentation fault',
  'npm-miss': 'Missing script: "nosuch"',
  'npm-py': "ModuleNotFoundError: No module named 'nosuchmodule' (a.py:11)",
  'npm-t': 'TypeError: loss is not a function (a.mjs:4)',
  perl: 'no data at -e line 1.',
  'progress-bar': 'ERROR: no such column: price',
  'py-a': 'AssertionError: assert x > 3 (a.py:2)',
  'py-e': 'ExceptionGroup: two (2 sub-exceptions): ValueError: one (a.py:16)',
  'py-f': 'Fatal Python error: Segmentation fault',
  'py-g': 'ValueError: bad config (a.py:7)',
  'py-m': "ModuleNotFoundError: No module named 'nosuchmodule' (a.py:11)",
  'py-nofile': "/usr/bin/python3: can't open file '/home/mira/project/nofile.py': [Errno 2] No such file or directory",
  'py-r': 'RecursionError: maximum recursion depth exceeded (a.py:14)',
  'py-s': "ModuleNotFoundError: No module named 'nosuchmodule' (a.py:11)",
  'py-syn': 'SyntaxError: invalid syntax (syn.py:1)',
  'py-x': 'no data: run prepare.py',
  r: 'Error in read.csv("data.csv") : cannot open the connection',
  'rs-c': 'error[E0425]: cannot find value `y` in this scope (c.rs:1)',
  'rs-e': 'Error: Os { code: 2, kind: NotFound, message: "No such file or directory" }',
  'rs-i': 'panic: index out of bounds: the len is 3 but the index is 5 (p.rs:4)',
  'rs-t': 'panic: worker died (p.rs:6)',
  'rs-u': 'panic: called `Result::unwrap()` on an `Err` value: ParseIntError { kind: InvalidDigit } (p.rs:5)',
  'rust-old': 'panic: assertion failed: n > 0 (main.rs:7)',
  'sh-nf': 'bash: line 1: foo_not_there: command not found',
  'sh-s': 'Segmentation fault',
  'shared-library':
    './sort: error while loading shared libraries: libopenblas.so.0: cannot open shared object file: No such file or directory',
  tclib: 'loss 3.2',
  torchrun:
    'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.10 GiB of which 1.02 GiB is free. (train.py:88)',
  yarn: 'Error: boom (train.js:1)',
};

describe('the line a person would pick', () => {
  it.each(readdirSync(outputs).map((file) => file.replace(/\.txt$/, '')))('of %s', (name) => {
    expect(failureLine(readFileSync(join(outputs, `${name}.txt`), 'utf8'))).toBe(PICKED[name]);
  });

  it('is found in what this Node prints too', () => {
    const { stderr } = spawnSync(process.execPath, ['-e', 'function load() { throw new RangeError("no rows") }\nload()'], {
      encoding: 'utf8',
    });
    expect(failureLine(stderr)).toMatch(/^RangeError: no rows/);
  });

  it('is not from the package manager or make around the program', () => {
    const around = [
      'npm error code 1',
      'make: *** [Makefile:3: train] Error 1',
      ' ELIFECYCLE  Command failed with exit code 1.',
      'exit status 2',
    ];
    const names = Object.keys(PICKED).filter((name) => !name.startsWith('npm-') && name !== 'gradle');
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.subarray(around), (name, lines) => {
        const output = readFileSync(join(outputs, `${name}.txt`), 'utf8');
        expect(failureLine([output.trimEnd(), ...lines, ''].join('\n'))).toBe(PICKED[name]);
      }),
    );
  });

  it('is one line of at most 300 characters, whatever is printed', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom(...Object.values(PICKED), '    at x', '  ^', 'Node.js v22', 'Traceback (most recent call last):'),
          ),
        ),
        (lines) => {
          const line = failureLine(lines.join('\n'));
          expect(line.length).toBeLessThanOrEqual(300);
          expect(line).not.toContain('\n');
          if (lines.some((each) => /\w/.test(each) && !each.includes('\u001b') && !each.includes('\u009b'))) expect(line).not.toBe('');
        },
      ),
    );
  });
});
