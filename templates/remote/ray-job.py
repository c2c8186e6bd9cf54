"""Runs one job of autoresearch inside a job of Ray: worker.sh does the work, this keeps its lease and tells what came of it.

Ray gives nothing back but the log of a job. So this prints there, one record a line: what the program prints, after "| "
("~ " where it ends with a carriage return, "+ " where it goes on), so that no output of the program can pass for anything else; then how it
ended, after "= ". Autoresearch renews the lease by writing to Ray's own key-value store, where it may by Ray's REST API, and
this reads it there. Python is that of Ray's own processes, which need no package that Ray does not bring.
"""

import base64
import codecs
import io
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tarfile
import threading
import time

# What Ray gives its jobs and the program must not have: the token, and what this job was told.
HIDDEN = re.compile(r"^(RAY_|AUTORESEARCH_JOB|SPT_NOENV$|PYTHONBREAKPOINT$)")
# So much of what the program prints is passed on while it runs, and of what comes after that so much of its end.
MOST_LOG = 16 << 20
LAST_LOG = 1 << 20
PIECE = 12_000
OUTDATED = 3600


class Job:
    def __init__(self, wanted):
        self.key = wanted["key"]
        self.lease = wanted["lease"]
        self.channel = wanted["channel"].encode()
        self.submitted = wanted["submitted"]
        self.files = dict(wanted["files"])
        self.files["settings"] += "".join(f"hide={path}\n" for path in places_of_ray())
        self.script = wanted["worker.sh"]
        self.root = own_folder(wanted["folder"])
        self.environment = {name: value for name, value in os.environ.items() if not HIDDEN.match(name)}
        # Without the folder of the package, which Ray puts there.
        paths = self.environment.pop("AUTORESEARCH_PYTHONPATH", "").split(":")
        self.environment["PYTHONPATH"] = ":".join(path for path in paths if path and path != os.getcwd())
        if not self.environment["PYTHONPATH"]:
            del self.environment["PYTHONPATH"]
        self.sent = 0
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.worker = os.path.join(self.root, "worker.sh")

    def call(self, *arguments, **more):
        return subprocess.run(["sh", self.worker, *arguments], env=self.environment, capture_output=True, check=False, **more)

    def prepare(self):
        # Ray does not withdraw a job that it cannot place, and starts it much later.
        if time.time() - self.submitted > 5 and self.store().internal_kv_get(self.channel, None, timeout=30) in (None, b"cancel"):
            raise Failed("it was withdrawn before it began")
        fresh = f"{self.worker}.{os.getpid()}"
        with open(fresh, "w", encoding="utf-8") as file:
            file.write(self.script)
        os.rename(fresh, self.worker)
        self.remove_outdated()
        # Where a job of this key ran here before, Ray has lost it.
        self.call("forget", self.key)
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as tar:
            tar.add("source.pack")
            for name, text in self.files.items():
                data = text.encode()
                entry = tarfile.TarInfo(name)
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
        made = self.call("prepare", self.key, input=archive.getvalue())
        if made.stdout.strip() != b"new":
            raise Failed((made.stderr or made.stdout).decode(errors="replace").strip() or "the worker took no job")
        with open(os.path.join(self.root, "jobs", self.key), encoding="utf-8") as file:
            self.folder = os.path.join(self.root, file.read().strip())

    def remove_outdated(self):
        """What jobs have left whose processes were killed."""
        for line in self.call("list").stdout.decode().splitlines():
            key, _, state = line.partition(" ")
            if state in ("gone", "silent", "again") or (state == "ended" and self.age(key) > OUTDATED):
                self.call("forget", key)

    def age(self, key):
        try:
            return time.time() - os.stat(os.path.join(self.root, "jobs", key)).st_mtime
        except OSError:
            return 0

    def run(self):
        # Ray kills the process group of a job whose worker died, but not this session: its lease ends it.
        running = subprocess.Popen(
            ["sh", self.worker, "run", self.key],
            env=self.environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # Ray tells every process of the job to end; this one has to clean up yet.
        signal.signal(signal.SIGTERM, lambda *_: None)
        began = time.monotonic()
        keeper = None
        while running.poll() is None:
            self.pass_on(until_end=False)
            elapsed = time.monotonic() - began
            # Reading the store takes half a second of processor time and some memory, which short trials need not pay.
            if keeper is None and elapsed > self.lease / 4:
                keeper = threading.Thread(target=self.keep_lease, daemon=True)
                keeper.start()
            time.sleep(min(0.5, max(0.02, elapsed / 20)))
        self.pass_on(until_end=True)

    def store(self):
        from ray._raylet import GcsClient

        return GcsClient(address=os.environ["RAY_ADDRESS"])

    def keep_lease(self):
        try:
            store = self.store()
        except Exception as error:
            tell("= note " + json.dumps(f"the lease cannot be read: {error}"))
            return
        last = None
        while True:
            try:
                value = store.internal_kv_get(self.channel, None, timeout=10)
            except Exception:
                value = None  # Ray's head is out of reach: nothing is renewed.
            if value == b"cancel":
                self.call("cancel", self.key)
            elif value is not None and value != last:
                last = value
                self.renew()
            time.sleep(self.lease / 8)

    def renew(self):
        file = os.path.join(self.folder, "lease")
        try:
            with open(f"{file}.new", "w", encoding="utf-8") as out:
                out.write(f"{int(time.time())}\n")
            os.rename(f"{file}.new", file)
        except OSError:
            pass

    def pass_on(self, until_end):
        try:
            with open(os.path.join(self.folder, "log"), "rb") as log:
                size = os.fstat(log.fileno()).st_size
                if until_end and size - self.sent > LAST_LOG and size > MOST_LOG:
                    self.print_log(f"[{size - LAST_LOG - self.sent} bytes are left out]\n".encode())
                    self.sent = size - LAST_LOG
                while self.sent < size and (until_end or self.sent < MOST_LOG):
                    log.seek(self.sent)
                    piece = log.read(PIECE)
                    at = max(piece.rfind(b"\n"), piece.rfind(b"\r"))
                    if not until_end and at >= 0:
                        piece = piece[: at + 1]
                    elif not until_end and len(piece) < PIECE:
                        break
                    self.sent += len(piece)
                    self.print_log(piece)
        except FileNotFoundError:
            pass

    def print_log(self, piece):
        # Ray takes a carriage return for the end of a line.
        for text in re.findall(r"[^\r\n]*[\r\n]|[^\r\n]+", self.decoder.decode(piece)):
            tell({"\n": "| ", "\r": "~ "}.get(text[-1], "+ ") + text.rstrip("\r\n"))

    def finish(self):
        try:
            with open(os.path.join(self.folder, "end"), encoding="utf-8") as file:
                end = dict(line.split("=", 1) for line in file.read().splitlines() if "=" in line)
        except OSError:
            raise Failed("worker.sh was killed") from None
        if end.get("why") == "setup":
            with open(os.path.join(self.folder, "unpack.log"), "rb") as file:
                self.print_log(file.read(LAST_LOG) + b"\n")
        # A full stop ends the list, so that one that is cut is not taken for whole.
        *listed, stop = self.call("results", self.key).stdout.decode().splitlines() or [""]
        if stop != ".":
            raise Failed("the list of results is cut")
        for line in listed:
            blob, size, number, path = line.split(" ", 3)
            tell("= file " + json.dumps({"blob": blob, "size": int(size), "path": path}))
            with open(os.path.join(self.folder, "results", number), "rb") as file:
                while piece := file.read(PIECE):
                    tell("= data " + base64.b64encode(piece).decode())
        tell("= end " + json.dumps({"key": self.key, **end}))


class Failed(Exception):
    pass


def own_folder(path):
    """Jobs of this user alone; other candidates' jobs lie there too, which a sandbox hides."""
    folder = path or f"/tmp/autoresearch-{os.getuid()}"
    os.makedirs(folder, mode=0o700, exist_ok=True)
    found = os.stat(folder, follow_symlinks=bool(path))
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise Failed(f"{folder} must be a folder that belongs to this user alone, with mode 700")
    return os.path.realpath(folder)


def places_of_ray():
    """The token, and where Ray keeps the packages and logs of other jobs."""
    token = os.environ.get("RAY_AUTH_TOKEN_PATH") or os.path.expanduser("~/.ray/auth_token")
    here = os.path.realpath(os.getcwd())
    session = here.split("/runtime_resources/")[0]
    kept = os.path.dirname(session) if session != here else here
    return [path for path in (os.path.realpath(token), kept) if path != "/" and os.path.exists(path)]


def tell(record):
    data = (record + "\n").encode(errors="replace")
    while data:
        data = data[os.write(1, data) :]


def main(wanted):
    job = None
    try:
        job = Job(wanted)
        job.prepare()
        job.run()
        job.finish()
        return 0
    except Exception as error:
        tell("= lost " + json.dumps(str(error)))
        return 1
    finally:
        if job is not None:
            job.call("forget", job.key)


# `wanted` is what autoresearch told this job, which its entrypoint has unpacked.
sys.exit(main(wanted))  # noqa: F821
