#!/bin/sh
# Runs trials on this machine for an autoresearch that works on another one. Needs a POSIX shell and git, nothing else.
#
#   sh worker.sh submit KEY < job.tar   starts a job; one with this key that is there already is left alone
#   sh worker.sh prepare KEY < job.tar  the same without starting it, for schedulers that start it themselves
#   sh worker.sh run KEY                runs a prepared job, and ends when it ends
#   sh worker.sh poll KEY OFFSET        its state in one line, then its log from that byte on; renews its lease
#   sh worker.sh results KEY            a line for each result: blob id, size, number, path; then a full stop
#   sh worker.sh result KEY NUMBER      its bytes
#   sh worker.sh cancel KEY             ends it
#   sh worker.sh forget KEY             ends it, and removes all that it left
#   sh worker.sh list                   the keys of all jobs, with their states
#   sh worker.sh hardware               what trials run on here
#
# A job is a folder with: source.pack and tree (git's pack of the candidate's tree, and its id), prefix (the project's folder
# in it), program (a shell script), outputs (paths, one a line), and in `settings` the numbers timeout, lease and most, and
# sandbox (auto, required or off), network (yes or no), and lines `show=PATH` and `hide=PATH` for what the sandbox shows
# of the home folder and covers elsewhere. A job ends by itself once nobody has asked for it for `lease` seconds, or its folder
# is gone: otherwise one whose engine was cut off would share the machine with the one that takes its place.
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
paths() { sed -n "s/^$1=//p" "$dir/settings"; }

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
  home=${HOME:-/root}
  set -- --die-with-parent --new-session --unshare-pid --unshare-ipc --cap-drop ALL --ro-bind / / --dev-bind /dev /dev --proc /proc
  # Sockets that lead out of the sandbox are in /run, such as the one that lends this user's name to a cluster.
  for path in /tmp /var/tmp /run $(paths hide) "$home"; do
    [ -L "$path" ] && continue
    if [ -d "$path" ]; then set -- "$@" --tmpfs "$path"; elif [ -e "$path" ]; then set -- "$@" --ro-bind /dev/null "$path"; fi
  done
  for path in $(paths show); do case $home/ in "$path"/*) ;; *) set -- "$@" --ro-bind-try "$path" "$path" ;; esac; done
  if [ "$(setting network)" = yes ]; then set -- "$@" --share-net --ro-bind-try /run/systemd/resolve /run/systemd/resolve
  else set -- "$@" --unshare-net; fi
  exec bwrap "$@" --tmpfs "$root" --bind "$dir/work" "$dir/work" --ro-bind "$dir/program" "$dir/program" \
    --chdir "$dir/work/$prefix" sh "$dir/program"
}

watch_over() {
  began=$(now)
  asked=$began
  timeout=$(setting timeout)
  lease=$(setting lease)
  while kill -0 "$1" 2> /dev/null; do
    time=$(now)
    echo "$time" | put beat
    why=
    [ -e "$dir/cancel" ] && why=cancelled
    [ $((time - began)) -ge "$timeout" ] && why=timeout
    # A shared folder may fail to answer for a moment; one that is gone does not come back.
    if asked_now=$(cat "$dir/lease" 2> /dev/null); then asked=$asked_now; elif [ ! -d "$dir" ]; then asked=0; fi
    [ $((time - asked)) -ge "$lease" ] && why=lease
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
    if [ "$size" -gt "$left" ]; then why=results; continue; fi
    left=$((left - size))
    number=$((number + 1))
    cp "$file" "results.tmp/$number" && cmp -s "$file" "results.tmp/$number" &&
      echo "$(git hash-object --no-filters "results.tmp/$number") $size $number $path" >> results.tmp/list || return
  done < outputs
  mv results.tmp results
}

# Nothing can be said about a program that failed for want of room.
is_full() { [ "$(df -Pk . 2> /dev/null | awk 'NR == 2 { print $4 }')" -lt 64 ] 2> /dev/null; }

run() {
  folder "$1" || die "there is no job $1"
  cd "$dir" || exit 70
  # Once only: a scheduler that begins it anew, after the machine failed or others went first, tells of a loss.
  if ! mkdir begun 2> /dev/null; then
    [ -e end ] || : > again
    die 'this job was begun before'
  fi
  started=$(now)
  # Whoever finds the number of the process asks for its beat next.
  echo "$started" | put beat
  echo "$$ $(uname -n)" | put pid
  layer=none
  why=
  prefix=$(cat prefix)
  tree=$(cat tree)
  if [ "$(setting sandbox)" != off ] && command -v bwrap > /dev/null && bwrap --ro-bind / / --unshare-pid --proc /proc true 2> /dev/null; then layer=bwrap; fi
  code=
  if [ "$layer" = none ] && [ "$(setting sandbox)" = required ]; then why=sandbox
  elif ! unpack > unpack.log 2>&1; then why=setup
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
    collect || why=disk
    [ -e why ] && why=$(cat why)
    [ "$code" -ne 0 ] && [ -z "$why" ] && is_full && why=disk
  fi
  rm -rf work
  printf 'code=%s\nwhy=%s\nseconds=%s\nlayer=%s\ntree=%s\nhardware=%s\n' "$code" "$why" "$(($(now) - started))" "$layer" "$tree" "$(hardware)" | put end
}

is_gone() { case $(ps -o stat= -p "$1" 2> /dev/null) in '' | Z*) return 0 ;; *) return 1 ;; esac; }

# One that was never begun is pending. `gone`: its worker was killed on this machine; `silent`: it has not said for a minute that
# it lives; `again`: a scheduler began it a second time.
state() {
  if [ -e "$dir/end" ]; then echo ended
  elif [ -e "$dir/again" ]; then echo again
  elif [ ! -e "$dir/pid" ]; then echo pending
  else
    read -r pid host < "$dir/pid"
    if [ "$host" = "$(uname -n)" ] && is_gone "$pid"; then
      # It may have written its end since the first look.
      if [ -e "$dir/end" ]; then echo ended; else echo gone; fi
    elif [ $(($(now) - $(cat "$dir/beat" 2> /dev/null || now))) -gt 60 ]; then echo silent
    else echo running; fi
  fi
}

# Where the worker itself was killed, what it had started may go on. Its number means nothing on another machine.
end_rest() {
  [ ! -e "$dir/end" ] && [ -e "$dir/group" ] && read -r pid host < "$dir/pid" || return 0
  [ "$host" = "$(uname -n)" ] && is_gone "$pid" && kill -KILL -"$(cat "$dir/group")" 2> /dev/null
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
  results) folder "$2" && { cat "$dir/results/list" 2> /dev/null; echo .; } ;;
  result) folder "$2" && cat "$dir/results/$3" ;;
  cancel) folder "$2" && { : > "$dir/cancel"; end_rest; true; } ;;
  forget)
    folder "$2" || exit 0
    : > "$dir/cancel"
    if [ "$(state)" = running ]; then
      for _ in 1 2 3 4 5 6; do [ -e "$dir/end" ] && break; sleep 1; done
    fi
    end_rest
    rm -f "$jobs/$2"
    rm -rf "$dir" 2> /dev/null || { sleep 1; rm -rf "$dir"; }
    ;;
  list) for file in "$jobs"/*; do [ -e "$file" ] && key=$(basename "$file") && folder "$key" && echo "$key $(state)"; done; true ;;
  hardware) hardware ;;
  *) die 'usage: worker.sh submit|prepare|run|poll|results|result|cancel|forget|list|hardware' 64 ;;
esac
