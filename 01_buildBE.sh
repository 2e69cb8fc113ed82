#!/bin/sh
# Builds the API's image. Extra arguments go to docker build, e.g. --build-arg ENGINE=tensorflow.
set -eu
cd "$(dirname "$0")"
command -v docker >/dev/null || { echo "Docker is needed: https://docs.docker.com/engine/install/" >&2; exit 1; }
docker build --file Dockerfile_BE --tag real-or-ai-backend "$@" .
