"""What one application worked out and the next would work out alike, kept for the whole process.

Each test has an application of its own. Made anew, it would compile the same templates, the same
addresses and the same SQL again, which is most of what a short test takes. None of these depends
on the test's settings or rows.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Dialect, Engine, event
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class CompiledTemplates(BytecodeCache):
    """Code by template; the library compares the checksum of the source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


_templates = CompiledTemplates()
_dialects: dict[tuple[object, ...], Dialect] = {}
_statements: dict[Dialect, dict[Any, Any]] = {}


def use(app: Flask, engine: Engine) -> None:
    """Gives the application what those before it worked out."""
    app.jinja_env.bytecode_cache = _templates
    key = (engine.dialect.name, engine.dialect.driver, engine.dialect.dbapi)
    if key in _dialects:
        _share(engine, _dialects[key])
    else:
        # A dialect knows the server's version once it has spoken to one.
        def keep(connection: Connection) -> None:
            _dialects.setdefault(key, connection.dialect)

        event.listen(engine, "engine_connect", keep)


def _share(engine: Engine, dialect: Dialect) -> None:
    # Statements are kept by dialect, so engines that share them must share it too.
    engine.dialect = dialect
    engine.update_execution_options(compiled_cache=_statements.setdefault(dialect, {}))


def _kept(compile_builder: Callable[[Rule, bool], Builder]) -> Callable[..., Builder]:
    """The functions that build addresses; each looks up the converters of the rule it is given."""
    known: dict[tuple[object, ...], Builder] = {}

    @wraps(compile_builder)
    def builder(rule: Rule, append_unknown: bool = True) -> Builder:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in known:
            known[key] = compile_builder(rule, append_unknown)
        return known[key]

    return builder


Rule._compile_builder = _kept(Rule._compile_builder)  # type: ignore[method-assign]
