import { CommanderError } from 'commander';
import { AutoresearchError, AutoresearchErrors, formatError, type ExitCode } from './errors.ts';
import { errorOfMachine } from './machine-errors.ts';
import { ReasonError } from './plugin.ts';
import { hideFromProc } from './process/own-environ.ts';
import { createProgram } from './program.ts';
import { isKeyName } from './redact.ts';

/** argv without node and script → exit code. Known errors print without a stack. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  // Without a sandbox, programs of a run could read keys in /proc/PID/environ of this process.
  hideFromProc(isKeyName);
  const completes = argv[0] === 'completion' || argv[0] === 'complete';
  const program = completes ? createProgram((await import('./completion.ts')).addCompletion) : createProgram();
  let code: ExitCode = 0;
  try {
    await program.parseAsync([...argv], { from: 'user' });
    code = program.opts<{ exitCode?: ExitCode }>().exitCode ?? 0;
  } catch (error) {
    code = explain(error, argv.includes('--debug'));
  }
  return code;
}

function explain(error: unknown, debug: boolean): ExitCode {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const machine = errorOfMachine(error);
  if (machine) return explain(machine, debug);
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  // Interrupted before the run began: there is nothing to clean up, and the user knows why it ended.
  if (error instanceof DOMException && error.name === 'AbortError') return 130;
  if (error instanceof AutoresearchError || error instanceof AutoresearchErrors) {
    const all = error instanceof AutoresearchErrors ? error.errors : [error];
    say(all.map((each) => formatError(each)).join('\n\n'));
    if (debug) say(String(error.stack));
    return error.exitCode;
  }
  // A trial outside the loop failed, or a plugin did: an error that the user can fix.
  if (error instanceof ReasonError) {
    say(`${error.code} ${error.message}\n  autoresearch explain ${error.code}`);
    return 1;
  }
  say(
    `${error instanceof Error ? error.stack : String(error)}\n\nThis is a bug in autoresearch: please report it with the lines above. Nothing of yours is lost; see: autoresearch status`,
  );
  return 1;
}
