#!/bin/sh
# Runs trials on this machine for an autoresearch that works on another one. Needs a POSIX shell and git, nothing else.
#
#   sh worker.sh submit KEY [WAIT] < job.tar  starts a job; one with this key that is there already is left alone. Then as poll
#   sh worker.sh prepare KEY < job.tar        the same without starting it, for schedulers that start it themselves
#   sh worker.sh run KEY                      runs a prepared job, and ends when it ends
#   sh worker.sh poll KEY OFFSET [WAIT]       waits for its end, but no longer than WAIT seconds, and renews its lease. Gives its
#                                             state in one line; of one that has ended the results, if they are small: a line
#                                             for each, as below, then their bytes; then the log from that byte on
#   sh worker.sh size KEY                     how many bytes its log has
#   sh worker.sh results KEY                  a line for each result: blob id, size, number, path; then a full stop
#   sh worker.sh result KEY NUMBER            its bytes
#   sh worker.sh cancel KEY                   ends it
#   sh worker.sh forget KEY                   ends it, and removes all that it left
#   sh worker.sh list                         the keys of all jobs, with their states
#   sh worker.sh hardware                     what trials run on here
#
# A job is a folder with: source.pack and tree (git's pack of the candidate's tree, and its id), prefix (the project's folder
# in it), program (a shell script), outputs (paths, one a line), and in `settings` the numbers timeout, lease and most, and
# sandbox (auto, required or off), network (yes or no), and lines `show=PATH` and `hide=PATH` for what the sandbox shows
# of the home folder and covers elsewhere. A job ends by itself once nobody has asked for it for `lease` seconds, or its folder
# is gone: otherwise one whose engine was cut off would share the machine with the one that takes its place.
#
# To start a program takes longer than all else here, so that short trials would wait for this script: it does by itself what
# a shell can, and starts programs only for the rest.
set -u
umask 077

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
CDPATH='' cd -P -- "${here:-/}" || exit 70
root=$PWD
jobs=$root/jobs
self=$root/${0##*/}
# Results up to so many bytes come with the answer that tells of the end.
SMALL=262144

die() { echo "worker: $1" >&2; exit "${2:-70}"; }
folder() { name= && [ -e "$jobs/$1" ] && read -r name < "$jobs/$1" && [ -d "$root/$name" ] && dir=$root/$name; }
now() { now=$(date +%s); }

# Seconds of a clock that nobody sets, and in `hundredths` more of it, where it can be read without a program.
uptime() {
  if read -r ticks _ 2> /dev/null < /proc/uptime; then hundredths=${ticks#*.}; ticks=${ticks%.*}
  else now; ticks=$now; hundredths=00; fi
}

settings() {
  timeout=0; lease=0; most=0; sandbox=auto; network=no; shown=; hidden=
  while IFS= read -r line; do
    value=${line#*=}
    case $line in
      timeout=*) timeout=$value ;; lease=*) lease=$value ;; most=*) most=$value ;;
      sandbox=*) sandbox=$value ;; network=*) network=$value ;;
      show=*) shown="$shown $value" ;; hide=*) hidden="$hidden $value" ;;
    esac
  done < "$dir/settings"
}

host() { read -r host 2> /dev/null < /proc/sys/kernel/hostname || host=$(uname -n); }

hardware() {
  gpu=$(command -v nvidia-smi > /dev/null && nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2> /dev/null | head -n 1)
  [ -n "$gpu" ] && { printf '%s\n' "$gpu"; return; }
  cpu=
  count=0
  # It is among the first lines, or nowhere. A shell reads a byte at a time, and there are hundreds for each processor.
  [ ! -e /proc/cpuinfo ] || while [ $((count += 1)) -le 30 ] && IFS= read -r line; do
    case $line in 'model name'*) cpu=${line#*: }; break ;; esac
  done < /proc/cpuinfo
  echo "${cpu:-$(uname -m)} x $(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 1)"
}

prepare() {
  [ -d "$jobs" ] || mkdir -p "$jobs" || die "cannot make $jobs"
  if folder "$1"; then cat > /dev/null; echo known; return 1; fi
  name=job.$1.$$
  dir=$root/$name
  mkdir "$dir" && tar -xf - -C "$dir" && [ -f "$dir/program" ] || { rm -rf "$dir"; die 'the job did not arrive whole, or the disk is full'; }
  echo prepared > "$dir/lease"
  echo "$name" > "$dir/name"
  # A link is made once: of two that submit the same job, one is told that it is known.
  if ! ln "$dir/name" "$jobs/$1" 2> /dev/null; then rm -rf "$dir"; echo known; return 1; fi
  echo new
}

