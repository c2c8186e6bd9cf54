"""PROTECTED: the numbers that make trials comparable. Experiments may not change this file.

The same code runs in two sizes: `gpu` is the published setup, `cpu` a miniature of it that any
machine can train in seconds. `--size cpu` on the command line of a script chooses the second.
"""

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

CACHE = Path(__file__).parent / "cache"
"""A link that `py.sh` puts beside the scripts, to a folder that outlives them."""

OTHER_TEXT = os.environ.get("NANOCHAT_TEXT", "")
"""Names a second prepared text, in a folder of its own in the cache; empty: the lab's own text."""

FIRST_STEPS_NOT_COUNTED = 11
"""As many as in the published setup. Compilation and warming up happen in the first steps, so their time is not part of the budget."""

BOS = "<|reserved_0|>"
SPECIAL_TOKENS = [f"<|reserved_{n}|>" for n in range(4)]
"""Tokens with the ids 0 to 3 that stand for no text; the first one begins every document."""


@dataclass(frozen=True)
class Size:
    name: str
    context: int
    """Tokens a model sees at most, in training and in evaluation."""
    train_seconds: float
    """Time of training after the first steps; on a processor the time this process had of it."""
    vocabulary: int
    """Tokens, the special ones included."""
    tokenizer_characters: int
    """How much text the tokenizer is trained on at most."""
    validation_tokens: int
    source: str
    """Where the text comes from unless `prepare.py --source` says otherwise."""
    shards: int
    """How many parquet files of it are used for training."""
    evaluation_rows: int
    """Rows the model gets at once in evaluation."""
    train_steps: int | None = None
    """A budget in steps in place of the time, for trials that must come out the same."""

    @property
    def folder(self) -> Path:
        """Where prepare.py keeps what it makes."""
        folder = CACHE / "texts" / OTHER_TEXT if OTHER_TEXT else CACHE
        return folder if self.name == "gpu" else folder / self.name


SIZES = {
    "gpu": Size(
        name="gpu",
        context=2048,
        train_seconds=300,
        vocabulary=8192,
        tokenizer_characters=1_000_000_000,
        validation_tokens=40 * 524_288,
        source="karpathy/climbmix-400b-shuffle",
        shards=10,
        evaluation_rows=32,
    ),
    "cpu": Size(
        name="cpu",
        context=128,
        train_seconds=8,
        vocabulary=1024,
        tokenizer_characters=2_000_000,
        validation_tokens=512 * 128,
        source="python",
        shards=1,
        evaluation_rows=32,
    ),
}


class Clock:
    """How much of the training budget is used: the time of all steps after the first ones."""

    def __init__(self, size: Size) -> None:
        self._size = size
        self.steps = 0
        self.seconds = 0.0

    def tick(self, seconds: float) -> None:
        """One more step is done, and took this long."""
        self.steps += 1
        if self.steps > FIRST_STEPS_NOT_COUNTED:
            self.seconds += seconds

    @property
    def progress(self) -> float:
        """The share of the budget used, from 0 to 1."""
        if self._size.train_steps is not None:
            return min(self.steps / self._size.train_steps, 1.0)
        return min(self.seconds / self._size.train_seconds, 1.0)

    @property
    def is_over(self) -> bool:
        return self.progress >= 1 and self.steps > FIRST_STEPS_NOT_COUNTED


def chosen_size() -> Size:
    """The size that the command line names."""
    arguments = sys.argv[1:]
    name = arguments[arguments.index("--size") + 1] if "--size" in arguments[:-1] else "gpu"
    if name not in SIZES:
        sys.exit(f"there is no size {name}; there are: {', '.join(SIZES)}")
    seconds = os.environ.get("NANOCHAT_SECONDS")
    return replace(SIZES[name], train_seconds=float(seconds)) if seconds else SIZES[name]


def trial_seed() -> int:
    """The seed of this trial, which the engine sets; without it that of the published setup."""
    return int(os.environ.get("AUTORESEARCH_SEED", "42"))
