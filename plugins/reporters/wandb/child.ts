/** What runs in Python: W&B has no other client. It reads a line of JSON, does what it says, and answers with a line. */
export const CHILD = String.raw`
import glob, json, os, struct, sys

answers = os.fdopen(os.dup(1), 'w', buffering=1)
# What W&B prints must not be taken for an answer.
os.dup2(2, 1)
run = None


def logged_steps(folder, name):
    """Steps of history that the files of this run hold; None where it has no files. They are LevelDB logs of records."""
    from wandb.proto.wandb_internal_pb2 import Record

    files = glob.glob(os.path.join(folder, 'wandb', '*run-*-' + name, 'run-' + name + '.wandb'))
    steps = set()
    for file in files:
        with open(file, 'rb') as opened:
            data = opened.read()
        at, parts = 7, b''
        while at + 7 <= len(data):
            left = 32768 - at % 32768
            if left < 7:
                at += left
                continue
            size, kind = struct.unpack('<HB', data[at + 4 : at + 7])
            # The rest was never written: the process was killed.
            if kind == 0 or at + 7 + size > len(data):
                break
            parts += data[at + 7 : at + 7 + size]
            at += 7 + size
            if kind in (1, 4):
                record = Record()
                record.ParseFromString(parts)
                parts = b''
                if record.WhichOneof('record_type') == 'history':
                    steps.add(record.history.step.num)
    return steps if files else None


def open_run(order):
    global run
    import wandb

    settings = wandb.Settings(console='off', silent=True, x_disable_stats=True, x_disable_meta=True, disable_git=True, disable_code=True)
    steps = logged_steps(order['dir'], order['init']['id'])
    run = wandb.init(dir=order['dir'], resume='allow', settings=settings, **order['init'])
    run.define_metric('*', step_metric='experiment')
    if not run.offline:
        return {'next': run.step}
    # Without files they may have been synced and removed.
    return {'next': None if steps is None else next(n for n in range(len(steps) + 1) if n not in steps)}


def handle(order):
    op = order['op']
    if op == 'open':
        return open_run(order)
    if op == 'log':
        run.log(order['values'], step=order['step'])
    elif op == 'summary':
        run.summary.update(order['values'])
    elif op == 'finish':
        run.finish(exit_code=order['code'])
    return {}


for line in sys.stdin:
    order = json.loads(line)
    try:
        print(json.dumps({'n': order['n'], **handle(order)}), file=answers)
    except BaseException as error:
        print(json.dumps({'n': order['n'], 'error': type(error).__name__ + ': ' + str(error)}), file=answers)
# The other end is gone: what W&B still has in memory is written.
if run is not None:
    run.finish(exit_code=1)
`;
