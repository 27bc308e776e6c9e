#!/usr/bin/env python3
"""Runs clang-tidy over src/, but not again over what it found clean before.

    script/lib/tidy.py BUILD_FOLDER CACHE_FOLDER

A file is checked again when clang-tidy, .clang-tidy, its own flags, or the text of anything it includes has changed.
The clone's path is no part of that, so all clones of a machine can share the cache. Only clean files are kept there,
as empty files with the key for a name; those unused for 60 days go.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TIDY = "clang-tidy-19"
KEPT_SECONDS = 60 * 86400


@functools.cache
def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


@functools.cache
def version():
    return subprocess.run([TIDY, "--version"], capture_output=True, text=True, check=True).stdout


def included(entry):
    """The file itself and all it includes, or None if the compiler refuses it."""
    command = [*shlex.split(entry["command"]), "-M", "-MF", "-"]
    del command[command.index("-o"):command.index("-o") + 2]
    found = subprocess.run(command, cwd=entry["directory"], capture_output=True, text=True)
    if found.returncode != 0:
        return None
    names = found.stdout.replace("\\\n", " ").split()[1:]
    return [os.path.normpath(os.path.join(entry["directory"], name)) for name in names]


def key(entry):
    files = included(entry)
    if files is None:
        return None
    parts = [version(), digest(ROOT / ".clang-tidy"), entry["command"], *files]
    text = "\n".join(parts).replace(str(ROOT) + "/", "") + "\n" + "\n".join(map(digest, files))
    return hashlib.sha256(text.encode()).hexdigest()


def check(entry, build, cache):
    """What clang-tidy said, or "" if the file is clean, and whether that was known."""
    name = key(entry)
    if name and (cache / name).exists():
        (cache / name).touch()
        return "", True
    run = subprocess.run([TIDY, "-quiet", "-p", build, entry["file"]], capture_output=True, text=True)
    if run.returncode == 0 and name:
        (cache / name).touch()
    return "" if run.returncode == 0 else run.stdout + run.stderr, False


def main():
    build, cache = sys.argv[1], pathlib.Path(sys.argv[2])
    cache.mkdir(parents=True, exist_ok=True)
    for old in cache.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    entries = [entry for entry in entries if entry["file"].startswith(str(ROOT / "src") + "/")]
    jobs = int(os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL") or os.cpu_count())
    known = wrong = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for said, was_known in pool.map(lambda entry: check(entry, build, cache), entries):
            known += was_known
            wrong += said != ""
            print(said, end="", flush=True)
    print(f"{len(entries)} files, {known} of them known to be clean; {wrong} with findings")
    return 1 if wrong or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
