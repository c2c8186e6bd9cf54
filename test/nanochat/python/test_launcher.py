"""py.sh, with packages that are quickly installed."""

import os
import shutil
import subprocess
import sys

import pytest

from conftest import PROJECT

PYPROJECT = 'dependencies = [\n  "iniconfig==2.3.1",\n]\n'
SCRIPT = "import os, sys, iniconfig; print(sys.executable, *sys.argv[1:], os.environ.get('HF_HUB_OFFLINE'))\n"


@pytest.fixture
def lab(tmp_path):
    folder = tmp_path / "lab"
    folder.mkdir()
    shutil.copy(PROJECT / "py.sh", folder)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    for name in ("prepare.py", "train.py"):
        (folder / name).write_text(SCRIPT)
    (tmp_path / "home").mkdir()
    return folder


def start(lab, *words, **more):
    env = {"PATH": os.environ["PATH"], "HOME": str(lab.parent / "home"), **more}
    # Without uv, so that the packages come from pip.
    env["PATH"] = os.pathsep.join(part for part in env["PATH"].split(os.pathsep) if not os.path.exists(os.path.join(part, "uv")))
    for name in os.environ:
        if name.startswith("PIP_"):
            env[name] = os.environ[name]
    return subprocess.run(["sh", str(lab / "py.sh"), *words], capture_output=True, text=True, env=env, timeout=300)


def test_it_installs_once_into_the_cache_of_the_home_folder(lab):
    too_early = start(lab, "train.py")
    assert (too_early.returncode, "first: sh py.sh prepare.py" in too_early.stderr) == (1, True)
    first = start(lab, "prepare.py", "--size", "cpu")
    assert first.returncode == 0, first.stderr
    cache = lab.parent / "home" / ".cache" / "autoresearch"
    assert (lab / "cache").resolve() == cache
    assert first.stdout.startswith(f"{cache}/env-") and first.stdout.endswith("--size cpu None\n")
    second = start(lab, "prepare.py")
    assert "installing" in first.stderr and "installing" not in second.stderr
    assert start(lab, "train.py").stdout.endswith(" 1\n"), "trials fetch nothing"


def test_a_python_of_ones_own_is_used_and_remembered(lab):
    assert start(lab, "prepare.py", NANOCHAT_PYTHON=sys.executable).stdout.split()[0] == sys.executable
    trial = start(lab, "train.py")
    assert trial.stdout.split()[0] == sys.executable, trial.stderr


def test_the_cache_may_lie_elsewhere_and_be_read_only_for_trials(lab, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    start(lab, "prepare.py", NANOCHAT_PYTHON=sys.executable, AUTORESEARCH_CACHE=str(elsewhere))
    assert (lab / "cache").resolve() == elsewhere
    assert (elsewhere / "compiled").is_dir()
    shutil.rmtree(elsewhere / "compiled")
    (elsewhere / "compiled").write_text("no folder can be made here")
    (lab / "train.py").write_text("import os; print(os.path.isdir(os.environ['TORCHINDUCTOR_CACHE_DIR']))")
    assert start(lab, "train.py").stdout == "True\n"
