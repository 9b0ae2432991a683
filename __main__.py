"""``python -m evidentia`` is the same as ``evidentia``."""

from .cli import main

if __name__ == "__main__":
    main()
