"""Every idea makes the model it claims: applied in their order, the number of weights is counted each time."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import replace

import pytest

import hardware
import sizes
from conftest import PROJECT
from test_golden import CONTEXT, VOCABULARY, Rows

PUBLISHED_VOCABULARY = 8192
SETS = ("ideas", "ideas-speedrun")
IDEAS = [(name, patch) for name in SETS for patch in sorted((PROJECT / name).glob("*.patch"))]


def load(script, monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["train.py", *arguments])
    spec = importlib.util.spec_from_file_location("train_with_ideas", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weights_of(script, monkeypatch) -> str:
    """Millions of weights of the model that a train.py makes in the published size."""
    model = load(script, monkeypatch).Model(PUBLISHED_VOCABULARY, sizes.SIZES["gpu"].context, hardware.find_hardware())
    return f"{sum(each.numel() for each in model.parameters()) / 1e6:.1f}"


@pytest.fixture(scope="module")
def labs(tmp_path_factory):
    folders = {name: tmp_path_factory.mktemp(name) for name in SETS}
    for folder in folders.values():
        shutil.copy(PROJECT / "train.py", folder)
    return folders


def test_the_baseline_has_the_published_number_of_weights(monkeypatch):
    assert weights_of(PROJECT / "train.py", monkeypatch) == "50.3"


@pytest.mark.parametrize("name, patch", IDEAS, ids=lambda value: getattr(value, "stem", value))
def test_an_idea_builds_the_model_it_claims(labs, name, patch, monkeypatch):
    subprocess.run(["git", "apply", str(patch)], cwd=labs[name], check=True)
    claimed = re.search(r"The model has (\S+) M weights", patch.read_text()).group(1)
    assert weights_of(labs[name] / "train.py", monkeypatch) == claimed


@pytest.mark.parametrize("name", SETS)
def test_with_all_ideas_of_a_set_the_model_learns(labs, name, monkeypatch, capsys):
    train = load(labs[name] / "train.py", monkeypatch, "--size", "cpu")
    monkeypatch.setattr(train, "TOTAL_BATCH", 8 * CONTEXT)
    monkeypatch.setattr(train, "DEVICE_ROWS", 4)
    size = replace(sizes.SIZES["cpu"], context=CONTEXT, train_steps=30)
    machine = hardware.find_hardware()
    train.train(train.Model(VOCABULARY, CONTEXT, machine), Rows(), machine, sizes.Clock(size), size)
    curve = [float(line.split()[2]) for line in capsys.readouterr().out.splitlines() if line.startswith("curve:")]
    assert curve[-1] < 0.8 * curve[0], curve
