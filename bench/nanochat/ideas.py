"""What each idea of the published night does to a small model: python3 bench/nanochat/ideas.py --help

The patches are applied one on top of the other, as in `ideas/`. After each one a model is trained that is an eighth as wide
as the published one and as deep, for as many operations as the baseline gets, on one processor core, with several seeds.
Equal operations stand for equal time here: on a processor the time of a small model says little about a card. It writes
ideas.json (after each model, so it can be stopped and goes on where it was) and ideas.md.
"""

import argparse
import importlib.util
import json
import math
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from statistics import mean

from bench import PROJECT, make_lab, prepare, say

NARROWER = 8
"""How many times narrower than published."""

FEWER_TOKENS = 256
"""How many times fewer tokens in a step than published."""

PUBLISHED_STEPS = 953


def main() -> None:
    options = read_options()
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    lab = make_lab(out / "lab", options)
    prepare(lab, "cpu")
    file = out / "ideas.json"
    known = json.loads(file.read_text()) if file.exists() else {}
    if known.get("steps", options.steps) != options.steps:
        sys.exit(f"{file} holds models of {known['steps']} steps; name another folder with --out")
    found: dict[str, dict[str, float]] = known.get("models", {})
    for name, script in scripts(lab, options.set):
        of_name = found.setdefault(name, {})
        for seed in range(1, options.seeds + 1):
            if str(seed) in of_name:
                continue
            of_name[str(seed)] = train_small(script, seed, options.steps)
            say(f"{name}, seed {seed}: {of_name[str(seed)]:.4f}")
            file.write_text(json.dumps({"set": options.set, "steps": options.steps, "models": found}, indent=1) + "\n")
            (out / "ideas.md").write_text(markdown(found))
    print(markdown(found))


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What each published idea does to a small model, on a processor.")
    parser.add_argument("--set", default="ideas", choices=["ideas", "ideas-speedrun"], help="which patches (ideas)")
    parser.add_argument("--steps", type=int, default=300, help="steps of the baseline; the others get as many operations (300)")
    parser.add_argument("--seeds", type=int, default=3, help="models of each (3)")
    parser.add_argument("--source", default="python", help="a folder of text or parquet files; python: its standard library")
    parser.add_argument("--cache", type=Path, help="a folder for the prepared data, which a later call finds again")
    parser.add_argument("--out", type=Path, default=Path(".bench-nanochat-ideas"), help="where the figures go")
    return parser.parse_args()


def scripts(lab: Path, ideas: str):
    """The baseline's train.py, and one for each patch on top of those before it."""
    yield "baseline", lab / "train.py"
    stack = lab / "stack"
    stack.mkdir()
    shutil.copy(PROJECT / "train.py", stack)
    for patch in sorted((PROJECT / ideas).glob("*.patch")):
        subprocess.run(["git", "apply", str(patch)], cwd=stack, check=True)
        script = lab / f"{patch.stem}.py"
        shutil.copy(stack / "train.py", script)
        yield patch.stem, script


def train_small(script: Path, seed: int, steps: int) -> float:
    """Bits per byte of a small model made by this script; `steps` are those of the baseline."""
    import torch

    import hardware
    from bpb import bits_per_byte
    from data import Data
    from sizes import SIZES, Clock

    baseline, train = (small(each, steps) for each in (script.parent / "train.py", script))
    torch.manual_seed(seed)
    machine = hardware.find_hardware()
    data = Data(SIZES["cpu"])
    context = SIZES["cpu"].context
    model = train.Model(data.vocabulary, context, machine)
    operations = baseline.Model(data.vocabulary, context, machine).flops_per_token(context) * baseline.TOTAL_BATCH * steps
    own_steps = max(20, round(operations / (model.flops_per_token(context) * train.TOTAL_BATCH)))
    torch.manual_seed(seed)
    model = train.Model(data.vocabulary, context, machine)
    size = replace(SIZES["cpu"], train_steps=own_steps)
    train.print = lambda *_, **__: None
    train.train(model, data, machine, Clock(size), size)
    return bits_per_byte(model, data.validation(), data.token_bytes, size.evaluation_rows)


def small(script: Path, steps: int):
    """The module of a train.py in the published size, made small."""
    sys.argv = ["train.py"]
    spec = importlib.util.spec_from_file_location(f"small_{re.sub(r'[^a-z0-9]', '_', script.stem)}", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.WIDTH_PER_LAYER /= NARROWER
    module.HEAD_SIZE //= NARROWER
    module.TOTAL_BATCH //= FEWER_TOKENS
    module.DEVICE_ROWS = 8
    module.MOMENTUM_STEPS = max(1, round(module.MOMENTUM_STEPS * steps / PUBLISHED_STEPS))
    return module


def markdown(found: dict[str, dict[str, float]]) -> str:
    pairs = differences(found)
    error = pooled_error(list(pairs.values()))
    lines = ["| patch | val_bpb | change by the patch |", "| --- | --- | --- |"]
    for name, values in found.items():
        change = f"{mean(pairs[name]):+.4f}" if pairs.get(name) else "–"
        lines.append(f"| {name} | {mean(values.values()):.4f} | {change} |")
    said = "unknown" if error is None else f"{error:.4f}"
    return "\n".join(lines) + f"\n\nStandard error of a change, pooled over all patches: {said}.\n"


def differences(found: dict[str, dict[str, float]]) -> dict[str, list[float]]:
    """By patch: for each seed, what it changes. Models of one seed see the same rows in the same order."""
    names = list(found)
    return {
        name: [found[name][seed] - found[before][seed] for seed in found[name] if seed in found[before]]
        for before, name in zip(names, names[1:])
    }


def pooled_error(pairs: list[list[float]]) -> float | None:
    """Two or three seeds say little about one patch, all patches together much about the noise."""
    several = [each for each in pairs if len(each) > 1]
    if not several:
        return None
    squares = sum(sum((one - mean(each)) ** 2 for one in each) for each in several)
    return math.sqrt(squares / sum(len(each) - 1 for each in several) / mean(len(each) for each in several))


if __name__ == "__main__":
    main()
