#!/usr/bin/env bash
# A throw-away PostgreSQL cluster for tests: on a free port of this machine, in a temporary folder, installed when missing.
#   folder=$(bash tests/postgres.sh start)    then $folder/connection holds the connection string
#   bash tests/postgres.sh stop "$folder"
set -euo pipefail
fail() { echo "tests/postgres.sh: $*" >&2; exit 1; }
find_bin() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }

# PostgreSQL refuses to run as root.
as_owner() { if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }

start() {
  if [ -z "$(find_bin)" ]; then
    command -v apt-get >/dev/null || fail "PostgreSQL is needed and this machine has no apt-get: install it and run again"
    # Only its programs are wanted: the package's own cluster is neither made nor started.
    { mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf; } 2>/dev/null || true
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Options::=--force-confold postgresql; } >/dev/null 2>&1 || fail "PostgreSQL could not be installed"
  fi
  local bin folder port
  bin=$(find_bin); [ -n "$bin" ] || fail "the package brought no /usr/lib/postgresql/*/bin"
  folder=$(mktemp -d /tmp/fhirmg-postgres-XXXXXX)
  [ "$(id -u)" -ne 0 ] || chown postgres "$folder"
  as_owner "$bin/initdb" -D "$folder/cluster" -U fhirmg --auth=trust --no-sync -E UTF8 --locale=C >"$folder.log" 2>&1 || { cat "$folder.log" >&2; fail "initdb failed"; }
  for _ in 1 2 3 4 5; do
    port=$(( 20000 + RANDOM % 20000 ))
    if as_owner "$bin/pg_ctl" -D "$folder/cluster" -w -t 60 -l "$folder/server.log" \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off -c max_connections=200" start >"$folder.log" 2>&1; then
      rm -f "$folder.log"
      echo "Host=127.0.0.1;Port=$port;Username=fhirmg;Database=postgres;Maximum Pool Size=10" > "$folder/connection"
      echo "$folder"
      return
    fi
  done
  cat "$folder.log" "$folder/server.log" >&2 || true
  fail "PostgreSQL did not start"
}

stop() {
  as_owner "$(find_bin)/pg_ctl" -D "$1/cluster" -m immediate stop >/dev/null 2>&1 || true
  case "$1" in /tmp/fhirmg-postgres-*) rm -rf "$1" ;; esac
}

case "${1:-}" in
  start) start ;;
  stop) [ $# -eq 2 ] || fail "stop needs the folder"; stop "$2" ;;
  *) fail "usage: bash tests/postgres.sh start|stop FOLDER" ;;
esac
