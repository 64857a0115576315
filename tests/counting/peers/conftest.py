"""How a test asks another program: what goes in and what comes out is JSON."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
INTERPRETER = HERE.parents[2] / ".venv-peers" / "bin" / "python"
Peer = Callable[[str, Any], Any]


@pytest.fixture(scope="session")
def peer() -> Peer:
    """`peer("pabutools_greedy", cases)` runs scripts/pabutools_greedy.py on them, in one process.

    Starting a peer takes the better part of a second, so a test hands over all its cases at once.
    """
    if not INTERPRETER.exists():
        pytest.fail("The programs to compare with are missing; `make .venv-peers/.installed`.")
    return ask


def ask(script: str, question: Any) -> Any:
    run = subprocess.run(
        [INTERPRETER, HERE / "run_script.py", HERE / "scripts" / f"{script}.py"],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore", "PYTHONPATH": ""},
    )
    if run.returncode:
        pytest.fail(f"{script} stopped:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout)
