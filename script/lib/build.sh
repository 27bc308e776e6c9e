# shellcheck shell=bash
# Sourced by the other scripts, after env.sh: builds a preset, or what the npm package is made of.

# build PRESET [target...]: a warning is an error in CI, but not in the build whose flags clang-tidy reads: with
# -Werror it would take what libstdc++ says of itself for errors.
build() {
  local preset=$1 werror=OFF
  shift
  if [ -n "${CI:-}" ] && [ "$preset" != fuzz ]; then werror=ON; fi
  local configure=(cmake --preset "$preset" "-DROLEMIX_WERROR=$werror")
  if [ "$preset" = wasm ]; then configure=(emcmake "${configure[@]}"); fi
  if [ ! -e "build/$preset/build.ninja" ] || [ -n "${CI:-}" ]; then "${configure[@]}" || return; fi
  cmake --build "build/$preset" ${1+--target "$@"}
}

# older TARGET SOURCE...: whether the file is missing, or something among the sources is newer.
older() {
  local target=$1
  shift
  [ ! -e "$target" ] || [ -n "$(find "$@" -type f -newer "$target" -print -quit)" ]
}

build_package() {
  build wasm rolemix_wasm rolemix_table_wasm || return
  if older js/dist/rolemix.wasm js/src js/bundle.mjs js/package.json js/tsconfig.json tsconfig.base.json \
    build/wasm/rolemix.wasm build/wasm/rolemix-table.wasm; then
    npm run --silent build -w rolemix
  fi
}
