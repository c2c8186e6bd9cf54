/** What compiled programs, the C library, CUDA and compilers say. */
import { failure, firstMatch, type Failure } from './lines.ts';

export function sanitizerFailure(lines: readonly string[]): Failure | null {
  const undefinedBehaviour = firstMatch(lines, /(\S+:\d+:\d+: runtime error: .+)/)?.[1];
  if (undefinedBehaviour !== undefined) return failure(undefinedBehaviour);
  const summary = firstMatch(lines, /SUMMARY: (\w+Sanitizer: .+)/)?.[1];
  if (summary !== undefined) {
    // Where the place is the sanitizer's own, the first frame outside of it is meant.
    const own = firstMatch(lines, /^\s+#\d+ 0x[\da-f]+ in ((?!__|operator)\S+) (\S+:\d+)/);
    const said = own && /libsanitizer|__interceptor/.test(summary) ? summary.replace(/(: \S+).*/, `$1 ${own[2]} in ${own[1]}`) : summary;
    return failure(said.replace(/(?<=\s)\/\S*\/(?=[^/\s]+:\d+)/, ''));
  }
  const error = firstMatch(lines, /==\d+==\s*ERROR: (\w+Sanitizer: .+)/)?.[1];
  return error === undefined ? null : failure(error);
}

/** From the most telling message to the least. */
const NATIVE: readonly RegExp[] = [
  /(?:^|\s)(\S.*: Assertion [`'].+' failed\.?)/,
  /^(Assertion failed: .+)/,
  /^(.*\b(?:CUDA error|cudaError\w+|CUDA out of memory|CUDA driver version|no CUDA-capable device|NCCL error|CUBLAS_STATUS_\w+|CUDNN_STATUS_\w+|HIP error)\b.*)$/,
  /^(.*error while loading shared libraries: .+)/,
  /^(\*\*\* .*(?:detected|overflow).*)/,
  /^((?:free|malloc|realloc)\(\): .+|double free or corruption.*|corrupted .+|munmap_chunk\(\): .+|malloc_consolidate\(\): .+)/,
  /^(Fortran runtime error: .+)/,
  /^(memory allocation of \d+ bytes failed)/,
];

const SIGNAL = /\b(Segmentation fault|Bus error|Illegal instruction|Floating point exception|Trace\/breakpoint trap|Stack overflow)\b/;

export function nativeFailure(lines: readonly string[]): Failure | null {
  const thrown = firstMatch(
    lines,
    /^(?:libc\+\+abi: )?terminat(?:e called after throwing an instance of|ing due to uncaught exception of type) '?([^':]+(?:::[^':]+)*)'?(?::\s*(.*))?$/,
  );
  if (thrown) {
    const what = thrown[2] ?? firstMatch(lines, /^\s+what\(\):\s+(.*)$/)?.[1];
    return failure(`${thrown[1]}${what === undefined ? '' : `: ${what}`}`);
  }
  for (const pattern of NATIVE) {
    const found = firstMatch(lines, pattern)?.[1];
    if (found !== undefined) return failure(found);
  }
  const signal = firstMatch(lines, SIGNAL)?.[1];
  return signal === undefined ? null : failure(signal);
}

const COMPILER: readonly RegExp[] = [
  /^(?:\S+: )?((?:[A-Za-z]:)?[^\s:][^:]*:\d+(?::\d+)?: (?:fatal )?error: .+)/,
  /^(.*: undefined reference to .+)/,
  /^(.*ld: (?:cannot find|library not found|symbol\(s\) not found).*)/,
  /^(CMake Error.*)/,
  /^(?:\w*make(?:\[\d+\])?: \*\*\* )(No rule to make target .+?)(?:\s+Stop\.)?$/,
];

/** The first error: those after it tend to follow from it. */
export function compilerFailure(lines: readonly string[]): Failure | null {
  for (const pattern of COMPILER) {
    const found = firstMatch(lines, pattern)?.[1];
    if (found !== undefined) return failure(found);
  }
  return null;
}
