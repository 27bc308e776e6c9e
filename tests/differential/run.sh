#!/usr/bin/env bash
# run.sh [SEED [MODELS]]: what native says with each of this machine's instruction sets, and what WebAssembly says, of
# random models with 24 samples each, against the plain mixture, and against one another. Prints the largest
# differences; fails above the bound.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
seed=${1:-1}
models=${2:-200}
native=build/native/tests/differential
wasm='node build/wasm/tests/differential.js'
files=build/differential
mkdir -p "$files"

"$native" make "$files/cases" "$seed" "$models"
"$native" run "$files/cases" mixture "$files/mixture"
$wasm run "$files/cases" mixture "$files/wasm-mixture"
$wasm run "$files/cases" baseline "$files/wasm"
status=0
compare() {
  echo "$1 against $2"
  "$native" compare "$files/cases" "$files/$1" "$files/$2" || status=1
}
compare mixture wasm-mixture
compare mixture wasm
for set in $("$native" sets); do
  "$native" run "$files/cases" "$set" "$files/$set"
  compare mixture "$set"
  compare "$set" wasm
done
exit "$status"
