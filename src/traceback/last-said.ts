/** If no known message was printed: the last line of the program that is not from a program around it. */

const NOISE: readonly RegExp[] = [
  /^npm (?:ERR!|error|WARN|warn|notice|http|info|verbose)/,
  /ELIFECYCLE/,
  /^(?:error|info) (?:Command failed with exit code|Visit https:\/\/yarnpkg)/,
  /^error: script "[^"]*" exited with code/,
  /^error: Recipe `[^`]*` failed/,
  /^\w*make(?:\[\d+\])?: (?:\*\*\* .* Error \d+|Leaving directory|Entering directory|Target .* not remade)/,
  /^exit status \d+$/,
  /^Node\.js v\d/,
  /^Bun v\d/,
  /^\(Use `node --/,
  /^note: (?:run with|in Rust|this error originates)/,
  /^For more information about this error/,
  /process didn't exit successfully/,
  /^error: (?:could not compile|aborting due to|test failed)/,
  /^collect2: error: ld returned/,
  /^compilation terminated\.$/,
  /^\d+ (?:errors?|warnings?)(?: and \d+ errors?)? generated\.$/,
  /^Execution halted$/,
  /^\s+at \S+/,
  /^(?:\*+ )?(?:Calls|Stacktrace|stack traceback|Backtrace|CallStack).*:/,
  /^\s+\d+: 0x[\da-f]+/,
  /^(?:Aborted|Terminated|Killed)(?: \(core dumped\))?$/,
  /^Command exited with non-zero status/,
  /^\s*$/,
  /^[\s^~|-]+$/,
];

const COMPLAINT =
  /^(?:\S+: )*(?:error|fatal|Error|ERROR|FATAL|CRITICAL|panic)(?:\[\w+\])?[: ]|command not found|No such file or directory|Permission denied|\*\* \(\w+Error\)/;

/** How many lines above the last one a complaint may be: usage texts and hints follow it. */
const NEAR = 12;

export function lastSaid(lines: readonly string[]): string {
  const said = lines.filter((line) => !NOISE.some((pattern) => pattern.test(line)));
  const complaint = said.slice(-NEAR).findLast((line) => COMPLAINT.test(line));
  const last = complaint ?? said.at(-1) ?? ofPackageManager(lines) ?? lines.findLast((line) => line.trim() !== '') ?? '';
  return last.trim();
}

/** npm fails by itself too: no such script, no package. */
function ofPackageManager(lines: readonly string[]): string | undefined {
  const found = lines.flatMap(
    (line) => /^npm (?:ERR!|error) (?!code |errno |path |command |A complete log|syscall |Lifecycle|\s|$)(.+)/.exec(line)?.[1] ?? [],
  );
  return found[0];
}
