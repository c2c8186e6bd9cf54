#!/usr/bin/env bash
# Runs a command as a user who is not root, as most people are: bash scripts/as-ordinary-user.sh COMMAND…
# Where root runs it, such a user is made; where that user cannot read this folder, it gets a copy of it. Ends with 75 where
# no user can be made.
set -euo pipefail
[ "$(id -u)" -eq 0 ] || exec "$@"
user=autoresearch-ci
id "$user" >/dev/null 2>&1 || useradd --create-home "$user" || exit 75
command -v setpriv >/dev/null || exit 75
home=$(getent passwd "$user" | cut -d: -f6)
# Not in the home folder, which sandboxes hide.
tmp=$(mktemp -d /tmp/autoresearch-ci.XXXXXX)
trap 'rm -rf "$tmp"' EXIT
as_user() {
  setpriv --reuid="$user" --regid="$user" --init-groups --inh-caps=-all --bounding-set=-all -- \
    env HOME="$home" USER="$user" LOGNAME="$user" TMPDIR="$tmp" XDG_CACHE_HOME="$home/.cache" npm_config_cache="$home/.npm" \
    VITEST_MODULE_CACHE="$tmp/vitest-cache" "$@"
}
if ! as_user test -r "$PWD/package.json" 2>/dev/null; then
  mkdir "$tmp/checkout"
  cp -a . "$tmp/checkout"
  cd "$tmp/checkout"
  PATH="$PWD/node_modules/.bin:$PATH"
fi
chown -R "$user": "$tmp"
as_user "$@"
