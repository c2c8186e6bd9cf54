import math

import numpy as np
import pytest
import torch

import hardware
import train


def reference_step(weight, gradient, average, squares, momentum, rate, decay):
    """Muon as the paper says it, for one matrix in float64. Gives weight, average and squares afterwards."""
    average = momentum * average + (1 - momentum) * gradient
    ahead = (1 - momentum) * gradient + momentum * average
    x = ahead / (1.02 * np.linalg.norm(ahead) + 1e-6)
    for a, b, c in train.POLAR_EXPRESS:
        u, s, vt = np.linalg.svd(x, full_matrices=False)
        x = u @ np.diag(a * s + b * s**3 + c * s**5) @ vt
    along_rows = weight.shape[0] >= weight.shape[1]
    present = (x**2).mean(axis=1 if along_rows else 0, keepdims=True)
    squares = 0.95 * squares + 0.05 * present
    scaled = x / np.sqrt(squares)
    update = scaled * np.linalg.norm(x) / np.linalg.norm(scaled)
    shrinks = np.where(update * weight >= 0, 1.0, 0.0)
    return weight - rate * update - rate * decay * weight * shrinks, average, squares


@pytest.mark.parametrize("shape", [(6, 10), (10, 6), (8, 8), (12, 3)])
def test_a_step_is_that_of_the_reference(shape):
    generator = np.random.default_rng(sum(shape))
    count = 3
    weights = generator.normal(size=(count, *shape))
    squares_shape = (shape[0], 1) if shape[0] >= shape[1] else (1, shape[1])
    expected = [(weight, np.zeros(shape), np.zeros(squares_shape)) for weight in weights]
    ours = torch.tensor(weights)
    average, squares = torch.zeros(count, *shape, dtype=torch.float64), torch.zeros(count, *squares_shape, dtype=torch.float64)
    for step in range(4):
        gradients = generator.normal(size=(count, *shape))
        numbers = (0.85 + 0.02 * step, 0.05, 0.2)
        train.muon_step(ours, torch.tensor(gradients), average, squares, *(torch.tensor(each, dtype=torch.float64) for each in numbers))
        expected = [
            reference_step(weight, gradient, avg, sq, *numbers) for (weight, avg, sq), gradient in zip(expected, gradients)
        ]
        np.testing.assert_allclose(ours.numpy(), np.stack([weight for weight, _, _ in expected]), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(squares.numpy(), np.stack([sq for _, _, sq in expected]), rtol=1e-9)


@pytest.mark.parametrize("shape", [(20, 50), (50, 20), (30, 30)])
def test_orthogonalising_brings_singular_values_to_one_and_turns_nothing(shape):
    u, _, vt = np.linalg.svd(np.random.default_rng(1).normal(size=shape), full_matrices=False)
    spread = np.geomspace(1, 0.01, min(shape))
    matrix = torch.tensor(u @ np.diag(spread) @ vt)[None]
    result = train.orthogonalise(matrix)[0].numpy()
    assert np.linalg.norm(result - u @ vt, 2) < 0.15


class Machine:
    is_cuda = False
    compile = staticmethod(lambda function: function)


def test_matrices_of_one_shape_are_stepped_as_if_alone():
    make = lambda: [torch.nn.Parameter(torch.randn(4, 8, generator=torch.Generator().manual_seed(seed))) for seed in range(3)]
    together, alone = make(), make()
    muon = train.Muon(together, Machine)
    singles = [train.Muon([each], Machine) for each in alone]
    for step in range(3):
        for index, (one, other) in enumerate(zip(together, alone)):
            one.grad = other.grad = torch.randn(4, 8, generator=torch.Generator().manual_seed(10 * step + index))
        muon.step(0.05, 0.9, 0.1)
        for each in singles:
            each.step(0.05, 0.9, 0.1)
    for one, other in zip(together, alone):
        torch.testing.assert_close(one, other)


def test_tall_matrices_get_the_larger_rate():
    moved = {}
    for shape in ((16, 4), (4, 16)):
        parameter = torch.nn.Parameter(torch.zeros(shape))
        parameter.grad = torch.randn(shape, generator=torch.Generator().manual_seed(0))
        train.Muon([parameter], Machine).step(0.1, 0.0, 0.0)
        moved[shape] = float(parameter.detach().norm())
    # All four singular values are about 1, so the rate shows in the size of the step.
    assert moved[16, 4] == pytest.approx(0.1 * math.sqrt(16 / 4) * 2, rel=0.15)
    assert moved[4, 16] == pytest.approx(0.1 * 2, rel=0.15)


def test_adamw_has_the_rates_of_a_model_768_wide():
    machine = hardware.find_hardware()
    model = train.Model(64, 16, machine)
    groups = train.make_adamw(model).param_groups
    scale = (model.width / 768) ** -0.5
    expected = [0.6 * scale, 0.6 * scale, 0.004 * scale, 0.5, 0.005]
    assert [group["lr"] for group in groups] == pytest.approx(expected)
    assert [group["betas"] for group in groups] == [(0.8, 0.95)] * 3 + [(0.96, 0.95), (0.8, 0.95)]
    optimised = sum(len(group["params"]) for group in groups) + sum(1 for each in model.layers.parameters() if each.ndim == 2)
    assert optimised == len(list(model.parameters())), "every weight is somebody's"
