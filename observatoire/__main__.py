"""`python -m observatoire`, the same as the `observatoire` command."""

from observatoire.cli import main

main()
