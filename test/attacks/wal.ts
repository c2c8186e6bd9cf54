/** Candidates that write what they would like to have been measured into the file a killed run goes on from. */
import type { Attack } from './types.ts';

/** Adds a trial with a loss of 0 to the last line, and ends the engine; `sign` gives the line its end. */
const forge = (sign: string) => `[ "$AUTORESEARCH_EXPERIMENT" != 1 ] || python3 - <<'END_OF_FORGERY'
import hashlib, hmac, json, os, pathlib, signal
run = pathlib.Path(os.getcwd()).parent.parent
try:
    (run / 'tried').touch(exist_ok=False)
    lines = (run / 'wal' / '1.jsonl').read_text().strip().split('\\n')
    line = json.loads(lines[-1])
    line.pop('mac', None)
    trial = dict(index=0, state='measured', seed=0, slot='default', commit=line['candidate'], startedAt='2026-01-01T00:00:00.000Z',
                 exit='completed', exitCode=0, signal=None, seconds=0.1, peakMemoryMb=1, metrics=dict(loss=0))
    line.update(trials=[trial], metrics=dict(loss=0))
    text = json.dumps(line, separators=(',', ':'))
    ${sign}
    with open(run / 'wal' / '1.jsonl', 'a') as file:
        file.write(text + '\\n')
    os.kill(json.loads((run / 'lock').read_text())['pid'], signal.SIGKILL)
except OSError:
    pass
END_OF_FORGERY`;

export const WAL_ATTACKS: readonly Attack[] = [
  {
    name: 'writes a trial into the write-ahead file and ends the engine, which is then resumed',
    where: 'candidate',
    script: forge('pass'),
    levels: ['beside'],
    lab: { env: {} },
    expected: { bwrap: 'held', none: 'held' },
  },
  {
    name: 'does the same, and signs it with the key in the folder of the run',
    where: 'candidate',
    script: forge(
      "text = text[:-1] + ',\"mac\":\"' + hmac.new((run / 'wal.key').read_bytes(), text.encode(), hashlib.sha256).hexdigest() + '\"}'",
    ),
    levels: ['beside'],
    lab: { env: {} },
    expected: { bwrap: 'held', none: 'succeeds' },
  },
];
