#!/bin/sh
# autoresearch in CI, on a runner that forgets everything between two jobs: sh autoresearch.sh check|run|promote
#
# The whole run is in git refs, so a job fetches them, goes on with the run, and pushes them again. What it takes:
#   AUTORESEARCH_RUN_NAME     the run (nightly)
#   AUTORESEARCH_TIME         how much longer it may work in this job, such as 5h
#   AUTORESEARCH_EXPERIMENTS  how many more experiments
#   AUTORESEARCH_REMOTE       where its refs are (origin)
#   AUTORESEARCH_VERSION      the version of the npm package; empty for the one the project has installed
#   AUTORESEARCH_CLI          the program, where it is neither
set -eu

name=${AUTORESEARCH_RUN_NAME:-nightly}
remote=${AUTORESEARCH_REMOTE:-origin}
branch=refs/heads/autoresearch/$name
ledger=refs/autoresearch/$name/ledger

autoresearch() {
  # The program may be several words.
  # shellcheck disable=SC2086
  ${AUTORESEARCH_CLI:-npx --yes autoresearch${AUTORESEARCH_VERSION:+@$AUTORESEARCH_VERSION}} "$@"
}

has() { git rev-parse --verify --quiet "$1" > /dev/null; }

# The ledger only grows: a fetch or push that would have to replace entries means that two jobs worked on one run, and fails.
# The branch follows the ledger, also back, where an audit took a keep away.
fetch_run() {
  refs=$(git ls-remote "$remote" "$ledger" "$branch" | cut -f 2)
  for ref in $refs; do
    if [ "$ref" = "$branch" ]; then git fetch --quiet "$remote" "+$ref:$ref"; else git fetch --quiet "$remote" "$ref:$ref" || two_jobs; fi
  done
}

two_jobs() {
  echo "autoresearch: $ledger here and on $remote went different ways: another job has worked on the run $name at the same time" >&2
  echo '  nothing was replaced; let one job at a time work on a run, or give this one another AUTORESEARCH_RUN_NAME' >&2
  exit 1
}

push_run() {
  ! has "$ledger" || git push --quiet "$remote" "$ledger:$ledger" || two_jobs
  ! has "$branch" || git push --quiet "$remote" "+$branch:$branch"
}

# How many experiments, or how much time, the run has in all once this job's share is added to what it has used.
in_all() {
  autoresearch status "$name" --json | node -e '
    const [share, unit] = process.argv.slice(1);
    const { used, experiments } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
    const factor = { s: 1, m: 60, h: 3600, d: 86400 };
    if (unit === "experiments") console.log(experiments.done + Number(share));
    else console.log(Math.ceil(used.seconds + [...share.matchAll(/([\d.]+)([smhd])/g)].reduce((sum, [, n, u]) => sum + n * factor[u], 0)) + "s");
  ' "$1" "$2"
}

limits() {
  if has "$ledger"; then
    [ -z "${AUTORESEARCH_TIME:-}" ] || printf '%s %s ' --time "$(in_all "$AUTORESEARCH_TIME" seconds)"
    [ -z "${AUTORESEARCH_EXPERIMENTS:-}" ] || printf '%s %s ' --experiments "$(in_all "$AUTORESEARCH_EXPERIMENTS" experiments)"
  else
    [ -z "${AUTORESEARCH_TIME:-}" ] || printf '%s %s ' --time "$AUTORESEARCH_TIME"
    [ -z "${AUTORESEARCH_EXPERIMENTS:-}" ] || printf '%s %s ' --experiments "$AUTORESEARCH_EXPERIMENTS"
  fi
}

# Indented by four blanks it is code to Markdown, whatever a model wrote.
summarize() {
  [ -n "${GITHUB_STEP_SUMMARY:-}" ] || return 0
  { printf '## autoresearch: %s\n\n' "$name"; autoresearch status "$name" 2> /dev/null | sed 's/^/    /'; } >> "$GITHUB_STEP_SUMMARY"
}

case ${1:-} in
  check)
    autoresearch check
    ;;
  run)
    fetch_run
    status=0
    options=$(limits)
    # The options are words without blanks of their own.
    # shellcheck disable=SC2086
    if has "$ledger"; then autoresearch resume "$name" $options || status=$?; else autoresearch run --name "$name" $options || status=$?; fi
    push_run
    if has "$ledger"; then
      autoresearch report "$name" --out autoresearch-report.html
      [ -z "${GITHUB_OUTPUT:-}" ] || echo "report=$PWD/autoresearch-report.html" >> "$GITHUB_OUTPUT"
      summarize
    fi
    exit "$status"
    ;;
  promote)
    fetch_run
    status=0
    autoresearch promote "$name" --branch "autoresearch-promote/$name" --push --pull-request || status=$?
    push_run
    exit "$status"
    ;;
  *)
    echo 'usage: sh autoresearch.sh check|run|promote' >&2
    exit 2
    ;;
esac
