#!/bin/sh
# Writes requirements/*.txt from requirements/*.in: one universal file per group with hashes and without any registry address.
# Each later group repeats the earlier ones at the same versions, so that one file is always enough to install from.
set -eu
cd "$(dirname "$0")/.."
UV=${UV:-uv}
lock() {
    out=$1
    shift
    "$UV" pip compile --quiet --universal --no-strip-extras --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" --no-config "$@" --output-file "requirements/$out.txt"
}
lock runtime requirements/build.in requirements/runtime.in
lock embedded -c requirements/runtime.txt requirements/build.in requirements/runtime.in requirements/embedded.in
lock dev -c requirements/embedded.txt requirements/build.in requirements/runtime.in requirements/embedded.in requirements/dev.in
lock node requirements/node.in
