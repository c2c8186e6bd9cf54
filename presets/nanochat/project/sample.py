"""PROTECTED: trains the model of this commit and lets it write: sh py.sh sample.py [--size cpu] [--tokens 64] [beginnings …]

For people, and no part of a trial. It asks `train.py` as the evaluation does, so it works for any train.py that an experiment
has left. With --again it writes with the model of the call before and trains none.
"""

import argparse
import base64
import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from rows import Rows
from sizes import SPECIAL_TOKENS, Size, chosen_size

TRAIN = str(Path(__file__).with_name("train.py"))

BEGINNINGS = ["The ", "In the morning", "A list of the "]


def main(size: Size) -> None:
    from tokenizers import Tokenizer

    options = read_options()
    rows = Rows(size)
    tokenizer = Tokenizer.from_file(str(size.folder / "tokenizer" / "tokenizer.json"))
    # Beside the data, so that the project stays as it is committed.
    folder = size.folder / "sample"
    folder.mkdir(exist_ok=True)
    if not options.again or not (folder / "model.pt").exists():
        print(f"training for {size.train_seconds:g} s …", flush=True)
        argv = [sys.executable, TRAIN, "--hand-over", "--size", size.name]
        subprocess.run(argv, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    beginnings = options.beginnings or BEGINNINGS
    begun = [[0, *tokenizer.encode(text).ids][: size.context // 2] for text in beginnings]
    with Program(size, folder) as program:
        written = write(program.logits, begun, options.tokens, size, len(rows.token_bytes), options.seed)
    for tokens in written:
        print(f"\n--- {json.dumps(tokenizer.decode(tokens[1:]), ensure_ascii=False)}")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Trains the model of this commit and lets it write.")
    parser.add_argument("beginnings", nargs="*", help="what each text begins with")
    parser.add_argument("--size", default="gpu", help="gpu or cpu (gpu)")
    parser.add_argument("--tokens", type=int, default=64, help="how many tokens it writes (64)")
    parser.add_argument("--seed", type=int, default=1, help="of the draws (1)")
    parser.add_argument("--again", action="store_true", help="write with the model that an earlier call has trained")
    return parser.parse_args()


def write(logits_of, begun: list[list[int]], count: int, size: Size, vocabulary: int, seed: int) -> list[list[int]]:
    """Goes on with each text, one token at a time, drawn as the model says but from its better half only (temperature 0.8).

    logits_of   rows (count, context) and the last known position of each, to logits (count, vocabulary)
    """
    draw = np.random.default_rng(seed)
    texts = [list(tokens) for tokens in begun]
    # As many rows as in the evaluation, so that nothing is compiled anew.
    rows = np.zeros((max(size.evaluation_rows, len(texts)), size.context), dtype=np.int64)
    for _ in range(count):
        for row, tokens in zip(rows, texts):
            seen = tokens[-size.context :]
            row[: len(seen)] = seen
        ends = [min(len(tokens), size.context) - 1 for tokens in texts] + [0] * (len(rows) - len(texts))
        for tokens, logits in zip(texts, logits_of(rows, ends).reshape(len(rows), vocabulary)):
            # The special tokens stand for no text.
            of_text = np.concatenate([np.full(len(SPECIAL_TOKENS), -np.inf), logits[len(SPECIAL_TOKENS) :]])
            weights = np.exp((of_text - of_text.max()) / 0.8)
            weights[weights < np.median(weights)] = 0
            tokens.append(int(draw.choice(vocabulary, p=weights / weights.sum())))
    return texts


class Program:
    """`train.py --answer`, spoken to as evaluate.py speaks to it."""

    def __init__(self, size: Size, folder: Path) -> None:
        argv = [sys.executable, TRAIN, "--answer", "--size", size.name]
        self._process = subprocess.Popen(argv, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self._process.stdin.close()
        self._process.wait()

    def logits(self, rows: np.ndarray, ends: list[int]) -> np.ndarray:
        begun = base64.b64encode(rows.astype("<u2").tobytes()).decode()
        print(json.dumps({"id": 1, "inputs": [{"begun": begun, "at": ends}]}), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            sys.exit("train.py --answer has ended; its last lines are above")
        return np.frombuffer(base64.b64decode(json.loads(line)["outputs"][0]), dtype="<f4").astype(np.float64)


if __name__ == "__main__":
    main(chosen_size())
