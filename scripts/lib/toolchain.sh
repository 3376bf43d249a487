# Finds the Rust toolchain that can build wasm32, so that every script builds alike.
# Source it: . scripts/lib/toolchain.sh; then call wasm_cargo, wasm_bindgen_dir and friends.
# Writes nothing by itself; wasm_cargo writes target/wasm/.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/northbound
wasm_target=wasm32-unknown-unknown
target_dir=${CARGO_TARGET_DIR:-$root/target}
wasm_target_dir=$target_dir/wasm

# Which toolchain builds wasm32: "rustup" (the default cargo has the target), "debian" (its own cargo
# and rustc build the standard library from rust-web-src) or "none". NORTHBOUND_WASM_TOOLCHAIN decides
# between two that are both there.
wasm_toolchain() {
  if [ -n "${NORTHBOUND_WASM_TOOLCHAIN:-}" ]; then
    echo "$NORTHBOUND_WASM_TOOLCHAIN"
  elif [ -d "$(rustc --print target-libdir --target $wasm_target 2>/dev/null)" ]; then
    echo rustup
  elif [ -x /usr/bin/cargo ] && [ -x /usr/bin/cargo-clippy ] && [ -e /usr/bin/rust-lld ] &&
    [ -d "$(/usr/bin/rustc --print sysroot 2>/dev/null)/lib/rustlib/src/rust/library" ]; then
    echo debian
  else
    echo none
  fi
}

# wasm_cargo build|clippy|test ARGS...: cargo for wasm32, with no path of this machine in its output.
# WASM_RUSTFLAGS holds further flags of rustc; WASM_RELEASE=1 adds those of the published package.
wasm_cargo() (
  local command=$1 toolchain cargo_home sysroot build_std=() flags=()
  shift
  toolchain=$(wasm_toolchain)
  cargo_home=${CARGO_HOME:-$HOME/.cargo}
  unset RUSTFLAGS

  case $toolchain in
    rustup) sysroot=$(rustc --print sysroot) ;;
    debian)
      # rustup's proxies may stand first in PATH, and a mix of two toolchains does not build.
      export PATH=/usr/bin:$PATH CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc
      export RUSTC_BOOTSTRAP=1
      sysroot=$(/usr/bin/rustc --print sysroot)
      build_std=('-Zbuild-std=std,panic_abort' '-Zbuild-std-features=optimize_for_size')
      ;;
    *) echo "error: no Rust toolchain here builds $wasm_target; run scripts/setup build" >&2 && exit 2 ;;
  esac

  flags+=(
    "--remap-path-prefix=$root=northbound"
    "--remap-path-prefix=$cargo_home/registry/src=registry"
    "--remap-path-prefix=$sysroot/lib/rustlib/src/rust=rust"
  )
  if [ "$toolchain" = debian ]; then
    flags+=("--remap-path-prefix=$(readlink -f "$sysroot/lib/rustlib/src/rust")=rust")
  fi
  if [ "${WASM_RELEASE:-}" = 1 ]; then
    # Smaller and faster, and in every engine since Safari 16.4.
    flags+=("-Ctarget-feature=${WASM_FEATURES-+simd128}")
    # A panic cannot be caught in wasm: trap at once and leave out the code that formats its message.
    # Nothing that is published prints a `Debug`, or tells where it stopped.
    if [ "$toolchain" = debian ]; then
      flags+=(-Zunstable-options -Cpanic=immediate-abort -Zfmt-debug=none -Zlocation-detail=none -Zmir-opt-level=3)
    fi
  fi
  # shellcheck disable=SC2206 # several flags in one variable
  flags+=(${WASM_RUSTFLAGS:-})
  CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f' && echo "${flags[*]}")
  export CARGO_ENCODED_RUSTFLAGS CARGO_TARGET_DIR=$wasm_target_dir

  # cargo looks for its subcommands in its home first, where rustup's clippy is: call Debian's by name.
  local cargo=(cargo)
  [ "$toolchain" = debian ] && cargo=(/usr/bin/cargo)
  [ "$toolchain/$command" = debian/clippy ] && cargo=(/usr/bin/cargo-clippy)
  cd "$root" && "${cargo[@]}" "$command" --target $wasm_target ${build_std[@]+"${build_std[@]}"} ${CI:+--locked} "$@"
)

# The name and version of the toolchain, as one line.
wasm_toolchain_version() {
  case $(wasm_toolchain) in
    debian) echo "$(/usr/bin/rustc -V), its own std" ;;
    *) rustc -V ;;
  esac
}

# The version of wasm-bindgen that Cargo.lock names: the command-line tool must be exactly as old.
wasm_bindgen_version() {
  awk '/^name = "wasm-bindgen"$/ { getline; gsub(/"/, "", $3); print $3; exit }' "$root/Cargo.lock" 2>/dev/null
}

# The folder that has bin/wasm-bindgen and bin/wasm-bindgen-test-runner of that version.
wasm_bindgen_dir() {
  echo "$cache/wasm-bindgen-$(wasm_bindgen_version)"
}

# The folder that has bin/cargo-deny, of the version named here.
cargo_deny_version=0.20.2
cargo_deny_dir() {
  echo "$cache/cargo-deny-$cargo_deny_version"
}

# The folder that has bin/cargo-fuzz, of the version named here.
cargo_fuzz_version=0.13.2
cargo_fuzz_dir() {
  echo "$cache/cargo-fuzz-$cargo_fuzz_version"
}

# The Chromium that the tests drive; CHROMIUM names another one.
browser_path() {
  if [ -n "${CHROMIUM:-}" ]; then
    echo "$CHROMIUM"
  else
    command -v chromium || command -v chromium-browser || command -v google-chrome
  fi
}

# The folder of the runtimes and bundlers that scripts/tarball tries the package in, by their lock file.
tarball_tools_dir() {
  echo "$cache/tarball-$(lock_key "$root/tests/tarball/package-lock.json")"
}

# The folder of what scripts/bench measures the package against, by their lock file.
bench_peers_dir() {
  echo "$cache/bench-$(lock_key "$root/benches/package-lock.json")"
}

# The folder of the versions of TypeScript that the types are compiled by.
typescripts_dir() {
  echo "$cache/typescripts-$(lock_key "$root/tests/js/types/matrix/package-lock.json")"
}

# One folder for each content of a lock file.
lock_key() {
  node -p 'crypto.createHash("sha256").update(fs.readFileSync(process.argv[1])).digest("hex").slice(0, 16)' "$1"
}
