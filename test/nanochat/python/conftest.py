"""The preset's scripts as modules, in their small size, with a cache of the tests' own."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3] / "presets" / "nanochat" / "project"
sys.path.insert(0, str(PROJECT))
sys.argv = ["train.py", "--size", "cpu"]
sys.dont_write_bytecode = True

import torch

import sizes

torch.set_num_threads(1)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setattr(sizes, "CACHE", folder)
    return folder


@pytest.fixture
def tiny():
    """A size that is prepared and trained in a second, with a budget in steps."""
    return replace(
        sizes.SIZES["cpu"],
        name="tiny",
        context=32,
        vocabulary=400,
        tokenizer_characters=100_000,
        validation_tokens=64 * 32,
        train_steps=14,
    )


@pytest.fixture
def texts(tmp_path):
    """A folder of text in several scripts."""
    return write_texts(tmp_path / "texts", 60)


@pytest.fixture
def many_texts(tmp_path):
    """Enough text for the size `cpu`."""
    return write_texts(tmp_path / "texts", 300)


def write_texts(folder, count):
    folder.mkdir()
    words = ["größe", "naïve", "東京は日本の首都です", "привет мир", "🙂🙃", "plain words", "x = 12345\n", "don't", "  \n\n", "<|reserved_0|>"]
    for number in range(count):
        lines = (" ".join(words[(number * 7 + line * 3 + k) % len(words)] for k in range(6)) for line in range(60))
        (folder / f"{number:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder
