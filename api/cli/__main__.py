"""`python -m api.cli`: the same as `jiaojie`."""

from api.cli import main

main()
