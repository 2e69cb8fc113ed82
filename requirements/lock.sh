#!/bin/sh
# Renews the lock files: exact versions with hashes, no addresses. Needs uv (pip install uv).
set -eu
cd "$(dirname "$0")/.."
lock() { # NAME EXTRA...
    name=$1; shift
    for extra in "$@"; do set -- "$@" --extra "$extra"; shift; done
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-annotate --no-header "$@" pyproject.toml --output-file "requirements/$name.txt"
}
lock onnx backend onnx
lock onnx-gpu backend onnx-gpu
lock tensorflow backend onnx tensorflow
lock dev backend onnx training dev
