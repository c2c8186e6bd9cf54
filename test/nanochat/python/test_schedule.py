from dataclasses import replace

import pytest

import train
from sizes import SIZES, Clock

GPU = SIZES["gpu"]


def test_rates_are_constant_and_then_fall_to_nothing():
    assert [train.rate_factor(progress) for progress in (0.0, 0.25, 0.5)] == [1.0, 1.0, 1.0]
    assert train.rate_factor(0.75) == pytest.approx(0.5)
    assert train.rate_factor(1.0) == 0.0


def test_corners(monkeypatch):
    monkeypatch.setattr(train, "WARMUP", 0.1)
    assert [train.rate_factor(progress) for progress in (0.0, 0.05, 0.1)] == pytest.approx([0.0, 0.5, 1.0])
    monkeypatch.setattr(train, "FINAL_LR", 0.2)
    assert train.rate_factor(1.0) == pytest.approx(0.2)
    monkeypatch.setattr(train, "WARMDOWN", 0.0)
    assert train.rate_factor(1.0) == 1.0
    monkeypatch.setattr(train, "WARMDOWN", 1.0)
    monkeypatch.setattr(train, "WARMUP", 0.0)
    monkeypatch.setattr(train, "FINAL_LR", 0.0)
    assert train.rate_factor(0.25) == pytest.approx(0.75)


def test_momentum_rises_and_stays():
    assert [train.momentum_at(step) for step in (0, 150, 300, 5000)] == pytest.approx([0.85, 0.9, 0.95, 0.95])


def test_the_first_eleven_steps_are_not_counted():
    clock = Clock(GPU)
    for _ in range(11):
        clock.tick(1000)
    assert (clock.seconds, clock.progress, clock.is_over) == (0, 0, False)
    clock.tick(150)
    assert (clock.progress, clock.is_over) == (0.5, False)
    clock.tick(151)
    assert (clock.progress, clock.is_over) == (1.0, True)


def test_a_run_never_ends_before_step_12():
    clock = Clock(replace(GPU, train_steps=1))
    over = []
    for _ in range(12):
        clock.tick(1)
        over.append(clock.is_over)
    assert over == [False] * 11 + [True]
