"""PROTECTED: where the text comes from. Gives documents for training and for validation.

A source is the name of a Hugging Face dataset (owner/name) with parquet files and a column `text`, a
folder of parquet or text files, or `python`: the sources of Python's own standard library.
"""

import hashlib
import itertools
import sysconfig
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyarrow.parquet as parquet

from sizes import CACHE, Size

COLUMN = "text"
DEFAULT_DATASET = "karpathy/climbmix-400b-shuffle"
DEFAULT_VALIDATION_SHARD = 6542
"""The last shard of the default dataset; it is never trained on."""

DOWNLOADS_AT_ONCE = 8
TRIES = 4
FIRST_WAIT_SECONDS = 2
HELD_OUT = 10
"""One document in this many is for validation where no file is."""

LARGEST_TEXT_FILE = 2_000_000


class SourceError(Exception):
    """A source that gives no text, and what to do about it."""


@dataclass(frozen=True)
class Corpus:
    """What a source gives. Each call of the functions begins at the first document again."""

    description: str
    training: Callable[[], Iterator[str]]
    validation: Callable[[], Iterator[str]]


def open_corpus(source: str, shards: int, size: Size, say: Callable[[str], None]) -> Corpus:
    if source == "python":
        folder = Path(sysconfig.get_paths()["stdlib"])
        return corpus_of_texts(folder, size, skipped={"site-packages", "dist-packages", "test", "tests", "idlelib"})
    folder = Path(source).expanduser()
    if folder.is_dir():
        files = sorted(folder.rglob("*.parquet"))
        return corpus_of_parquet(files, f"{len(files)} parquet files in {folder}") if files else corpus_of_texts(folder, size)
    if source.count("/") == 1 and not source.startswith((".", "~", "/")):
        return corpus_of_dataset(source, shards, say)
    raise SourceError(f"there is no folder {source}; a source is a folder, a Hugging Face dataset (owner/name) or python")


# --- parquet


def corpus_of_parquet(files: list[Path], description: str) -> Corpus:
    """The last of several files is for validation; of a single one, every tenth document."""
    for file in files:
        expect_column(file)
    if len(files) == 1:
        return held_out_corpus(lambda: documents_of(files), description)
    return Corpus(description, lambda: documents_of(files[:-1]), lambda: documents_of(files[-1:]))


def documents_of(files: list[Path]) -> Iterator[str]:
    for file in files:
        for batch in parquet.ParquetFile(file).iter_batches(batch_size=1024, columns=[COLUMN]):
            yield from (text for text in batch.column(0).to_pylist() if text)


def expect_column(file: Path) -> None:
    try:
        names = parquet.read_schema(file).names
    except (OSError, ValueError) as error:
        raise SourceError(f"{file} is no parquet file that can be read: {error}") from None
    if COLUMN not in names:
        raise SourceError(f"{file} has no column `{COLUMN}`; it has: {', '.join(names)}")


# --- text files


def corpus_of_texts(folder: Path, size: Size, skipped: set[str] = frozenset()) -> Corpus:
    """Every tenth file is held out; where there are few, every tenth piece. The order is mixed, and always the same."""
    files = [
        file
        for file in folder.rglob("*")
        if file.is_file()
        and file.stat().st_size <= LARGEST_TEXT_FILE
        and not any(part.startswith(".") or part in skipped for part in file.relative_to(folder).parts)
    ]
    files.sort(key=lambda file: hashlib.sha256(file.relative_to(folder).as_posix().encode()).digest())
    # A document longer than a row would lose its end when it is packed.
    longest = 3 * size.context

    def pieces(of: list[Path]) -> Iterator[str]:
        return mixed(itertools.chain.from_iterable(cut(text, longest) for text in map(read_text, of) if text))

    description = f"the text files in {folder}"
    if len(files) < 5 * HELD_OUT:
        corpus = held_out_corpus(lambda: pieces(files), description)
    else:
        held_out = files[::HELD_OUT]
        kept = [file for index, file in enumerate(files) if index % HELD_OUT != 0]
        corpus = Corpus(f"{description}, one in {HELD_OUT} held out", lambda: pieces(kept), lambda: pieces(held_out))
    if next(corpus.training(), None) is None:
        raise SourceError(f"{folder} has no text: neither parquet files nor files of UTF-8 text")
    return corpus


