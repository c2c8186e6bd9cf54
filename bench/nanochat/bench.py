"""Measures the nanochat preset on this machine: python3 bench/nanochat/bench.py --help

Whole trials of the preset's own train.py, in a copy of its project, on text that needs no network. It prints
a table and writes report.json and report.md. With an NVIDIA GPU it runs the published configuration, else
the preset's miniature for a processor, which shows that the command works and nothing about a GPU.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "presets" / "nanochat" / "project"
PUBLISHED_VALIDATION_TOKENS = 40 * 524_288
START_AND_EVALUATION_SECONDS = 90
"""What a trial takes besides training, at a first guess, until one has been measured."""


def main() -> None:
    options = read_options()
    started = time.time()
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    lab = make_lab(out / "lab", options)
    from kernels_table import describe_machine, time_attention, check_precision

    machine = describe_machine()
    size = "gpu" if machine["device"] == "cuda" else "cpu"
    report = {"date": time.strftime("%Y-%m-%d"), "size": size, "machine": machine}
    say(f"machine: {machine['name']}, PyTorch {machine['torch']}")
    report["data"] = prepare(lab, size)
    report["precision"] = check_precision()
    report["attention"] = time_attention(size)
    write(report, out)
    seconds = options.seconds or (300 if size == "gpu" else 8)
    report["train_seconds"] = seconds
    report["trials"] = []
    overhead = START_AND_EVALUATION_SECONDS
    for seed in range(1, options.trials + 1):
        left = options.minutes * 60 - (time.time() - started)
        if seed > 1 and left < seconds + overhead:
            say(f"{left:.0f} s are left, too few for another trial")
            break
        if seed == 1 and left < seconds + overhead:
            seconds = report["train_seconds"] = max(20, int(left - overhead))
            say(f"the trials are shortened to {seconds} s of training")
        set_train_seconds(lab, size, seconds)
        trial = run_trial(lab, size, seed)
        report["trials"].append(trial)
        if "failed" in trial:
            say(f"trial {seed} failed: {trial['failed']}")
            break
        overhead = trial["wall_seconds"] - trial["training_seconds"] + 5
        write(report, out)
    if options.profile:
        from profile_steps import profile_steps

        report["profile"] = profile_steps(lab, size)
    write(report, out)
    print(f"\n{(out / 'report.md').read_text()}\nreport: {out / 'report.md'}, {out / 'report.json'}")
    sys.exit(1 if any("failed" in trial for trial in report["trials"]) or not report["trials"] else 0)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures the nanochat preset on this machine, without a network.")
    parser.add_argument("--minutes", type=float, default=14, help="how long it may take in all (14)")
    parser.add_argument("--seconds", type=int, help="training of one trial (300 on a GPU, 8 without)")
    parser.add_argument("--trials", type=int, default=5, help="trials at most, each with a seed of its own (5)")
    parser.add_argument("--source", default="python", help="a folder of text or parquet files; python: its standard library")
    parser.add_argument("--cache", type=Path, help="a folder for the prepared data, which a later call finds again")
    parser.add_argument("--out", type=Path, default=Path(".bench-nanochat"), help="where the report goes (.bench-nanochat)")
    parser.add_argument("--profile", action="store_true", help="also say which operations a step spends its time in")
    return parser.parse_args()


def make_lab(lab: Path, options: argparse.Namespace) -> Path:
    """A copy of the preset's project whose text is local."""
    shutil.rmtree(lab, ignore_errors=True)
    shutil.copytree(PROJECT, lab, ignore=shutil.ignore_patterns("cache", "__pycache__"))
    cache = (options.cache or options.out / "cache").resolve()
    cache.mkdir(parents=True, exist_ok=True)
    (lab / "cache").symlink_to(cache)
    source = options.source if options.source == "python" else str(Path(options.source).resolve())
    sizes = lab / "sizes.py"
    sizes.write_text(re.sub(r'source="[^"]*"', f'source="{source}"', sizes.read_text()))
    sys.path.insert(0, str(lab))
    sys.dont_write_bytecode = True
    return lab


def set_train_seconds(lab: Path, size: str, seconds: int) -> None:
    sizes = lab / "sizes.py"
    before, named, after = sizes.read_text().partition(f'name="{size}"')
    sizes.write_text(before + named + re.sub(r"train_seconds=\S+,", f"train_seconds={seconds},", after, count=1))


def prepare(lab: Path, size: str) -> dict:
    started = time.time()
    script = "import prepare, sys; prepare.fetch_kernels = lambda: None; prepare.run()"
    subprocess.run([sys.executable, "-c", script, "--size", size], cwd=lab, check=True, env=environment(lab))
    manifest = json.loads((lab / "cache" / ("" if size == "gpu" else size) / "tokens" / "manifest.json").read_text())
    tokens = {name: manifest[name]["rows"] * manifest["context"] for name in ("training", "validation")}
    return {"text": manifest["text"], "text_sha256": manifest["text_sha256"], "tokens": tokens, "prepared_in": round(time.time() - started, 1)}


def environment(lab: Path) -> dict[str, str]:
    """As py.sh sets it for a trial: what is compiled is kept from one trial to the next."""
    compiled = str((lab / "cache").resolve() / "compiled")
    allocator = {"PYTORCH_ALLOC_CONF": os.environ.get("PYTORCH_ALLOC_CONF", "expandable_segments:True")}
    offline = {"HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    return {**os.environ, **allocator, **offline, "TORCHINDUCTOR_CACHE_DIR": compiled, "TRITON_CACHE_DIR": f"{compiled}/triton"}


def run_trial(lab: Path, size: str, seed: int) -> dict:
    """One trial as the loop runs it: what it prints, and where its time went."""
    say(f"trial {seed} …")
    started = time.time()
    argv = [sys.executable, "train.py", "--size", size]
    done = subprocess.run(argv, cwd=lab, env={**environment(lab), "AUTORESEARCH_SEED": str(seed)}, capture_output=True, text=True)
    wall = time.time() - started
    if done.returncode != 0:
        return {"seed": seed, "failed": ((done.stdout + done.stderr).strip().splitlines() or ["no output"])[-1][:300]}
    values = {name: float(value) for name, value in re.findall(r"^(\w+):\s+([-\d.]+)$", done.stdout, re.M)}
    curve = [(float(share), float(loss)) for share, loss in re.findall(r"^curve: (\S+) (\S+)$", done.stdout, re.M)]
    machine = re.search(r"^machine: (.*)$", done.stdout, re.M)
    steady = values["total_tokens_M"] * 1e6 / values["num_steps"] * (values["num_steps"] - 11)
    return {
        "seed": seed,
        **values,
        "wall_seconds": round(wall, 1),
        "not_training_seconds": round(wall - values["training_seconds"], 1),
        "tokens_per_second": round(steady / values["training_seconds"]),
        "machine": machine.group(1) if machine else "",
        "last_loss": curve[-1][1] if curve else None,
    }


def write(report: dict, out: Path) -> None:
    from report import markdown

    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    (out / "report.md").write_text(markdown(report))


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    main()
