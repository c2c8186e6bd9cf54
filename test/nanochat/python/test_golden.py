"""The first twenty steps have the losses of an independent implementation of the published setup, in float64.

The figures were produced once, by the published code with float64 in place of bf16, plain attention and no
compiler, from the weights and rows that are made here. Ours runs in float32, so it may differ in the last
digits; the curve is printed with five decimals.
"""

import numpy as np
import pytest
import torch

import sizes
import train
from dataclasses import replace

VOCABULARY, CONTEXT, WIDTH, HEAD, DEPTH, ROWS, PASSES, STEPS = 256, 64, 96, 32, 3, 4, 2, 20
WEIGHTS = 430_278
LOSSES = [
    5.545010830, 5.471483502, 5.030391169, 4.805117283, 4.040305876,
    3.567407435, 3.103481948, 2.797757488, 2.276736329, 1.929770772,
    1.928815486, 1.725096348, 1.267600528, 1.175421062, 1.182420121,
    0.999125354, 0.811520123, 0.963705773, 1.048602404, 0.671992679,
]
"""The mean loss of each step, in nats."""


def draw(number: int, shape: tuple[int, ...], scale: float) -> torch.Tensor:
    """Uniform between plus and minus the scale; NumPy's RandomState never changes what a seed gives."""
    return torch.from_numpy(scale * np.random.RandomState(number).uniform(-1, 1, size=shape))


@torch.no_grad()
def set_weights(model: train.Model) -> None:
    spread = (3 / WIDTH) ** 0.5
    model.embedding.weight.copy_(draw(1, (VOCABULARY, WIDTH), 3**0.5))
    model.unembedding.weight.copy_(draw(2, (VOCABULARY, WIDTH), 0.001 * 3**0.5))
    for index, layer in enumerate(model.layers):
        for number, each in enumerate((layer.attention.query, layer.attention.key, layer.attention.value)):
            each.weight.copy_(draw(100 + 10 * index + number, (WIDTH, WIDTH), spread))
        layer.mlp.into.weight.copy_(draw(103 + 10 * index, (4 * WIDTH, WIDTH), spread))
        # Zero as they are at a real start, these would leave gradients that are nothing but rounding, which Adam
        # makes as large as any other.
        layer.attention.out.weight.copy_(draw(104 + 10 * index, (WIDTH, WIDTH), spread))
        layer.mlp.out.weight.copy_(draw(105 + 10 * index, (WIDTH, 4 * WIDTH), spread))
        if layer.attention.gate is not None:
            layer.attention.gate.weight.copy_(draw(106 + 10 * index, (WIDTH // HEAD, train.GATE_CHANNELS), spread))
    for name, table in model.values.items():
        table.weight.copy_(draw(200 + int(name), (VOCABULARY, WIDTH), spread))


class Rows:
    """Rows in which each token is the one before plus 1, 2 or 3, so that there is something to learn."""

    def __init__(self) -> None:
        self.batches = 0

    def next_rows(self, count: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
        random = np.random.RandomState(1000 + self.batches)
        self.batches += 1
        start, step = random.randint(0, VOCABULARY, size=(count, 1)), random.randint(1, 4, size=(count, 1))
        rows = torch.from_numpy((start + step * np.arange(CONTEXT + 1)) % VOCABULARY).to(device)
        return rows[:, :-1], rows[:, 1:]


def test_the_first_steps_have_the_losses_of_an_independent_implementation(monkeypatch, capsys):
    numbers = {"DEPTH": DEPTH, "WIDTH_PER_LAYER": WIDTH // DEPTH, "HEAD_SIZE": HEAD}
    for name, value in {**numbers, "DEVICE_ROWS": ROWS, "TOTAL_BATCH": PASSES * ROWS * CONTEXT}.items():
        monkeypatch.setattr(train, name, value)
    size = replace(sizes.SIZES["cpu"], context=CONTEXT, train_steps=STEPS)
    machine = train.hardware.find_hardware()
    model = train.Model(VOCABULARY, CONTEXT, machine)
    assert sum(each.numel() for each in model.parameters()) == WEIGHTS
    set_weights(model)
    train.train(model, Rows(), machine, sizes.Clock(size), size)
    curve = [float(line.split()[2]) for line in capsys.readouterr().out.splitlines() if line.startswith("curve:")]
    assert curve == pytest.approx(smoothed(LOSSES), abs=2e-5)


def smoothed(losses: list[float]) -> list[float]:
    """As the curve shows them: an average that forgets a tenth each step, and is right from the first step on."""
    average, shown = 0.0, []
    for step, loss in enumerate(losses, start=1):
        average = 0.9 * average + 0.1 * loss
        shown.append(average / (1 - 0.9**step))
    return shown
