"""PROTECTED: makes the data ready: text, tokenizer, packed rows. Run it as: sh py.sh prepare.py

It is done once, so that no trial has to tokenise anything. Everything is plain data (JSON and raw
arrays) with checksums. A second run finds that nothing is left to do.
"""

import argparse
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

from sizes import BOS, SIZES, SPECIAL_TOKENS, Size

VERSION = 1
"""Of the prepared data: what another version made is made anew."""

DOCUMENT_CHARACTERS = 10_000
"""What the tokenizer learns from one document at most."""

SPLIT = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"
)
"""GPT-4's way to cut text before tokens are made, but with digits in ones and twos."""

DOCUMENTS_AT_ONCE = 2048


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    options = read_options()
    size: Size = SIZES[options.size]
    size.folder.mkdir(parents=True, exist_ok=True)
    with open(size.folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two that prepare, the second finds it done
        if options.fresh:
            shutil.rmtree(size.folder / "tokens", ignore_errors=True)
            shutil.rmtree(size.folder / "tokenizer", ignore_errors=True)
        prepare_data(size, options.source, options.shards or size.shards)
    if size.name == "gpu":
        fetch_kernels()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Makes the data ready. What is there already stays as it is.")
    parser.add_argument("--size", choices=SIZES, default="gpu")
    parser.add_argument("--source", help="a Hugging Face dataset (owner/name), a folder of parquet or text files, or python")
    parser.add_argument("--shards", type=int, help="how many of a dataset's files to train on")
    parser.add_argument("--fresh", action="store_true", help="make tokenizer and rows anew; downloads are kept")
    options = parser.parse_args()
    if options.shards is not None and options.shards < 1:
        parser.error("--shards must be at least 1")
    return options


def prepare_data(size: Size, source: str | None, shards: int) -> None:
    file = size.folder / "tokens" / "manifest.json"
    if file.exists():
        made = json.loads(file.read_text())
        # Without --source, whatever is there is what is meant.
        wanted = {"version": VERSION, "context": size.context, "vocabulary_asked": size.vocabulary}
        if source is not None:
            wanted |= {"source": name_of(source), "shards": shards}
        if all(made.get(key) == value for key, value in wanted.items()):
            say(f"size {size.name} is ready: {describe(made)}")
            return
        say(f"size {size.name} was prepared otherwise ({describe(made)}); making it anew")
        shutil.rmtree(size.folder / "tokens")
        shutil.rmtree(size.folder / "tokenizer", ignore_errors=True)
    from corpus import open_corpus

    source = source or size.source
    corpus = open_corpus(source, shards, size, say)
    say(f"text: {corpus.description}")
    said = {"version": VERSION, "source": name_of(source), "shards": shards, "vocabulary_asked": size.vocabulary}
    tokenizer = make_tokenizer(size, corpus.training, said)
    tokens = {
        "validation": make_rows(size, tokenizer, corpus.validation(), "validation", size.validation_tokens // size.context),
        "training": make_rows(size, tokenizer, corpus.training(), "training", None),
    }
    manifest = {**said, "text": corpus.description, "context": size.context, "vocabulary": tokenizer.get_vocab_size(), **tokens}
    part = size.folder / "tokens.part"
    (part / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
    part.rename(size.folder / "tokens")
    say(f"size {size.name} is ready: {describe(manifest)}")


def name_of(source: str) -> str:
    """A folder's name wherever it was said from; other sources are names already."""
    return str(Path(source).expanduser().resolve()) if Path(source).expanduser().is_dir() else source


def describe(manifest: dict) -> str:
    rows = {name: manifest.get(name, {}).get("rows", 0) for name in ("training", "validation")}
    millions = {name: count * manifest.get("context", 0) / 1e6 for name, count in rows.items()}
    return (
        f"{millions['training']:.1f} M tokens for training, {millions['validation']:.2f} M for validation, "
        f"from {manifest.get('source')}, vocabulary {manifest.get('vocabulary')}"
    )


# --- tokenizer


def make_tokenizer(size: Size, documents, said: dict):
    """Trains the tokenizer, or takes the one an interrupted run has made of the same text."""
    from tokenizers import Tokenizer

    folder = size.folder / "tokenizer"
    if (folder / "manifest.json").exists():
        made = json.loads((folder / "manifest.json").read_text())
        if made["said"] == said and made["sha256"] == sha256_of(folder / "tokenizer.json"):
            say("the tokenizer is there already")
            return Tokenizer.from_file(str(folder / "tokenizer.json"))
    started = time.time()
    tokenizer = train_tokenizer(limited(documents(), size.tokenizer_characters), size.vocabulary)
    part = fresh_folder(size.folder / "tokenizer.part")
    tokenizer.save(str(part / "tokenizer.json"))
    (part / "token-bytes.json").write_text(json.dumps(token_bytes(tokenizer)))
    (part / "manifest.json").write_text(json.dumps({"said": said, "sha256": sha256_of(part / "tokenizer.json")}))
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    say(f"tokenizer: {tokenizer.get_vocab_size()} tokens, trained in {time.time() - started:.0f} s")
    return tokenizer


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


def sha256_of(file: Path) -> str:
    with open(file, "rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


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


if __name__ == "__main__":
    from corpus import SourceError

    try:
        main()
    except SourceError as error:
        sys.exit(f"failed: {error}")
