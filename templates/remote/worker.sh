#!/bin/sh
# Runs trials on this machine for an autoresearch that works on another one. Needs a POSIX shell and git, nothing else.
#
#   sh worker.sh submit KEY < job.tar   starts a job; one with this key that is there already is left alone
#   sh worker.sh prepare KEY < job.tar  the same without starting it, for schedulers that start it themselves
#   sh worker.sh run KEY                runs a prepared job, and ends when it ends
#   sh worker.sh poll KEY OFFSET        its state in one line, then its log from that byte on; renews its lease
#   sh worker.sh results KEY            a line for each result: blob id, size, number, path
#   sh worker.sh result KEY NUMBER      its bytes
#   sh worker.sh cancel KEY             ends it
#   sh worker.sh forget KEY             ends it, and removes all that it left
#   sh worker.sh list                   the keys of all jobs, with their states
#   sh worker.sh hardware               what trials run on here
#
# A job is a folder with: source.pack and tree (git's pack of the candidate's tree, and its id), prefix (the project's folder
# in it), program (a shell script), outputs (paths, one a line), and in `settings` the numbers timeout, lease and most, and
# sandbox (auto, required or off) and network (yes or no). It ends by itself once nobody has asked for it for `lease` seconds:
# otherwise a job whose engine was cut off would share the machine with the one that takes its place.
set -u
umask 077

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")" && pwd) || exit 70
jobs=$root/jobs
self=$root/$(basename -- "$0")

die() { echo "worker: $1" >&2; exit "${2:-70}"; }
now() { date +%s; }
# Whole or not at all, whenever this is cut off.
put() { cat > "$1.tmp.$$" && mv -f "$1.tmp.$$" "$1"; }
folder() { name=$(cat "$jobs/$1" 2> /dev/null) && [ -d "$root/$name" ] && dir=$root/$name; }
setting() { sed -n "s/^$1=//p" "$dir/settings" | head -n 1; }

hardware() {
  gpu=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2> /dev/null | head -n 1)
  [ -n "$gpu" ] && { echo "$gpu"; return; }
  cpu=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2> /dev/null | head -n 1)
  echo "${cpu:-$(uname -m)} x $(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)"
}

prepare() {
  mkdir -p "$jobs" || die "cannot make $jobs"
  if folder "$1"; then cat > /dev/null; echo known; return 1; fi
  name=job.$1.$$
  dir=$root/$name
  mkdir "$dir" && tar -xf - -C "$dir" && [ -f "$dir/program" ] || { rm -rf "$dir"; die 'the job did not arrive whole, or the disk is full'; }
  now | put "$dir/lease"
  echo "$name" > "$dir/name"
  # A link is made once: of two that submit the same job, one is told that it is known.
  if ! ln "$dir/name" "$jobs/$1" 2> /dev/null; then rm -rf "$dir"; echo known; return 1; fi
  echo new
}

submit() {
  prepare "$1" || return 0
  # In a session of its own where that can be had, so that it outlives this connection.
  if command -v setsid > /dev/null; then setsid sh "$self" run "$1" < /dev/null > /dev/null 2>&1 &
  else nohup sh "$self" run "$1" < /dev/null > /dev/null 2>&1 & fi
}

# The tree is unpacked by the names that git gives to contents: other contents would have another name.
unpack() {
  mkdir work && git init -q work && tree=$(cat tree) &&
    git -C work unpack-objects -q < source.pack && git -C work read-tree "$tree" && git -C work checkout-index -a -f &&
    [ "$(git -C work write-tree)" = "$tree" ] && rm -rf work/.git source.pack
}

# A process group of its own, which can be ended as a whole.
in_own_group() {
  if command -v setsid > /dev/null; then exec setsid "$@"; else exec perl -e 'setpgrp(0, 0); exec @ARGV or exit 127' "$@"; fi
}

# In the sandbox everything of the machine is read-only, and other jobs and the home folder are hidden.
program() {
  folder "$1" && prefix=$(cat "$dir/prefix") && cd "$dir/work/$prefix" || exit 70
  [ "$2" = bwrap ] || exec sh "$dir/program"
  network=--unshare-net
  [ "$(setting network)" = yes ] && network=--share-net
  exec bwrap --die-with-parent --new-session --unshare-pid --unshare-ipc $network --ro-bind / / --dev-bind /dev /dev --proc /proc \
    --tmpfs /tmp --tmpfs "${HOME:-/root}" --tmpfs "$root" --bind "$dir/work" "$dir/work" --ro-bind "$dir/program" "$dir/program" \
    --chdir "$dir/work/$prefix" sh "$dir/program"
}

watch_over() {
  began=$(now)
  timeout=$(setting timeout)
  lease=$(setting lease)
  while kill -0 "$1" 2> /dev/null; do
    time=$(now)
    echo "$time" | put beat
    why=
    [ -e cancel ] && why=cancelled
    [ $((time - began)) -ge "$timeout" ] && why=timeout
    [ $((time - $(cat lease))) -ge "$lease" ] && why=lease
    if [ -n "$why" ]; then
      echo "$why" | put why
      kill -TERM -"$1" 2> /dev/null
      sleep 1
      kill -KILL -"$1" 2> /dev/null
      return
    fi
    sleep 1
  done
}

