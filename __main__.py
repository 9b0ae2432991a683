"""``python -m evidentia`` is the same as ``evidentia``."""

from .cli.main import main

if __name__ == "__main__":
    main()
