#!/bin/sh
# Writes fixtures/*.json anew: the numbers, made by other libraries, that tests compare with. Takes Python 3.11 or later.
set -eu
cd "$(dirname "$0")"
# A killed pip leaves a python too.
if [ ! -e .venv/ready ]; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet --requirement requirements.txt
  touch .venv/ready
fi
for script in [a-z]*.py; do
  echo "$script"
  .venv/bin/python "$script"
done
