# shellcheck shell=bash
# Sourced by the other scripts, after `set -euo pipefail`: finds the emcc and the browser that script/setup provides.
# Sets PATH and EM_CONFIG (emcc, em++, emcmake), EM_CLOSURE_COMPILER (for --closure 1) and ROLEMIX_CHROMIUM, and lets
# CMake compile through ccache, where there is one.

rolemix_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
rolemix_cache=${XDG_CACHE_HOME:-$HOME/.cache}/rolemix
rolemix_emscripten_version=3.1.69 # the oldest that will do, and the one that script/setup unpacks where there is none
rolemix_emscripten_home=$rolemix_cache/emscripten-$rolemix_emscripten_version

at_least() { printf '%s\n' "$1" "$2" | sort --version-sort --check=silent; } # at_least WANTED FOUND

emcc_found() {
  command -v emcc >/dev/null && at_least "$rolemix_emscripten_version" "$(emcc -dumpversion 2>/dev/null || echo 0)"
}

# An emcc already on PATH wins if it is new enough; else the one that script/setup unpacked.
use_emscripten() {
  local bin=$rolemix_emscripten_home/emscripten
  case ":$PATH:" in *":$bin:"*) return ;; esac
  if [ -x "$bin/emcc" ] && ! emcc_found; then
    export PATH=$bin:$PATH EM_CONFIG=$bin/.emscripten
  fi
}

use_closure_compiler() {
  local closure=$rolemix_root/node_modules/.bin/google-closure-compiler
  if [ -x "$closure" ]; then export EM_CLOSURE_COMPILER=$closure; fi
}

use_chromium() {
  local name
  for name in chromium chromium-browser google-chrome; do
    if [ -z "${ROLEMIX_CHROMIUM:-}" ]; then ROLEMIX_CHROMIUM=$(command -v "$name" || true); fi
  done
  export ROLEMIX_CHROMIUM
}

# All clones on the machine share what was compiled: a key holds neither the clone's path nor the build folder's.
# em++ is a script that does not change with the clang behind it, so that clang is part of every key.
use_compiler_cache() {
  command -v ccache >/dev/null || return 0
  export CCACHE_DIR=${CCACHE_DIR:-$rolemix_cache/ccache} CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-3G}
  export CCACHE_BASEDIR=$rolemix_root CCACHE_NOHASHDIR=1
  CCACHE_EXTRAFILES=$(command -v clang-19 || true)
  export CCACHE_EXTRAFILES CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER:-ccache}
}

use_emscripten
use_compiler_cache
use_closure_compiler
use_chromium
