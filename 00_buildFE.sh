#!/bin/sh
# Builds the image of the page: real-or-ai-frontend.
set -eu
cd "$(dirname "$0")"
if ! command -v docker >/dev/null 2>&1; then
  echo "Docker is missing: install Docker Engine (or Docker Desktop), then run this script again." >&2
  exit 1
fi
docker build -f Dockerfile_FE -t real-or-ai-frontend .
