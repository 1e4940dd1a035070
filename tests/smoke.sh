#!/usr/bin/env bash
# Installs the package without development dependencies, and asks it a question.
# Usage: tests/smoke.sh PYTHON
set -euo pipefail
python=${1:-python3.11}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$python" -m venv "$work/venv"
pip=("$work/venv/bin/python" -m pip --disable-pip-version-check --quiet)
"${pip[@]}" install --constraint constraints.txt torch
"${pip[@]}" install --constraint constraints.txt .

cd "$work"
export ONRECORD_DATA="$work/index"
venv/bin/onrecord --help > /dev/null
answer=$(venv/bin/onrecord ask --json "which borders did the Taliban reach?")
grep --quiet "areas bordering five countries — Iran, Tajikistan" <<< "$answer"
german=$(echo "which borders did the Taliban reach?" | ONRECORD_INTERFACE=de venv/bin/onrecord run)
grep --quiet "10. Juli 2021" <<< "$german"
echo "smoke: the runtime dependencies alone answer"
