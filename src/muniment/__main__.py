"""The command `muniment`, also as `python -m muniment`."""

from muniment.cli.frame import main

if __name__ == "__main__":
    main()