submit() {
  prepare "$1" || return 0
  # Who waits for its end is woken by it.
  mkfifo "$dir/wake" 2> /dev/null
  # In a session of its own where that can be had, and without a parent, so that it outlives this connection.
  (if command -v setsid > /dev/null; then setsid sh "$self" run "$1" < /dev/null > /dev/null 2>&1 &
  else nohup sh "$self" run "$1" < /dev/null > /dev/null 2>&1 & fi)
}

# Objects are stored by the names that git gives to contents: other contents would have another name, and not be found.
unpack() {
  mkdir -p work results.tmp git/objects git/refs && echo 'ref: refs/heads/main' > git/HEAD &&
    git --git-dir=git index-pack --stdin < source.pack && git --git-dir=git --work-tree=work read-tree --reset -u "$tree"
}

# A process group of its own, which can be ended as a whole.
in_own_group() {
  if command -v setsid > /dev/null; then exec setsid "$@"; else exec perl -e 'setpgrp(0, 0); exec @ARGV or exit 127' "$@"; fi
}

# In the sandbox everything of the machine is read-only, and other jobs and the home folder are hidden.
program() {
  cd "$dir/work/$prefix" || exit 70
  [ "$layer" = bwrap ] || in_own_group sh "$dir/program"
  home=${HOME:-/root}
  set -- --die-with-parent --new-session --unshare-pid --unshare-ipc --cap-drop ALL --ro-bind / / --dev-bind /dev /dev --proc /proc
  # Sockets that lead out of the sandbox are in /run, such as the one that lends this user's name to a cluster.
  for path in /tmp /var/tmp /run $hidden "$home"; do
    [ -L "$path" ] && continue
    if [ -d "$path" ]; then set -- "$@" --tmpfs "$path"; elif [ -e "$path" ]; then set -- "$@" --ro-bind /dev/null "$path"; fi
  done
  for path in $shown; do case $home/ in "$path"/*) ;; *) set -- "$@" --ro-bind-try "$path" "$path" ;; esac; done
  if [ "$network" = yes ]; then set -- "$@" --share-net --ro-bind-try /run/systemd/resolve /run/systemd/resolve
  else set -- "$@" --unshare-net; fi
  in_own_group bwrap "$@" --tmpfs "$root" --bind "$dir/work" "$dir/work" --ro-bind "$dir/program" "$dir/program" \
    --chdir "$dir/work/$prefix" sh "$dir/program"
}

# So that somebody on another machine knows that the worker lives: by the clock, and by that of this machine alone.
beat() {
  now
  uptime
  echo "$now $ticks" > beat.new && mv -f beat.new beat
}

watch_over() {
  sleeper=
  trap 'kill "$sleeper" 2> /dev/null; exit 0' TERM
  asked=$began
  told=
  turn=0
  while :; do
    sleep 1 & sleeper=$!
    wait "$sleeper"
    sleeper=
    kill -0 "$1" 2> /dev/null || return
    uptime
    why=
    [ -e "$dir/cancel" ] && why=cancelled
    [ $((ticks - began)) -ge "$timeout" ] && why=timeout
    # A shared folder may fail to answer for a moment; one that is gone does not come back.
    if read -r word 2> /dev/null < "$dir/lease"; then [ "$word" = "$told" ] || { told=$word; asked=$ticks; }
    elif [ ! -d "$dir" ]; then asked=$((ticks - lease)); fi
    [ $((ticks - asked)) -ge "$lease" ] && why=lease
    if [ -n "$why" ]; then
      trap - TERM
      echo "$why" > why.new && mv -f why.new why
      kill -TERM -"$1" 2> /dev/null
      sleep 1
      kill -KILL -"$1" 2> /dev/null
      return
    fi
    [ $((turn = (turn + 1) % 3)) -ne 0 ] || beat
  done
}

# Plain files inside the project's folder, up to the size that fits; whatever else a name leads to is left out.
collect() {
  number=0
  left=$most
  set --
  while IFS= read -r path; do
    file=$dir/work/$prefix$path
    [ -f "$file" ] && [ ! -L "$file" ] || continue
    (CDPATH='' cd -P -- "${file%/*}" && case $PWD/ in "$dir"/work/*) ;; *) exit 1 ;; esac) || continue
    size=$(($(wc -c < "$file")))
    if [ "$size" -gt "$left" ]; then why=results; continue; fi
    left=$((left - size))
    number=$((number + 1))
    set -- "$@" "results.tmp/$number"
    mv -f "$file" "results.tmp/$number" 2> /dev/null || cp "$file" "results.tmp/$number" || return
    printf '%s\n' "$size $number $path" >> results.tmp/names || return
  done < outputs
  [ "$number" -ne 0 ] || return 0
  git hash-object --no-filters "$@" > results.tmp/blobs || return
  while IFS= read -r blob <&3 && IFS= read -r line; do
    printf '%s\n' "$blob $line" || return
  done < results.tmp/names 3< results.tmp/blobs > results.tmp/list
  mv results.tmp results
}

# Nothing can be said about a program that failed for want of room.
is_full() { [ "$(df -Pk . 2> /dev/null | awk 'NR == 2 { print $4 }')" -lt 64 ] 2> /dev/null; }

can_contain() { [ "$sandbox" != off ] && command -v bwrap > /dev/null && bwrap --ro-bind / / --unshare-pid --proc /proc true; } > /dev/null 2>&1

run() {
  folder "$1" || die "there is no job $1"
  cd "$dir" || exit 70
  # Once only: a scheduler that begins it anew, after the machine failed or others went first, tells of a loss.
  set -C
  if ! { true > begun; } 2> /dev/null; then
    [ -e end ] || { true > again; } 2> /dev/null
    die 'this job was begun before'
  fi
  set +C
  host
  settings
  IFS= read -r prefix < prefix
  read -r tree < tree
  # Whoever finds the number of the process asks for its beat next.
  beat
  began=$ticks
  from=$ticks$hundredths
  echo "$$ $host" > pid
  hardware > hardware 2> /dev/null &
  layer=none
  why=
  number=0
  left=$most
  code=
  # Beside each other: the second takes its time as well.
  can_contain & probe=$!
  unpack > unpack.log 2>&1 || why=setup
  wait "$probe" && layer=bwrap
  [ "$layer" = bwrap ] || [ "$sandbox" != required ] || why=sandbox
  if [ -z "$why" ]; then
    program > log 2>&1 < /dev/null &
    child=$!
    echo "$child" > group
    watch_over "$child" > /dev/null 2>&1 &
    watcher=$!
    wait "$child"
    code=$?
    kill -KILL -"$child" 2> /dev/null
    kill "$watcher" 2> /dev/null
    wait "$watcher" 2> /dev/null
    collect || { why=disk; number=0; left=$most; }
    [ ! -e why ] || read -r why < why
    [ "$code" -ne 0 ] && [ -z "$why" ] && is_full && why=disk
  fi
  wait
  uptime
  seconds=$((${ticks}${hundredths} - from))
  read -r kind < hardware
  case $seconds in ?) seconds=0.0$seconds ;; ??) seconds=0.$seconds ;; *) seconds=${seconds%??}.${seconds#"${seconds%??}"} ;; esac
  printf 'code=%s\nwhy=%s\nseconds=%s\nlayer=%s\ntree=%s\nfiles=%s\nbytes=%s\nhardware=%s\n' \
    "$code" "$why" "$seconds" "$layer" "$tree" "$number" "$((most - left))" "$kind" > end.new && mv -f end.new end
  [ ! -p wake ] || echo 1<> wake
  rm -rf work git source.pack
}

# Dead, or dead but for its entry in the table of processes.
is_gone() {
  if [ -e /proc/self/stat ]; then
    stat=
    read -r stat 2> /dev/null < "/proc/$1/stat" || return 0
    stat=${stat##*) }
  else stat=$(ps -o stat= -p "$1" 2> /dev/null); fi
  case $stat in '' | Z*) return 0 ;; *) return 1 ;; esac
}

# How long ago it said that it lives.
age() {
  age=0
  beat=
  read -r beat mark 2> /dev/null < "$dir/beat" || return 0
  if [ -n "$mark" ] && [ "$1" = "$host" ]; then uptime; age=$((ticks - mark)); else now; age=$((now - beat)); fi
}

# One that was never begun is pending. `gone`: its worker was killed on this machine; `silent`: it has not said for a minute that
# it lives; `again`: a scheduler began it a second time.
state() {
  age=0
  if [ -e "$dir/end" ]; then state=ended
  elif [ -e "$dir/again" ]; then state=again
  elif ! read -r pid on 2> /dev/null < "$dir/pid"; then state=pending
  else
    host
    age "$on"
    state=running
    if [ "$on" = "$host" ] && is_gone "$pid"; then
      # It may have written its end since the first look.
      if [ -e "$dir/end" ]; then state=ended; else state=gone; fi
    elif [ "$age" -gt 60 ]; then state=silent; fi
  fi
}

# Until it has ended, or so many seconds have passed.
await_end() {
  [ -e "$dir/end" ] || [ ! -p "$dir/wake" ] || [ "$1" = 0 ] && return
  exec 3<> "$dir/wake"
  # Looked at once more, since it may have ended before this could be woken.
  if [ ! -e "$dir/end" ]; then
    (sleeper=; trap 'kill "$sleeper"; exit 0' TERM; sleep "$1" & sleeper=$!; wait "$sleeper"; echo >&3) < /dev/null > /dev/null 2>&1 &
    read -r _ <&3
    kill "$!" 2> /dev/null
  fi
  exec 3>&-
}

results() {
  number=0
  set -- "$dir/results/list"
  while [ $((number += 1)) -le "$files" ]; do set -- "$@" "$dir/results/$number"; done
  cat "$@"
}

poll() {
  folder "$1" || { echo 'state=unknown'; exit 0; }
  # The worker counts from when it sees another word here, by its own clock.
  echo "$$ ${4:-}" > "$dir/lease"
  await_end "${3:-0}"
  state
  said="state=$state age=$age"
  files=0
  bytes=0
  if [ "$state" = ended ]; then
    while IFS= read -r line; do
      case $line in files=*) files=${line#*=} ;; bytes=*) bytes=${line#*=} ;; esac
      said="$said; $line"
    done < "$dir/end"
  fi
  [ "$files" -gt 0 ] && [ "$files" -le 100 ] && [ "$bytes" -le "$SMALL" ] && said="$said; here=yes"
  printf '%s\n' "$said"
  case $said in *'; here=yes') results || exit 70 ;; esac
  [ -s "$dir/log" ] || return 0
  if [ "$2" = 0 ]; then head -c 262144 "$dir/log"; else tail -c "+$(($2 + 1))" "$dir/log" | head -c 262144; fi
}

# Where the worker itself was killed, what it had started may go on. Its number means nothing on another machine.
end_rest() {
  [ ! -e "$dir/end" ] && [ -e "$dir/group" ] && read -r pid on < "$dir/pid" && read -r group < "$dir/group" || return 0
  host
  [ "$on" = "$host" ] && is_gone "$pid" && kill -KILL -"$group" 2> /dev/null
}

case ${1:-} in
  submit) submit "$2"; [ -z "${3:-}" ] || poll "$2" 0 "$3" "${4:-}" ;;
  prepare) prepare "$2" || true ;;
  run) run "$2" ;;
  poll) poll "$2" "$3" "${4:-0}" "${5:-}" ;;
  size) folder "$2" && wc -c < "$dir/log" ;;
  results) folder "$2" && { cat "$dir/results/list" 2> /dev/null; echo .; } ;;
  result) folder "$2" && cat "$dir/results/$3" ;;
  cancel)
    folder "$2" || exit 0
    : > "$dir/cancel"
    end_rest
    true
    ;;
  forget)
    folder "$2" || exit 0
    : > "$dir/cancel"
    state
    if [ "$state" = running ]; then
      for _ in 1 2 3 4 5 6; do [ -e "$dir/end" ] && break; sleep 1; done
    fi
    end_rest
    rm -rf "$jobs/$2" "$dir" 2> /dev/null || { sleep 1; rm -rf "$dir"; }
    ;;
  list) for file in "$jobs"/*; do [ -e "$file" ] && key=${file##*/} && folder "$key" && state && echo "$key $state"; done; true ;;
  hardware) hardware ;;
  *) die 'usage: worker.sh submit|prepare|run|poll|size|results|result|cancel|forget|list|hardware' 64 ;;
esac
