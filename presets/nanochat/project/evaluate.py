"""PROTECTED: the score. It runs when training is over, where no process of the candidate has been.

The model is code of the candidate, so its program is asked. First it says what each token of the validation rows costs it;
those are the numbers that make val_bpb. They are its word: so its program is started anew, knowing nothing of what it was
asked, and gives whole logits for positions that are drawn now, in rows that are known to it up to there and no further. What
the next token costs by these logits, worked out here, must be what it had said.
"""

import base64
import json
import math
import os
import random
import sys
import time

import numpy as np

from rows import Rows
from sizes import Size, chosen_size

PROBES = {"gpu": 1024, "cpu": 256}
"""Positions that are asked for again."""

HONEST = {"gpu": (3e-3, 1.0), "cpu": (1e-4, 1e-2)}
"""What a loss may differ from the one by the logits, in nats: on average and at most. A card computes in 16 bits, and in another order."""

ROWS_AT_ONCE = {"gpu": 128, "cpu": 128}

SUMMARY = {"training_seconds": 1, "total_seconds": 1, "peak_vram_mb": 1, "mfu_percent": 2, "total_tokens_M": 1, "num_steps": 0, "num_params_M": 1, "depth": 0}
"""What the training says of itself, with its decimals: the candidate's word."""


class Candidate:
    """The program that answers; see docs/evaluate.md for the lines."""

    def __init__(self) -> None:
        self._answers, self._requests = os.fdopen(3), os.fdopen(4, "w")
        self._id = 0

    def ask(self, request: dict) -> np.ndarray:
        self._id += 1
        print(json.dumps({"id": self._id, "inputs": [request]}), file=self._requests, flush=True)
        (output,) = json.loads(self._answers.readline())["outputs"]
        return np.frombuffer(base64.b64decode(output), dtype="<f4").astype(np.float64)

    def start_anew(self) -> None:
        print(json.dumps({"restart": True}), file=self._requests, flush=True)
        self._answers.readline()


def fail(reason: str) -> None:
    print(f"failed: evaluation: {reason}", flush=True)
    sys.exit(1)


def main(size: Size) -> None:
    started = time.perf_counter()
    rows = Rows(size)
    validation = np.asarray(rows.of("validation"))
    lengths = np.array(rows.token_bytes)[validation[:, 1:]]
    if lengths.sum() == 0:
        fail("the validation rows hold no text")
    candidate = Candidate()
    losses = said_losses(candidate, validation, size)
    candidate.start_anew()
    compare(candidate, validation, losses, lengths > 0, size)
    val_bpb = losses[lengths > 0].sum() / (math.log(2) * int(lengths.sum()))
    if not math.isfinite(val_bpb):
        fail(f"bits per byte came out as {val_bpb}")
    show(val_bpb, time.perf_counter() - started)


def said_losses(candidate: Candidate, validation: np.ndarray, size: Size) -> np.ndarray:
    """What the model says each token after the first costs: (count, context)."""
    said = []
    for first in range(0, len(validation), ROWS_AT_ONCE[size.name]):
        some = validation[first : first + ROWS_AT_ONCE[size.name]]
        losses = candidate.ask({"rows": text_of(some)})
        if losses.size != len(some) * size.context:
            fail(f"the model gave {losses.size} losses for {len(some) * size.context} tokens")
        said.append(losses.reshape(len(some), size.context))
    return np.concatenate(said)


def compare(candidate: Candidate, validation: np.ndarray, losses: np.ndarray, counts: np.ndarray, size: Size) -> None:
    draw = random.SystemRandom()
    places = draw.sample([tuple(place) for place in np.argwhere(counts)] if counts.size < 1e6 else drawn(draw, counts), PROBES[size.name])
    differences = []
    for first in range(0, len(places), size.evaluation_rows):
        some = places[first : first + size.evaluation_rows]
        begun = np.stack([begin(validation, row, at, draw) for row, at in some])
        logits = candidate.ask({"begun": text_of(begun), "at": [int(at) for _, at in some]})
        if logits.size % len(some) != 0:
            fail("the model gave no logits")
        for each, (row, at) in zip(logits.reshape(len(some), -1), some):
            target = int(validation[row, at + 1])
            highest = each.max()
            true = highest + math.log(np.exp(each - highest).sum()) - each[target]
            differences.append(true - losses[row, at])
    mean, most = float(np.mean(differences)), float(np.max(np.abs(differences)))
    tolerated, largest = HONEST[size.name]
    if not (mean <= tolerated and most <= largest):
        fail(
            f"the model said less than its predictions cost: {mean:.4g} nats a token, at most {most:.4g}; "
            "it looks ahead, answers differently a second time, or gives losses that are not its own"
        )


def drawn(draw: random.SystemRandom, counts: np.ndarray) -> list[tuple[int, int]]:
    """Some thousand places that count, without a list of all of them."""
    places: set[tuple[int, int]] = set()
    while len(places) < 4096:
        place = (draw.randrange(counts.shape[0]), draw.randrange(counts.shape[1]))
        if counts[place]:
            places.add(place)
    return sorted(places)


def begin(validation: np.ndarray, row: int, at: int, draw: random.SystemRandom) -> np.ndarray:
    """A row up to a position, and the end of another one after it."""
    other = validation[draw.randrange(len(validation))]
    return np.concatenate([validation[row, : at + 1], other[at + 1 : -1]])


def text_of(tokens: np.ndarray) -> str:
    return base64.b64encode(tokens.astype("<u2").tobytes()).decode()


def show(val_bpb: float, seconds: float) -> None:
    with open("summary.json", encoding="utf-8") as file:
        summary = json.load(file)
    print(f"---\n{'val_bpb:':18}{val_bpb:.6f}")
    for name, decimals in SUMMARY.items():
        value = summary.get(name)
        if not isinstance(value, (int, float)) or not math.isfinite(value):
            fail(f"summary.json has no number {name}")
        print(f"{name + ':':18}{value + (seconds if name == 'total_seconds' else 0):.{decimals}f}")


if __name__ == "__main__":
    main(chosen_size())
