#!/bin/sh
# Install Debian packages, as root or through sudo; say what to do where neither works.
set -eu
if [ "$(id -u)" -eq 0 ]; then run=""; elif command -v sudo >/dev/null; then run="sudo"; else
  echo "Install these packages first: apt-get install $*" >&2
  exit 1
fi
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends "$@" >/dev/null
