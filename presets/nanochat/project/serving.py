"""PROTECTED: the model's side of the evaluation, in the candidate's stage. Experiments may not change this file.

A request is a line of JSON on standard input, its answer one on standard output (docs/evaluate.md). Two kinds of inputs:

{"rows": …}               whole rows, (count, context + 1): the loss of each token after the first, in nats
{"begun": …, "at": [t]}   rows that are known up to position t, (count, context): the logits for the token after it

Arrays are base64: tokens uint16, losses and logits float32.
"""

import base64
import json
import os
import sys
from collections.abc import Callable
from typing import TextIO

import numpy as np
import torch

from bpb import ROWS_OF_LOGITS, expect_shape, token_losses
from hardware import Hardware
from sizes import Size

Predict = Callable[[torch.Tensor], torch.Tensor]


def take_output() -> TextIO:
    """Where answers go. What the model prints from here on is for people, and does not get between them."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return out


def serve(out: TextIO, size: Size, machine: Hardware, predict: Predict, vocabulary: int) -> None:
    """Answers until there are no more requests."""
    for line in sys.stdin:
        request = json.loads(line)
        with torch.no_grad(), machine.autocast():
            outputs = [answer(each, size, machine, predict, vocabulary) for each in request["inputs"]]
        print(json.dumps({"id": request["id"], "outputs": outputs}), file=out, flush=True)


def answer(request: dict, size: Size, machine: Hardware, predict: Predict, vocabulary: int) -> str:
    if "rows" in request:
        rows = tokens_of(request["rows"], size.context + 1, machine)
        logits = logits_of(predict, rows[:, :-1], vocabulary)
        parts = zip(logits.split(ROWS_OF_LOGITS), rows[:, 1:].split(ROWS_OF_LOGITS))
        return text_of(torch.cat([token_losses(*part) for part in parts]))
    rows = tokens_of(request["begun"], size.context, machine)
    logits = logits_of(predict, rows, vocabulary)
    return text_of(logits[torch.arange(len(rows)), torch.tensor(request["at"])])


def logits_of(predict: Predict, inputs: torch.Tensor, vocabulary: int) -> torch.Tensor:
    logits = predict(inputs)
    expect_shape(logits, inputs, vocabulary)
    return logits


def tokens_of(text: str, width: int, machine: Hardware) -> torch.Tensor:
    tokens = np.frombuffer(base64.b64decode(text), dtype="<u2").astype(np.int64)
    return torch.from_numpy(tokens).view(-1, width).to(machine.device)


def text_of(values: torch.Tensor) -> str:
    return base64.b64encode(values.float().cpu().numpy().astype("<f4").tobytes()).decode()
