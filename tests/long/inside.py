"""Runs a module's `main` inside an installation, as a command would: `python -m tests.long.inside MODULE ARGUMENTS`."""

import importlib
import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.settings")
    django.setup()
    importlib.import_module("muniment.cli.start").prepare()
    importlib.import_module(sys.argv[1]).main(*sys.argv[2:])


if __name__ == "__main__":
    main()
