"""PROTECTED: makes the data ready: text, tokenizer, packed rows. Run it as: sh py.sh prepare.py

It is done once, so that no trial has to tokenise anything. Everything is plain data (JSON and raw
arrays) with checksums. A second run finds that nothing is left to do.
"""

import argparse
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from digests import read_json, sha256_of, write_json
from prepared import VERSION, Asked, choose, damage_of, describe, differences, manifest_of, remember
from shards import SourceError
from sizes import BOS, SIZES, SPECIAL_TOKENS, Size

DOCUMENT_CHARACTERS = 10_000
"""What the tokenizer learns from one document at most."""

SPLIT = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
)
"""GPT-4's way to cut text before tokens are made, but with digits in ones and twos."""

DOCUMENTS_AT_ONCE = 2048

DISK_PROBLEMS = {
    errno.ENOSPC: "the disk is full: make room, or choose another disk with AUTORESEARCH_CACHE=/folder",
    errno.EDQUOT: "your disk quota is used up: make room, or choose another disk with AUTORESEARCH_CACHE=/folder",
    errno.EROFS: "the cache is on a read-only file system: choose another folder with AUTORESEARCH_CACHE=/folder",
    errno.EACCES: "the cache may not be written to: change its owner, or choose another folder with AUTORESEARCH_CACHE=/folder",
}


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    options = read_options()
    size: Size = SIZES[options.size]
    asked = choose(size, options.source, options.shards)
    if options.check:
        return check(size, asked)
    size.folder.mkdir(parents=True, exist_ok=True)
    with open(size.folder / "lock", "w") as lock:
        wait_for(lock, size)
        if options.fresh:
            shutil.rmtree(size.folder / "tokens", ignore_errors=True)
            shutil.rmtree(size.folder / "tokenizer", ignore_errors=True)
        prepare_data(size, asked, must_match=options.shards is None and not asked.is_explicit)
    if size.name == "gpu":
        fetch_kernels()


def wait_for(lock, size: Size) -> None:
    """Of two that prepare the same data, the second finds it done."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"another prepare.py is at work in {size.folder.resolve()}; waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Makes the data ready. What is there already stays as it is.")
    parser.add_argument("--size", choices=SIZES, default="gpu")
    parser.add_argument("--source", help="a Hugging Face dataset (owner/name), a folder of parquet or text files, or python")
    parser.add_argument("--shards", type=int, help="how many of a dataset's files to train on")
    parser.add_argument("--fresh", action="store_true", help="make tokenizer and rows anew; downloads are kept")
    parser.add_argument("--check", action="store_true", help="say what is there and whether it is intact; make nothing")
    options = parser.parse_args()
    if options.shards is not None and options.shards < 1:
        parser.error("--shards must be at least 1")
    return options


def check(size: Size, asked: Asked) -> None:
    """Ends with 1 where a run would have to prepare, or could not begin."""
    made = manifest_of(size)
    if not made:
        sys.exit(f"size {size.name} is not prepared yet; it takes its text from {asked.source}")
    wrong = differences(made, size, asked)
    damaged = None if wrong else damage_of(size, made)
    if wrong or damaged:
        sys.exit(f"size {size.name} is not ready: {'; '.join(wrong) or f'{damaged} is damaged'} ({describe(made)})")
    say(f"size {size.name} is ready: {describe(made)}")


def prepare_data(size: Size, asked: Asked, must_match: bool = False) -> None:
    """Makes tokenizer and rows where they are not there, damaged, or of other text.

    must_match: refuse where there is other text, which another lab may be using, instead of replacing it.
    """
    made = manifest_of(size)
    if made:
        wrong = differences(made, size, asked)
        if wrong and must_match and made.get("version") == VERSION:
            raise SourceError(refusal(size, asked, wrong, made))
        damaged = None if wrong else damage_of(size, made)
        if not wrong and damaged is None:
            remember(size, asked)
            say(f"size {size.name} is ready: {describe(made)}")
            return
        say(f"making size {size.name} anew: {'; '.join(wrong) or f'{damaged} is damaged'}")
        shutil.rmtree(size.folder / "tokens")
        shutil.rmtree(size.folder / "tokenizer", ignore_errors=True)
    from corpus import open_corpus, source_listing

    # Taken first: a file that changes while it is read is noticed the next time.
    listing = source_listing(asked.source)
    corpus = open_corpus(asked.source, asked.shards, size, say)
    say(f"text: {corpus.description}")
    said = {
        "version": VERSION,
        "source": asked.source,
        "shards": asked.shards,
        "vocabulary_asked": size.vocabulary,
        "text_sha256": corpus.digest,
    }
    tokenizer = make_tokenizer(size, corpus.training, said)
    tokens = {
        "validation": make_rows(size, tokenizer, corpus.validation(), "validation", size.validation_tokens // size.context),
        "training": make_rows(size, tokenizer, corpus.training(), "training", None),
    }
    facts = {"listing": listing, "text": corpus.description, "context": size.context, "vocabulary": tokenizer.get_vocab_size()}
    manifest = {**said, **facts, **tokens}
    part = size.folder / "tokens.part"
    write_json(part / "manifest.json", manifest)
    part.rename(size.folder / "tokens")
    remember(size, asked)
    say(f"size {size.name} is ready: {describe(manifest)}")


def refusal(size: Size, asked: Asked, wrong: list[str], made: dict) -> str:
    """val_bpb compares only over the same text, so a lab must not be given other text without being told."""
    return (
        f"the data in {size.folder.resolve()} is not what this lab asks for: {'; '.join(wrong)}. "
        f"To train on what is there: --source {made.get('source')}. To replace it, for all labs that use this cache: --fresh. "
        "To leave it as it is: AUTORESEARCH_CACHE=/another/folder, after removing the link `cache`"
    )


# --- tokenizer


def make_tokenizer(size: Size, documents, said: dict):
    """Trains the tokenizer, or takes the one an interrupted run has made of the same text."""
    from tokenizers import Tokenizer

    folder = size.folder / "tokenizer"
    made = read_json(folder / "manifest.json")
    if made.get("said") == said and made == tokenizer_manifest(folder, said):
        say("the tokenizer is there already")
        return Tokenizer.from_file(str(folder / "tokenizer.json"))
    started = time.time()
    tokenizer = train_tokenizer(limited(documents(), size.tokenizer_characters), size.vocabulary)
    part = fresh_folder(size.folder / "tokenizer.part")
    # Not with the library's own `save`, whose errors do not say that a disk is full.
    (part / "tokenizer.json").write_text(tokenizer.to_str(pretty=True), encoding="utf-8")
    (part / "token-bytes.json").write_text(json.dumps(token_bytes(tokenizer)))
    write_json(part / "manifest.json", tokenizer_manifest(part, said))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    say(f"tokenizer: {tokenizer.get_vocab_size()} tokens, trained in {time.time() - started:.0f} s")
    return tokenizer


def tokenizer_manifest(folder: Path, said: dict) -> dict:
    files = {"sha256": "tokenizer.json", "token_bytes_sha256": "token-bytes.json"}
    return {"said": said, **{key: sha256_of(folder / file) if (folder / file).exists() else None for key, file in files.items()}}


def train_tokenizer(documents: Iterable[str], vocabulary: int):
    """Byte-pair encoding over the bytes of UTF-8, so that every text can be told."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=SPECIAL_TOKENS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(documents, trainer)
    return tokenizer


