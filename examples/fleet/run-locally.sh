#!/usr/bin/env bash
# Runs diagnose_fleet.py on two local cores over copies of the HAR fixtures and holds the table against entrace's own
# report. Needs Java 17 or later, and a python3 with pyspark (pip install pyspark); PYTHON and ENTRACE name others.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-python3}

if [[ -z ${ENTRACE:-} ]]; then
    cargo build --release --locked --manifest-path "$root/Cargo.toml"
    ENTRACE=${CARGO_TARGET_DIR:-$root/target}/release/entrace
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# A path with a space and one that looks like a pattern; a capture that cannot be read.
store="$folder/captures of a team"
mkdir -p "$store/day [1]"
cp "$root"/fixtures/*.har "$store/day [1]/"
head -c 40 "$root/fixtures/mfa-required.v5.devtools-sanitized.har" >"$store/cut off.har"

export PYSPARK_PYTHON=$python PYSPARK_DRIVER_PYTHON=$python PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1
submit=$("$python" -c 'import os, pyspark; print(os.path.join(os.path.dirname(pyspark.__file__), "bin", "spark-submit"))')
cd "$folder"
quietly() { "$@" 2>log || { cat log >&2; exit 1; }; }
"$python" -c 'import pyspark; print("Spark", pyspark.__version__)'
quietly "$submit" --master 'local[2]' "$here/diagnose_fleet.py" "$store" table --entrace "$ENTRACE"
quietly "$python" "$here/check_table.py" "$store" table "$ENTRACE"
