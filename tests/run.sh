#!/usr/bin/env bash
# All tests. Installs what they need and fails, rather than skips, where a part is missing. --long adds the long runs.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if [ "${1:-}" = "--long" ]; then
  export FHIRMG_LONG=1 FHIRMG_FUZZ_MINUTES="${FHIRMG_FUZZ_MINUTES:-5}"
  shift
fi
if [ $# -gt 0 ]; then
  echo "usage: bash tests/run.sh [--long]" >&2
  exit 2
fi

need() { command -v "$1" >/dev/null 2>&1; }
if ! need node || ! need npm; then
  echo "Installing Node.js …"
  need apt-get || { echo "tests/run.sh: Node.js 20 or newer is needed and this machine has no apt-get: install it and run again" >&2; exit 1; }
  apt-get update -qq && apt-get install -y -qq nodejs npm >/dev/null
fi
if ! [ -x "${FHIRMG_CHROMIUM:-/usr/bin/chromium}" ]; then
  echo "Installing Chromium …"
  need apt-get || { echo "tests/run.sh: Chromium is needed and this machine has no apt-get: install it, name it by FHIRMG_CHROMIUM, and run again" >&2; exit 1; }
  apt-get update -qq && apt-get install -y -qq chromium fonts-dejavu-core >/dev/null
fi
for folder in tests/validation tests/fhir-server tests/images; do
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
done

dotnet build FhirMg.sln -c Release --nologo -v quiet
export FHIRMG_REQUIRE_ALL=1 FHIRMG_CONFIGURATION=Release

postgres=$(bash tests/postgres.sh start)
log=$(mktemp)
trap 'bash tests/postgres.sh stop "$postgres"; rm -f "$log"' EXIT
FHIRMG_POSTGRES=$(cat "$postgres/connection")
export FHIRMG_POSTGRES
code=0
(cd tests/validation && node --test validate.test.mjs) | tee -a "$log" || code=1
(cd tests/images && node --test images.test.mjs) | tee -a "$log" || code=1
bash tests/images/published.sh || code=1
for project in tests/*.Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  echo "== $name"
  "tests/$name/bin/Release/net10.0/$name" -noColor | tee -a "$log" || code=1
done

sum() { awk -v want="$1" '
  /Total: / { split($0, a, want ": "); split(a[2], b, ","); n += b[1] }
  END { print n + 0 }' "$log"; }
node_passed=$(awk '/^# pass /{n += $3} END {print n + 0}' "$log")
node_failed=$(awk '/^# fail /{n += $3} END {print n + 0}' "$log")
total=$(sum Total); failed=$(( $(sum Failed) + $(sum Errors) ))
[ "$total" -gt 0 ] || { echo "tests/run.sh: no test ran" >&2; exit 1; }
echo "$(( total - failed - $(sum Skipped) - $(sum 'Not Run') + node_passed )) passed, $(( failed + node_failed )) failed"
[ "$code" -eq 0 ] && [ $(( failed + node_failed )) -eq 0 ]