def limited(documents: Iterable[str], characters: int) -> Iterator[str]:
    """The beginnings of documents, until there are this many characters."""
    left = characters
    for text in documents:
        text = text[: min(DOCUMENT_CHARACTERS, left)]
        left -= len(text)
        yield text
        if left <= 0:
            return


def token_bytes(tokenizer) -> list[int]:
    """Bytes of text each token stands for; 0 for special ones.

    A token is written with one letter for each of its bytes, so this holds also for tokens that are
    only part of a character.
    """
    names = (tokenizer.id_to_token(token) for token in range(tokenizer.get_vocab_size()))
    return [0 if name in SPECIAL_TOKENS else len(name) for name in names]


def encode_all(tokenizer, documents: Iterable[str]) -> Iterator:
    """Each document's tokens (uint16), BOS first. Text that looks like a special token is only text."""
    import numpy as np

    tokenizer.encode_special_tokens = True
    bos = tokenizer.token_to_id(BOS)
    documents = iter(documents)
    while batch := list(islice(documents, DOCUMENTS_AT_ONCE)):
        for encoding in tokenizer.encode_batch_fast(batch, add_special_tokens=False):
            yield np.array([bos, *encoding.ids], dtype=np.uint16)


# --- rows


def make_rows(size: Size, tokenizer, documents: Iterable[str], name: str, limit: int | None) -> dict:
    """Packs documents into rows and writes them one after the other; gives what the manifest says of them."""
    from packing import pack

    folder = size.folder / "tokens.part"
    if name == "validation":
        fresh_folder(folder)
    started, count, digest = time.time(), 0, hashlib.sha256()
    said = started
    rows = pack(encode_all(tokenizer, documents), size.context + 1)
    with open(folder / f"{name}.u16", "wb") as out:
        for row in rows if limit is None else islice(rows, limit):
            data = row.astype("<u2").tobytes()
            digest.update(data)
            out.write(data)
            count += 1
            if time.time() - said > 20:
                said = time.time()
                say(f"  {name}: {count * size.context / 1e6:.0f} M tokens")
        out.flush()
        os.fsync(out.fileno())
    if count < size.evaluation_rows:
        sys.exit(f"the {name} text fills only {count} rows of {size.context + 1} tokens; give more text with --source")
    say(f"{name}: {count} rows of {size.context + 1} tokens in {time.time() - started:.0f} s")
    return {"rows": count, "sha256": digest.hexdigest()}


def fresh_folder(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def fetch_kernels() -> None:
    """FlashAttention 3 for a Hopper card, into the cache: trials have no network. Without it they use another kernel."""
    import torch

    if not torch.cuda.is_available():
        say("there is no CUDA card here: trials of size gpu will take very long; see --size cpu")
        return
    if torch.cuda.get_device_capability()[0] != 9:
        return
    from hardware import load_flash_attention_3

    try:
        load_flash_attention_3()
    except Exception as error:  # it is only faster
        say(f"FlashAttention 3 could not be fetched, so another kernel will be used: {str(error)[:200]}")


def run() -> None:
    """main(), with one line for what a person can do something about."""
    try:
        main()
    except SourceError as error:
        sys.exit(f"failed: {error}")
    except KeyboardInterrupt:
        say("interrupted; what was downloaded is kept, and the next prepare.py goes on from there")
        sys.exit(130)
    except OSError as error:
        if error.errno not in DISK_PROBLEMS:
            raise
        where = error.filename or SIZES["gpu"].folder.resolve()
        sys.exit(f"failed: {DISK_PROBLEMS[error.errno]} ({where}); what was downloaded is kept")


if __name__ == "__main__":
    run()
