"""Every idea makes the model it claims: applied in their order, the number of weights is counted each time."""

import importlib.util
import re
import shutil
import subprocess

import pytest

import hardware
import sizes
from conftest import PROJECT

IDEAS = sorted((PROJECT / "ideas").glob("*.patch"))
VOCABULARY = 8192


def weights_of(script, monkeypatch) -> float:
    """Millions of weights of the model that a train.py makes in the published size."""
    monkeypatch.setattr("sys.argv", ["train.py"])
    spec = importlib.util.spec_from_file_location("train_with_ideas", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.Model(VOCABULARY, sizes.SIZES["gpu"].context, hardware.find_hardware())
    return sum(each.numel() for each in model.parameters()) / 1e6


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(PROJECT / "train.py", folder)
    return folder


def test_the_baseline_has_the_published_number_of_weights(lab, monkeypatch):
    assert f"{weights_of(lab / 'train.py', monkeypatch):.1f}" == "50.3"


@pytest.mark.parametrize("patch", IDEAS, ids=lambda patch: patch.stem)
def test_an_idea_builds_the_model_it_claims(lab, patch, monkeypatch):
    subprocess.run(["git", "apply", str(patch)], cwd=lab, check=True)
    claimed = re.search(r"The model has (\S+) M weights", patch.read_text()).group(1)
    assert f"{weights_of(lab / 'train.py', monkeypatch):.1f}" == claimed