# Plain files inside the project's folder, up to the size that fits; whatever else a name leads to is left out.
collect() {
  mkdir results.tmp || return
  number=0
  left=$(setting most)
  while IFS= read -r path; do
    file=$dir/work/$prefix$path
    [ -f "$file" ] && [ ! -L "$file" ] || continue
    real=$(CDPATH='' cd -P -- "$(dirname -- "$file")" && pwd)
    case $real/ in "$dir"/work/*) ;; *) continue ;; esac
    size=$(wc -c < "$file" | tr -d ' ')
    if [ "$size" -gt "$left" ]; then echo 'results' | put why; continue; fi
    left=$((left - size))
    number=$((number + 1))
    cp "$file" "results.tmp/$number" || return
    echo "$(git hash-object --no-filters "results.tmp/$number") $size $number $path" >> results.tmp/list
  done < outputs
  mv results.tmp results
}

run() {
  folder "$1" || die "there is no job $1"
  cd "$dir" || exit 70
  # Requeued by a scheduler: it begins anew, in a fresh folder.
  rm -rf work results results.tmp why end beat
  started=$(now)
  echo "$$ $(uname -n)" | put pid
  echo "$started" | put beat
  layer=none
  prefix=$(cat prefix)
  if [ "$(setting sandbox)" != off ] && command -v bwrap > /dev/null && bwrap --ro-bind / / --unshare-pid --proc /proc true 2> /dev/null; then layer=bwrap; fi
  code=
  if [ "$layer" = none ] && [ "$(setting sandbox)" = required ]; then echo sandbox | put why
  elif ! unpack > unpack.log 2>&1; then echo setup | put why
  else
    (in_own_group sh "$self" program "$1" "$layer") > log 2>&1 < /dev/null &
    child=$!
    echo "$child" | put group
    watch_over "$child" &
    watcher=$!
    wait "$child"
    code=$?
    kill -KILL -"$child" 2> /dev/null
    kill "$watcher" 2> /dev/null
    wait "$watcher" 2> /dev/null
    collect || echo 'results' | put why
  fi
  printf 'code=%s\nwhy=%s\nseconds=%s\nlayer=%s\nhardware=%s\n' "$code" "$(cat why 2> /dev/null)" "$(($(now) - started))" "$layer" "$(hardware)" | put end
  rm -rf work
}

is_gone() { case $(ps -o stat= -p "$1" 2> /dev/null) in '' | Z*) return 0 ;; *) return 1 ;; esac; }

# A job that does not say so any more, or whose worker is gone from this machine, is lost. One that was never begun is pending.
state() {
  if [ -e "$dir/end" ]; then echo ended
  elif [ ! -e "$dir/pid" ]; then echo pending
  else
    read -r pid host < "$dir/pid"
    if [ "$host" = "$(uname -n)" ] && is_gone "$pid"; then echo lost
    elif [ $(($(now) - $(cat "$dir/beat"))) -gt 60 ]; then echo lost
    else echo running; fi
  fi
}

case ${1:-} in
  submit) submit "$2" ;;
  prepare) prepare "$2" || true ;;
  run) run "$2" ;;
  program) program "$2" "$3" ;;
  poll)
    folder "$2" || { echo 'state=unknown'; exit 0; }
    now | put "$dir/lease"
    size=$(wc -c < "$dir/log" 2> /dev/null | tr -d ' ')
    echo "state=$(state) size=${size:-0} age=$(($(now) - $(cat "$dir/beat" 2> /dev/null || now)))$(sed 's/^/ /' "$dir/end" 2> /dev/null | tr '\n' ';' | sed 's/^/;/')"
    tail -c "+$(($3 + 1))" "$dir/log" 2> /dev/null | head -c 262144
    ;;
  results) folder "$2" && cat "$dir/results/list" 2> /dev/null || true ;;
  result) folder "$2" && cat "$dir/results/$3" ;;
  cancel) folder "$2" && : > "$dir/cancel" ;;
  forget)
    folder "$2" || exit 0
    : > "$dir/cancel"
    if [ "$(state)" = running ]; then
      for _ in 1 2 3 4 5 6; do [ -e "$dir/end" ] && break; sleep 1; done
    fi
    # Where the worker itself was killed, what it had started may go on.
    if [ ! -e "$dir/end" ] && [ -e "$dir/group" ]; then kill -KILL -"$(cat "$dir/group")" 2> /dev/null; fi
    rm -f "$jobs/$2" && rm -rf "$dir"
    ;;
  list) for file in "$jobs"/*; do [ -e "$file" ] && key=$(basename "$file") && folder "$key" && echo "$key $(state)"; done; true ;;
  hardware) hardware ;;
  *) die 'usage: worker.sh submit|prepare|run|poll|results|result|cancel|forget|list|hardware' 64 ;;
esac
