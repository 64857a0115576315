"""Runs one script by the peers' interpreter: `python run_script.py SCRIPT [ARGUMENT ...]`.

The peers import solvers, compilers and plotting that nothing here uses, one of them proprietary,
several of them larger than all the rest. Stand-ins take their place: they can be imported, and
decorate a function by leaving it as it is; whoever would really use one is stopped.
"""

import runpy
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType
from typing import Any

UNUSED = {"gurobipy", "matplotlib", "nashpy", "numba", "ortools", "pulp", "scipy"}


class StandIn(ModuleType):
    """A module, class or decorator of which only the name is needed."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> "StandIn":
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__name__}.{name}")

    def __call__(self, *functions: Any, **options: Any) -> Any:
        if len(functions) == 1 and isinstance(functions[0], FunctionType):
            return functions[0]
        if not functions and self.__name__.endswith("jit"):
            return self
        raise NotImplementedError(f"{self.__name__} is not installed; see {__file__}.")


class StandIns(MetaPathFinder, Loader):
    """Finds the unused modules before Python looks for real ones."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name.partition(".")[0] not in UNUSED:
            return None
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


if __name__ == "__main__":
    sys.meta_path.insert(0, StandIns())
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")
