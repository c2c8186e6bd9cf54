#!/bin/sh
# Runs a script with this project's packages: sh py.sh train.py
#
# prepare.py installs them first, with uv where there is uv, else with venv and pip. They are kept in
# cache/env-…, a folder for each state of pyproject.toml. `cache` is a link to ~/.cache/autoresearch, or
# to the folder that AUTORESEARCH_CACHE names. NANOCHAT_PYTHON=/path/to/python uses a Python of yours
# that has the packages already; that is remembered for later trials.
set -eu
cd "$(dirname "$0")"
script=$1

say() { echo "$*" >&2; }

if [ "$script" = prepare.py ] && [ ! -e cache ]; then
  folder=${AUTORESEARCH_CACHE:-$HOME/.cache/autoresearch}
  mkdir -p "$folder"
  rm -f cache # a link that leads nowhere
  ln -s "$folder" cache
fi
[ -e cache ] || { say "there is no cache here yet; first: sh py.sh prepare.py"; exit 1; }

env=cache/env-$(cksum < pyproject.toml | cut -d ' ' -f 1)

install() {
  say "installing the packages of pyproject.toml into $env; PyTorch is large, so this takes some minutes"
  rm -rf "$env" "$env.part"
  mkdir -p "$env.part"
  sed -n '/^dependencies = \[/,/^\]/s/^ *"\(.*\)",$/\1/p' pyproject.toml > "$env.part/requirements.txt"
  if command -v uv > /dev/null; then
    uv venv --quiet --allow-existing "$env.part"
    uv pip install --quiet --python "$env.part/bin/python" -r "$env.part/requirements.txt"
  else
    python=$(command -v python3 || command -v python || true)
    [ -n "$python" ] || { say "there is no python3 on the PATH; install Python 3.11 or newer, or uv"; exit 1; }
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      { say "$("$python" --version) is too old; install Python 3.11 or newer, or uv"; exit 1; }
    "$python" -m venv "$env.part" || { say "python3 cannot make an environment; on Debian: apt-get install python3-venv"; exit 1; }
    "$env.part/bin/python" -m pip install --quiet --disable-pip-version-check -r "$env.part/requirements.txt"
  fi
  mv "$env.part" "$env"
  echo "$PWD/$env/bin/python" > "$env/python-path"
}

if [ "$script" = prepare.py ]; then
  if [ -n "${NANOCHAT_PYTHON:-}" ]; then
    mkdir -p "$env"
    echo "$NANOCHAT_PYTHON" > "$env/python-path"
  elif [ ! -e "$env/python-path" ]; then
    install
  fi
fi
[ -e "$env/python-path" ] || { say "the packages of pyproject.toml are not installed; first: sh py.sh prepare.py"; exit 1; }

# What is compiled or fetched in one trial is there for the next one.
cache=$(cd cache && pwd -P)
export TORCHINDUCTOR_CACHE_DIR="$cache/compiled" TRITON_CACHE_DIR="$cache/compiled/triton" HF_HOME="$cache/hub"
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
exec "$(cat "$env/python-path")" "$@"
