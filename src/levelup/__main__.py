"""Lets `python -m levelup` do what `levelup` does."""

from levelup.cli.main import main

if __name__ == "__main__":
    main()
