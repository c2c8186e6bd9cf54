import { execFileSync } from 'node:child_process';

/**
 * A program that starts another one and ends only when all its descendants are gone. On Linux a process can ask
 * the kernel to become the parent of all orphans below it, so that one that forks twice, or clears its environment, is
 * still found. Node cannot ask for that; perl and python can.
 */
export interface Reaper {
  /** Its name, for messages. */
  readonly name: string;
  /** What it needs in its environment; the program below does not get it. */
  readonly env: Readonly<Record<string, string>>;
  /** The command that runs another one below the reaper, with one more variable, such as `NAME=value`. */
  wrap(argv: readonly [string, ...string[]], variable: string): [string, ...string[]];
}

/** The number of prctl, which perl has no name for. */
const PRCTL: Readonly<Record<string, number>> = { x64: 157, arm64: 167, riscv64: 167, ppc64: 171, s390x: 172, ia32: 172, arm: 172 };

// No `glob`, which loads a module and doubles the time perl takes to start.
// 36: become the parent of orphans. 1: get SIGTERM when the engine dies. SIGTERM ends everything below, at once.
const PERL = `
my ($prctl, $variable, @command) = @ARGV;
my ($self, $status, $main) = ($$, 0, 0);
$SIG{TERM} = sub { die };
sub reaped { my $pid = waitpid(-1, $_[0]); $status = $? if $pid == $main; return $pid }
eval {
  syscall($prctl, 36, 1, 0, 0, 0) == 0 && syscall($prctl, 1, 15, 0, 0, 0) == 0 or exit 125;
  $main = fork() // exit 125;
  if (!$main) { $SIG{TERM} = 'DEFAULT'; delete $ENV{PERL_BADLANG}; my ($name, $value) = split /=/, $variable, 2; $ENV{$name} = $value; exec { $command[0] } @command }
  while (1) { my $pid = reaped(0); last if $pid == $main || $pid < 0 }
};
exit 127 if $$ != $self;
$SIG{TERM} = 'IGNORE';
sub children {
  my @found;
  opendir(my $proc, '/proc') or return;
  for my $pid (grep { !/\\D/ } readdir $proc) {
    open(my $stat, '<', "/proc/$pid/stat") or next;
    my $line = <$stat> // '';
    push @found, $1 if $line =~ /^(\\d+) .*\\) \\S (\\d+) [^)]*$/s && $2 == $$;
  }
  return @found;
}
for (1 .. 5000) {
  my $pid;
  do { $pid = reaped(1) } while ($pid > 0);
  last if $pid < 0;
  kill 'KILL', children();
  select(undef, undef, undef, 0.001);
}
exit($status & 127 ? 128 + ($status & 127) : $status >> 8);
`;

const PYTHON = `
import ctypes, glob, os, signal, sys, time
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
libc = ctypes.CDLL(None)
if libc.prctl(36, 1, 0, 0, 0) or libc.prctl(1, 15, 0, 0, 0):
    sys.exit(125)
main, status = os.fork(), 0
if main == 0:
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE):
        signal.signal(name, signal.SIG_DFL)
    try:
        name, _, value = sys.argv[1].partition('=')
        os.environ[name] = value
        os.execvp(sys.argv[2], sys.argv[2:])
    finally:
        os._exit(127)
def reaped(options):
    global status
    try:
        pid, ended = os.waitpid(-1, options)
    except ChildProcessError:
        return -1
    if pid == main:
        status = ended
    return pid
def children():
    for path in glob.glob('/proc/[0-9]*/stat'):
        try:
            line = open(path, encoding='latin1').read()
        except OSError:
            continue
        if int(line[line.rindex(')') + 2:].split()[1]) == os.getpid():
            yield int(line.split()[0])
while not stop and reaped(os.WNOHANG) not in (main, -1):
    time.sleep(0.002)
for _ in range(5000):
    while (pid := reaped(os.WNOHANG)) > 0:
        pass
    if pid < 0:
        break
    for pid in children():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    time.sleep(0.001)
sys.exit(128 + (status & 127) if status & 127 else status >> 8)
`;

let found: string | null = null;

/** The program itself: what is on the PATH may be a script that changes the environment. */
function python(): string {
  found ??= execFileSync('python3', ['-I', '-S', '-c', 'import sys; print(sys.executable)'], { encoding: 'utf8', timeout: 10_000 }).trim();
  return found;
}

/** Every way to have a reaper, the quickest first. */
export function reapers(): Reaper[] {
  const prctl = PRCTL[process.arch];
  const perl: Reaper[] =
    prctl === undefined
      ? []
      : [{ name: 'perl', env: { PERL_BADLANG: '0' }, wrap: (argv, variable) => ['perl', '-e', PERL, String(prctl), variable, ...argv] }];
  return [...perl, { name: 'python3', env: {}, wrap: (argv, variable) => [python(), '-I', '-S', '-c', PYTHON, variable, ...argv] }];
}

/** The first that works here; null where there is none, as on other systems than Linux. */
export function findReaper(): Reaper | null {
  if (process.platform !== 'linux') return null;
  return reapers().find(works) ?? null;
}

function works({ wrap }: Reaper): boolean {
  try {
    const [file, ...args] = wrap(['sh', '-c', 'exit $CODE'], 'CODE=7');
    execFileSync(file, args, { stdio: 'ignore', timeout: 10_000 });
    return false;
  } catch (error) {
    return error instanceof Error && 'status' in error && error.status === 7;
  }
}
