"""Python imports this at the start of each function process, because its folder comes first on the import path.

With `LOCAL_ISSUERS` set, names are resolved by `authorizer_names`; without it nothing happens. Then the
`sitecustomize` that this one hides, if there is one, is imported in its place.
"""

import os
import sys

TABLE = "LOCAL_ISSUERS"
OTHERS_TOO = "LOCAL_NETWORK"


def _next() -> None:
    """Runs the module that would have been found without us, under its name."""
    # What `importlib.machinery` and `importlib.util` lead to: the latter takes milliseconds to import, these are loaded.
    from _frozen_importlib import module_from_spec
    from _frozen_importlib_external import PathFinder

    here = os.path.dirname(os.path.realpath(__file__))
    others = [path for path in sys.path if os.path.realpath(path) != here]
    spec = PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        module = module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


if os.environ.get(TABLE):
    # By its plain name: a function process has this folder on its path, and may have no package `authorizer.tools`.
    __import__("authorizer_names").install(os.environ[TABLE], others_too=os.environ.get(OTHERS_TOO) == "1")
_next()