def mixed(texts: Iterator[str], waiting: int = 20_000) -> Iterator[str]:
    """Takes one of the `waiting` next ones each time, so that pieces of one file do not follow each other."""
    random = Random(0)
    pool: list[str] = []
    for text in texts:
        pool.append(text)
        if len(pool) > waiting:
            index = random.randrange(len(pool))
            pool[index], pool[-1] = pool[-1], pool[index]
            yield pool.pop()
    random.shuffle(pool)
    yield from pool


def read_text(file: Path) -> str | None:
    """The file's text; None where it is none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return None if "\0" in text else text


def cut(text: str, longest: int) -> Iterator[str]:
    """Pieces of about `longest` characters, cut where a line begins."""
    piece = ""
    for line in text.splitlines(keepends=True):
        if piece and len(piece) + len(line) > longest:
            yield piece
            piece = ""
        piece += line
    if piece.strip():
        yield piece


def held_out_corpus(documents: Callable[[], Iterator[str]], description: str) -> Corpus:
    def part(is_validation: bool) -> Iterator[str]:
        return (text for index, text in enumerate(documents()) if (index % HELD_OUT == HELD_OUT - 1) == is_validation)

    return Corpus(f"{description}, one document in {HELD_OUT} held out", lambda: part(False), lambda: part(True))


# --- Hugging Face


def corpus_of_dataset(name: str, shards: int, say: Callable[[str], None]) -> Corpus:
    """Downloads what is not there yet: the first files for training, the last one for validation."""
    if name == DEFAULT_DATASET:
        numbers = [*range(min(shards, DEFAULT_VALIDATION_SHARD)), DEFAULT_VALIDATION_SHARD]
        wanted = [f"shard_{number:05}.parquet" for number in numbers]
        folder = CACHE / "data"
    else:
        found = retrying(lambda: list_parquet(name), f"the list of files of {name}", say)
        if not found:
            raise SourceError(f"the dataset {name} has no parquet files")
        wanted = [*found[:-1][:shards], found[-1]]
        folder = CACHE / "data" / name.replace("/", "--")
    missing = [file for file in wanted if not is_whole(folder / file)]
    if missing:
        say(f"downloading {len(missing)} files of {name} into {folder.resolve()}, {DOWNLOADS_AT_ONCE} at once")
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            for file in pool.map(lambda file: download(name, file, folder, say), missing):
                say(f"  {file} is there")
    return corpus_of_parquet([folder / file for file in wanted], f"{len(wanted)} files of {name}")


def list_parquet(name: str) -> list[str]:
    from huggingface_hub import HfApi

    return sorted(file for file in HfApi().list_repo_files(name, repo_type="dataset") if file.endswith(".parquet"))


def download(name: str, file: str, folder: Path, say: Callable[[str], None]) -> str:
    """One file. The library writes under another name, goes on where it stopped, and renames in the end."""
    from huggingface_hub import hf_hub_download

    def attempt() -> str:
        hf_hub_download(name, file, repo_type="dataset", local_dir=folder)
        if not is_whole(folder / file):
            (folder / file).unlink(missing_ok=True)
            raise OSError("what was downloaded is no whole parquet file")
        return file

    return retrying(attempt, file, say)


def retrying(action: Callable[[], object], what: str, say: Callable[[str], None]):
    """The action's result, tried again after growing waits; what is not there at all is not tried again."""
    from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    for attempt in range(1, TRIES + 1):
        try:
            return action()
        except Exception as error:
            first_line = (str(error).splitlines() or [""])[0]
            reason = f"{type(error).__name__}: {first_line[:200]}"
            # A network that is down is reported as an entry that is not in the local cache.
            is_gone = isinstance(error, EntryNotFoundError) and not isinstance(error, LocalEntryNotFoundError)
            if is_gone or isinstance(error, (RepositoryNotFoundError, GatedRepoError, HFValidationError)):
                raise SourceError(f"{what} cannot be had from Hugging Face ({reason})") from None
            if attempt == TRIES:
                hint = "is there a network? A local folder can be used with --source FOLDER"
                raise SourceError(f"{what} could not be downloaded in {TRIES} tries ({reason}); {hint}") from None
            wait = FIRST_WAIT_SECONDS * 2 ** (attempt - 1)
            say(f"  {what}: {reason}; again in {wait} s")
            time.sleep(wait)


def is_whole(file: Path) -> bool:
    """The end of a parquet file says what must be in it, so a file that was cut off cannot be read."""
    try:
        parquet.read_metadata(file)
        return True
    except (OSError, ValueError):
        return False
