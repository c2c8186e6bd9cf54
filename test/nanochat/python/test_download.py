"""Downloads against a hub on this machine, with the real library."""

import os
import subprocess
import sys

import pyarrow
import pyarrow.parquet as parquet
import pytest

from conftest import PROJECT
from hub import Hub

SCRIPT = """
import sys, pathlib
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import corpus, shards, sizes
corpus.CACHE = pathlib.Path(sys.argv[2])
shards.FIRST_WAIT_SECONDS = 0.01
shards.TRIES = int(sys.argv[5])
try:
    found = corpus.open_corpus(sys.argv[3], int(sys.argv[4]), sizes.SIZES["cpu"], lambda text: print("say", text))
    print("training", *found.training())
    print("validation", *found.validation())
except shards.SourceError as error:
    sys.exit(f"SourceError: {error}")
"""


@pytest.fixture
def serve(tmp_path):
    hubs = []

    def start(name, files, busy={}, cut={}, noise=20_000):
        folder = tmp_path / "served"
        folder.mkdir()
        for file in files:
            columns = {"text": [file.split(".")[0]], "noise": [os.urandom(noise)]}
            parquet.write_table(pyarrow.table(columns), folder / file, compression="none", use_dictionary=False)
        hubs.append(Hub(name, folder, busy, cut))
        return hubs[-1]

    yield start
    for hub in hubs:
        hub.close()


def fetch(tmp_path, url, name, shards=2, tries=4):
    env = {**os.environ, "HF_ENDPOINT": url, "HF_HOME": str(tmp_path / "home"), "HF_HUB_DISABLE_XET": "1", "NO_PROXY": "127.0.0.1"}
    argv = [sys.executable, "-c", SCRIPT, str(PROJECT), str(tmp_path / "cache"), name, str(shards), str(tries)]
    return subprocess.run(argv, capture_output=True, text=True, env=env, timeout=100)


def test_the_default_dataset_has_a_pinned_validation_shard(tmp_path, serve):
    name = "karpathy/climbmix-400b-shuffle"
    hub = serve(name, ["shard_00000.parquet", "shard_00001.parquet", "shard_06542.parquet"])
    first = fetch(tmp_path, hub.url, name)
    assert "training shard_00000 shard_00001\nvalidation shard_06542\n" in first.stdout, first.stderr
    asked = len(hub.requests)
    assert "downloading" not in fetch(tmp_path, hub.url, name).stdout
    assert len(hub.requests) == asked, "what is there is not asked for again"


def test_another_dataset_gives_its_last_file_for_validation(tmp_path, serve):
    hub = serve("some/texts", ["a.parquet", "b.parquet", "c.parquet", "readme.parquet.txt"])
    done = fetch(tmp_path, hub.url, "some/texts", shards=1)
    assert "training a\nvalidation c\n" in done.stdout, done.stderr


def test_it_goes_on_after_a_busy_hub_and_a_cut_line(tmp_path, serve):
    hub = serve("some/texts", ["a.parquet", "b.parquet"], busy={"a.parquet": 2}, cut={"b.parquet": 1}, noise=30_000_000)
    done = fetch(tmp_path, hub.url, "some/texts")
    assert "training a\nvalidation b\n" in done.stdout, done.stderr
    ranges = [wanted for command, path, wanted in hub.requests if command == "GET" and path.endswith("b.parquet")]
    assert any(wanted and not wanted.startswith("bytes=0-") for wanted in ranges), ranges
    left = [file.name for file in (tmp_path / "cache").rglob("*.incomplete")]
    assert left == []


def test_a_half_file_of_an_earlier_time_is_fetched_again(tmp_path, serve):
    hub = serve("some/texts", ["a.parquet", "b.parquet"])
    folder = tmp_path / "cache" / "data" / "some--texts"
    folder.mkdir(parents=True)
    (folder / "a.parquet").write_bytes(b"PAR1 half")
    done = fetch(tmp_path, hub.url, "some/texts")
    assert "training a\nvalidation b\n" in done.stdout, done.stderr


def test_what_is_not_there_is_said_at_once(tmp_path, serve):
    hub = serve("some/texts", ["readme.txt.parquet"])
    done = fetch(tmp_path, hub.url, "no/such-dataset")
    assert done.returncode == 1
    assert "cannot be downloaded from Hugging Face" in done.stderr
    assert "again in" not in done.stdout


def test_a_dataset_without_parquet_ends(tmp_path, serve):
    hub = serve("some/texts", [])
    done = fetch(tmp_path, hub.url, "some/texts")
    assert "SourceError: the dataset some/texts has no parquet files" in done.stderr


def test_without_a_network_it_gives_up_and_says_what_else_there_is(tmp_path):
    done = fetch(tmp_path, "http://127.0.0.1:9", "karpathy/climbmix-400b-shuffle", shards=1, tries=1)
    assert done.returncode == 1
    assert "in 1 tries" in done.stderr and "--source FOLDER" in done.stderr


def test_a_file_with_a_damaged_middle_is_fetched_again(tmp_path, serve):
    hub = serve("some/texts", ["a.parquet", "b.parquet"])
    fetch(tmp_path, hub.url, "some/texts")
    file = tmp_path / "cache" / "data" / "some--texts" / "a.parquet"
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes(64) + whole[middle + 64 :])
    done = fetch(tmp_path, hub.url, "some/texts")
    assert "a.parquet is damaged, so it is fetched again" in done.stdout, done.stderr
    assert "training a\nvalidation b\n" in done.stdout
    assert file.read_bytes() == whole


def test_a_damaged_file_that_has_no_digest_is_found_by_reading_it(tmp_path, serve):
    hub = serve("some/texts", ["a.parquet", "b.parquet"])
    fetch(tmp_path, hub.url, "some/texts")
    folder = tmp_path / "cache" / "data" / "some--texts"
    (folder / "digests.json").unlink()
    whole = (folder / "a.parquet").read_bytes()
    (folder / "a.parquet").write_bytes(whole[:4] + bytes(200) + whole[204:])
    done = fetch(tmp_path, hub.url, "some/texts")
    assert "a.parquet is damaged, so it is fetched again" in done.stdout, done.stderr
    assert (folder / "a.parquet").read_bytes() == whole


def test_what_is_not_what_the_hub_describes_is_not_taken(tmp_path, serve):
    hub = serve("some/texts", ["a.parquet", "b.parquet"])
    hub.lie_about = "b.parquet"
    done = fetch(tmp_path, hub.url, "some/texts", tries=2)
    assert done.returncode == 1
    assert "what was downloaded is not the file that the hub describes" in done.stderr
    assert not (tmp_path / "cache" / "data" / "some--texts" / "b.parquet").exists()
