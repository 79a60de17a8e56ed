"""The door of the program, `jiaojie` and `python -m api`.

Nothing of what it imports is ever garbage: to look for some meanwhile, and again and again later, costs a fifth of the
time in which it starts.
"""

import gc

gc.disable()

from api.cli import main  # noqa: E402  # the imports are what goes on without

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
