"""PROTECTED: the evaluation. Experiments may not change this file.

Bits per byte of the validation text: what the model needs, in bits, to tell each next token, divided
by the bytes of UTF-8 text those tokens stand for. It compares models fairly whatever their
vocabulary. Tokens that stand for no text are counted neither as bits nor as bytes.
"""

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F

LONGEST_LOOK = 512
"""Positions compared to see whether a model looks ahead."""


ROWS_OF_LOGITS = 8
"""A few rows at a time, because logits in full precision are large."""


class EvaluationError(Exception):
    """The model's answers cannot be taken as predictions."""


@torch.no_grad()
def bits_per_byte(
    predict: Callable[[torch.Tensor], torch.Tensor], rows: torch.Tensor, token_bytes: torch.Tensor, rows_at_once: int
) -> float:
    """The metric; lower is better.

    predict       token ids (batch, context) to logits (batch, context, vocabulary) for the token after each
    rows          token ids (count, context + 1), each row predicted from its own beginning
    token_bytes   bytes of text of each token, 0 for tokens that stand for none
    """
    if len(rows) == 0:
        raise EvaluationError("there are no rows to evaluate")
    device = token_bytes.device
    refuse_looking_ahead(predict, rows[:rows_at_once, :-1].to(device).long(), len(token_bytes))
    # Apple's chips have no float64.
    summing = torch.device("cpu") if device.type == "mps" else device
    nats = torch.zeros((), dtype=torch.float64, device=summing)
    count = torch.zeros((), dtype=torch.int64, device=device)
    for batch in rows.split(rows_at_once):
        batch = batch.to(device).long()
        inputs, targets = batch[:, :-1], batch[:, 1:]
        logits = predict(inputs)
        expect_shape(logits, inputs, len(token_bytes))
        for some, wanted in zip(logits.split(ROWS_OF_LOGITS), targets.split(ROWS_OF_LOGITS)):
            loss = token_losses(some, wanted).flatten()
            lengths = token_bytes[wanted.flatten()]
            nats += loss[lengths > 0].to(summing).double().sum()
            count += lengths.sum()
    if int(count) == 0:
        raise EvaluationError("the validation rows hold no text")
    result = float(nats) / (math.log(2) * int(count))
    if not math.isfinite(result):
        raise EvaluationError(f"bits per byte came out as {result}")
    return result


def token_losses(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """What each target costs in nats: logits (rows, context, vocabulary) and targets (rows, context) to (rows, context)."""
    return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction="none").view(targets.shape)


def refuse_looking_ahead(
    predict: Callable[[torch.Tensor], torch.Tensor], inputs: torch.Tensor, vocabulary: int
) -> None:
    """Changes the second half of some inputs: what is said about the first half must stay the same."""
    half = inputs.shape[1] // 2
    changed = inputs.clone()
    changed[:, half:] = (changed[:, half:] + 1) % vocabulary
    seen = slice(max(0, half - LONGEST_LOOK), half)
    before, after = (predict(each)[:, seen].float() for each in (inputs, changed))
    difference = (before - after).abs().mean()
    if not difference <= 1e-2:
        raise EvaluationError(f"the model looks ahead: later tokens change earlier logits by {float(difference):.2g} on average")


def expect_shape(logits: torch.Tensor, inputs: torch.Tensor, vocabulary: int) -> None:
    wanted = (*inputs.shape, vocabulary)
    if tuple(logits.shape) != wanted:
        raise EvaluationError(f"the model must answer with logits of shape {wanted}, not {tuple(logits.shape)}")
