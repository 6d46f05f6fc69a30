"""Writes a fixture: the numbers and the versions of the libraries that made them."""

import json
import platform
from importlib.metadata import version
from pathlib import Path


def write(name, values, libraries):
    versions = {"python": platform.python_version(), **{library: version(library) for library in libraries}}
    file = Path(__file__).parent / "fixtures" / f"{name}.json"
    file.write_text(json.dumps({"versions": versions, **values}, indent=1) + "\n")
