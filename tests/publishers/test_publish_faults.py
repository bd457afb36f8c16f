"""A full disk and a killed process: no torn file, nothing lost, the next run finishes the work."""

import json
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from publisher_cases import DAY, NOW, SITE, article, item, posts_in, publication, target

from aggregator.errors import PublishError
from aggregator.publishers.keeping import Published
from aggregator.publishers.posts import PostsPublisher

EVENTS = frozenset(("open", "os.rename", "os.remove", "os.mkdir"))
FIRST = [item(number) for number in range(1, 5)]
SECOND = [
    item(1, published=NOW - 2 * DAY),  # goes to the archive
    item(2),
    item(3, title="Edited", updated=NOW),
    *(item(number) for number in range(5, 8)),
]


def publish(folder: Path, stories: list[Any]) -> Published:
    goal = target(
        folder / "posts", keep_days=1, archive=folder / "old", index_pages=folder / "category"
    )
    return PostsPublisher(goal, SITE)([publication(*stories)], NOW)


def in_child(work: Callable[[], object]) -> int | None:
    """Do something in a process of its own; returns its exit code."""
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    process.join(60)
    return process.exitcode


def die_at(number: int) -> None:
    """End this process without a word before a certain one of its steps on the disk."""
    left = [number]

    def count(event: str, told: object) -> None:
        if event not in EVENTS:
            return
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def everything(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_a_kill_at_any_step_leaves_whole_files_and_the_next_run_finishes(tmp_path: Path) -> None:
    straight = tmp_path / "straight"
    publish(straight, FIRST)
    first = everything(straight)
    publish(straight, SECOND)
    second = everything(straight)
    whole = {body for name, body in (*first.items(), *second.items()) if name.endswith(".md")}
    killed = 0
    for step in range(1, 400):
        folder = tmp_path / str(step)
        publish(folder, FIRST)

        def work(folder: Path = folder, step: int = step) -> None:
            die_at(step)
            publish(folder, SECOND)

        code = in_child(work)
        if code == 0:
            break
        assert code == -signal.SIGKILL
        killed += 1
        manifest = json.loads((folder / "posts" / ".aggregator-posts.json").read_text())
        for path in posts_in(folder / "posts"):
            assert path.read_bytes() in whole
            assert path.name in manifest["files"]
        assert publish(folder, SECOND).refused == ()
        assert everything(folder) == second
    assert killed > 20


def test_a_disk_that_is_full_is_one_line_and_tears_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writes fail half way, as there."""
    publish(tmp_path, FIRST)
    before = everything(tmp_path)
    big = item(2, title="Big", updated=NOW, article=article("<p>" + "word " * 100_000 + "</p>"))

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            publish(tmp_path, [big])
        except PublishError as error:
            line = str(error)
            good = line.startswith("cannot write ") and line.endswith("; it is tried again")
            os._exit(7 if good and "\n" not in line else 8)

    assert in_child(work) == 7
    assert everything(tmp_path) == before
    assert publish(tmp_path, [big]).written == 1
