"""The house rules: who may import whom, types, style. What fails prints the tool's own lines."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

RULES = {
    "imports go downward only": ("lint-imports", "--no-logo"),
    "ruff finds nothing": ("ruff", "check", "--output-format=concise", "--quiet"),
    "ruff would format nothing": ("ruff", "format", "--check", "--output-format=concise"),
    "mypy --strict finds nothing": ("mypy", "--no-error-summary"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_house_is_in_order(rule: str) -> None:
    tool, *words = RULES[rule]
    done = subprocess.run(
        [BIN / tool, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{tool} {' '.join(words)}\n{done.stdout}", pytrace=False)


def test_rules_are_read_from_the_one_file() -> None:
    """A second file would win over pyproject.toml without a word."""
    others = ("ruff.toml", ".ruff.toml", "mypy.ini", ".mypy.ini", ".importlinter", "setup.cfg")
    assert [name for name in others if (ROOT / name).exists()] == []


def test_tests_patch_nothing() -> None:
    """A patched test proves that the patch works."""
    words = ("monkey" + "patch", "unittest." + "mock", "import " + "mock")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for word in words
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == []
