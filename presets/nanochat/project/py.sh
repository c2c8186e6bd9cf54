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

# prepare.py --check looks, and makes nothing.
case " $* " in *" --check "*) makes=no ;; *) makes=yes ;; esac
[ "$script" = prepare.py ] || makes=no

if [ $makes = yes ] && [ ! -e cache ]; then
  folder=${AUTORESEARCH_CACHE:-$HOME/.cache/autoresearch}
  mkdir -p "$folder"
  rm -f cache # a link that leads nowhere
  ln -s "$folder" cache
fi
[ -e cache ] || { say "there is no cache here yet; first: sh py.sh prepare.py"; exit 1; }

cache=$(cd cache && pwd -P)
env=$cache/env-$(cksum < pyproject.toml | cut -d ' ' -f 1)

is_ready() { [ -e "$env/python-path" ] && [ -x "$(cat "$env/python-path")" ]; }

install() {
  say "installing the packages of pyproject.toml into $env; PyTorch is large, so this takes some minutes"
  part=$env.part.$$
  mkdir -p "$part"
  sed -n '/^dependencies = \[/,/^\]/s/^ *"\(.*\)",$/\1/p' pyproject.toml > "$part/requirements.txt"
  if command -v uv > /dev/null; then
    uv venv --quiet --allow-existing "$part"
    uv pip install --quiet --python "$part/bin/python" -r "$part/requirements.txt"
  else
    python=$(command -v python3 || command -v python || true)
    [ -n "$python" ] || { say "there is no python3 on the PATH; install Python 3.11 or newer, or uv"; exit 1; }
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      { say "$("$python" --version) is too old; install Python 3.11 or newer, or uv"; exit 1; }
    "$python" -m venv "$part" || { say "python3 cannot make an environment; on Debian: apt-get install python3-venv"; exit 1; }
    "$part/bin/python" -m pip install --quiet --disable-pip-version-check -r "$part/requirements.txt"
  fi
  echo "$env/bin/python" > "$part/python-path"
  # Another lab may have been quicker.
  if is_ready; then rm -rf "$part"; else rm -rf "$env" && mv "$part" "$env"; fi
}

if [ $makes = yes ]; then
  if [ -n "${NANOCHAT_PYTHON:-}" ]; then
    mkdir -p "$env"
    echo "$NANOCHAT_PYTHON" > "$env/python-path"
  elif ! is_ready; then
    install
  fi
fi
is_ready || { say "the packages of pyproject.toml are not installed; first: sh py.sh prepare.py"; exit 1; }

# What is compiled in one trial is there for the next one, where it may be kept; trials fetch nothing.
compiled=$cache/compiled
mkdir -p "$compiled" 2> /dev/null || true
{ [ -d "$compiled" ] && [ -w "$compiled" ]; } || compiled=$(mktemp -d)
export TORCHINDUCTOR_CACHE_DIR="$compiled" TRITON_CACHE_DIR="$compiled/triton" HF_HOME="$cache/hub"
[ "$script" = prepare.py ] || export HF_HUB_OFFLINE=1
# As in the published setup: less memory is lost to fragments.
export PYTORCH_ALLOC_CONF="${PYTORCH_ALLOC_CONF:-expandable_segments:True}"
export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
exec "$(cat "$env/python-path")" "$@"
