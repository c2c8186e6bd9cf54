"""PROTECTED: fetches the parquet files of a Hugging Face dataset, each held to its digest.

The end of a parquet file says what must be in it, but not whether the middle is intact. So the digest of
each file is kept in `digests.json` beside the files. The hub names the digest of a file it stores, and what
was fetched must have it. A file that no longer has its digest is fetched again.
"""

import errno
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from digests import read_json, sha256_of, write_json

DOWNLOADS_AT_ONCE = 8
TRIES = 4
FIRST_WAIT_SECONDS = 2
NOT_WORTH_ANOTHER_TRY = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)

Say = Callable[[str], None]


class SourceError(Exception):
    """A source that gives no text, and what to do about it."""


def fetch_shards(name: str, files: list[str], folder: Path, say: Say) -> dict[str, str]:
    """Downloads what is missing or damaged. Gives the SHA-256 of each file, by its name."""
    digests = Digests(folder)
    missing = [file for file in files if not is_intact(folder, file, digests, say)]
    if missing:
        say(f"downloading {len(missing)} files of {name} into {folder.resolve()}, {DOWNLOADS_AT_ONCE} at once")
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            for file in pool.map(lambda file: download(name, file, folder, digests, say), missing):
                say(f"  {file} is there")
    return {file: digests.known[file] for file in files}


class Digests:
    """The digests of the files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "digests.json"
        self._lock = threading.Lock()
        self.known: dict[str, str] = read_json(self._file)

    def put(self, name: str, digest: str) -> None:
        with self._lock:
            self.known[name] = digest
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_json(self._file, self.known)


def is_intact(folder: Path, name: str, digests: Digests, say: Say) -> bool:
    file = folder / name
    if not file.exists():
        return False
    known = digests.known.get(name)
    if known is None and is_readable(file):
        # Fetched by something that kept no digests, such as an earlier version.
        digests.put(name, sha256_of(file))
        return True
    if known is not None and sha256_of(file) == known:
        return True
    say(f"{file} is damaged, so it is fetched again")
    return False


def is_readable(file: Path) -> bool:
    """Reads the whole file: a damaged page is found only when it is read."""
    import pyarrow.parquet as parquet

    try:
        for _ in parquet.ParquetFile(file).iter_batches(batch_size=1024):
            pass
        return True
    except (OSError, ValueError):
        return False


def download(name: str, file: str, folder: Path, digests: Digests, say: Say) -> str:
    """One file. The library writes under another name, goes on where it stopped, and renames in the end."""
    from huggingface_hub import hf_hub_download

    def attempt() -> str:
        expected = announced_digest(name, file)
        # What is there is damaged; the library would take it for the file of this name.
        (folder / file).unlink(missing_ok=True)
        hf_hub_download(name, file, repo_type="dataset", local_dir=folder)
        digest = sha256_of(folder / file)
        if (expected is not None and digest != expected) or not is_readable(folder / file):
            (folder / file).unlink(missing_ok=True)
            raise OSError("what was downloaded is not the file that the hub describes")
        digests.put(file, digest)
        return file

    return retrying(attempt, file, say)


def announced_digest(name: str, file: str) -> str | None:
    """The SHA-256 the hub names for a file it stores apart from git; None for others."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url

    etag = get_hf_file_metadata(hf_hub_url(name, file, repo_type="dataset")).etag or ""
    return etag if re.fullmatch(r"[0-9a-f]{64}", etag) else None


def list_parquet(name: str, say: Say) -> list[str]:
    from huggingface_hub import HfApi

    def attempt() -> list[str]:
        return sorted(file for file in HfApi().list_repo_files(name, repo_type="dataset") if file.endswith(".parquet"))

    return retrying(attempt, f"the list of files of {name}", say)


def retrying(action: Callable[[], object], what: str, say: Say):
    """The action's result, tried again after growing waits. What another try cannot change is not tried again."""
    from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    for attempt in range(1, TRIES + 1):
        try:
            return action()
        except Exception as error:
            if isinstance(error, OSError) and error.errno in NOT_WORTH_ANOTHER_TRY:
                raise
            first_line = (str(error).splitlines() or [""])[0]
            reason = f"{type(error).__name__}: {first_line[:200]}"
            # A network that is down is reported as an entry that is not in the local cache.
            is_gone = isinstance(error, EntryNotFoundError) and not isinstance(error, LocalEntryNotFoundError)
            if is_gone or isinstance(error, (RepositoryNotFoundError, GatedRepoError, HFValidationError)):
                raise SourceError(f"{what} cannot be downloaded from Hugging Face ({reason})") from None
            if attempt == TRIES:
                hint = "is there a network? A local folder can be used with --source FOLDER"
                raise SourceError(f"{what} could not be downloaded in {TRIES} tries ({reason}); {hint}") from None
            wait = FIRST_WAIT_SECONDS * 2 ** (attempt - 1)
            say(f"  {what}: {reason}; again in {wait} s")
            time.sleep(wait)
