#!/bin/sh
# Writes fixtures/*.json anew: the numbers, made by other libraries, that tests compare with. Takes Python 3.11 or later.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
  python3 -m venv .venv
  .venv/bin/pip install --quiet --requirement requirements.txt
fi
for script in [a-z]*.py; do
  echo "$script"
  .venv/bin/python "$script"
done
