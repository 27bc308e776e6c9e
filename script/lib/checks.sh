# shellcheck shell=bash
# shellcheck disable=SC2154 # of script/test: logs, a folder, and parallel, how many at once
# Sourced by script/test: runs checks, shows one line of each when it ends, and counts.

log_of() { echo "$logs/${1//[^A-Za-z0-9]/-}.log"; }

# say_whole: what comes from standard input, not mixed with what others say meanwhile.
say_whole() {
  local text
  text=$(cat)
  [ -z "$text" ] || flock "$logs" echo "$text"
}

count() { echo "$1 $2" >>"$logs/counts"; } # count PASSED FAILED

# totals: PASSED FAILED of everything so far.
totals() { awk '{ passed += $1; failed += $2 } END { print passed + 0, failed + 0 }' "$logs/counts"; }

# run NAME COMMAND...: keeps the output in a log and shows its end when the command fails.
run() {
  local name=$1 log result=ok status=0 seconds TIMEFORMAT='%0R %0U %0S'
  shift
  log=$(log_of "$name")
  if [ -t 1 ]; then printf '%s ...\r' "$name"; fi
  { time "$@" >"$log" 2>&1 </dev/null; } 2>"$log.seconds" || status=$?
  read -r -a seconds < <(tail -n 1 "$log.seconds") # after what the shell says of a crash
  [ "$status" = 0 ] || result=FAILED
  {
    printf '%-44s %-6s %4d s %5d s CPU\n' "$name" "$result" "${seconds[0]}" $((seconds[1] + seconds[2]))
    [ "$status" = 0 ] || tail -n 60 "$log" | sed 's/^/    /'
  } | say_whole
  return "$status"
}

# check NAME COMMAND...: counts as one test.
check() {
  if run "$@"; then count 1 0; else count 0 1; fi
}

# googletest NAME COMMAND...: counts the tests of a GoogleTest program.
googletest() {
  local log good bad ok=0
  run "$@" || ok=1
  log=$(log_of "$1")
  good=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$log" | tail -n 1)
  bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$log" | tail -n 1)
  if [ "$ok" -ne 0 ] && [ "${bad:-0}" -eq 0 ]; then bad=1; fi # a crash, or it could not start
  count "${good:-0}" "${bad:-0}"
  sed -n 's/^\[  SKIPPED \]/    skipped/p' "$log" | sort -u | say_whole
}

# jest NAME PATTERN...: counts the tests of the files whose path fits a pattern.
jest() {
  local name=$1 result counts ok=0
  shift
  result=$(log_of "$name").json
  run "$name" env NODE_OPTIONS=--experimental-vm-modules npx jest --json --outputFile="$result" \
    --maxWorkers="$parallel" --testPathPatterns "$@" || ok=1
  counts=$(node -p 'const r = JSON.parse(require("fs").readFileSync(process.argv[1]));
    [r.numPassedTests, r.numFailedTests + r.numRuntimeErrorTestSuites].join(" ")' "$result" 2>/dev/null || echo "0 0")
  if [ "$ok" -ne 0 ] && [ "${counts#* }" -eq 0 ]; then counts="${counts% *} 1"; fi
  count "${counts% *}" "${counts#* }"
}

# at_once COMMAND...: in the background, as many as there are processors; `wait` ends them.
at_once() {
  while [ "$(jobs -rp | wc -l)" -ge "$parallel" ]; do wait -n || true; done
  "$@" &
}
