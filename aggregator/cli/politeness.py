"""The command that reports our own conduct."""

import json
from collections.abc import Iterable
from datetime import timedelta

import click
from msgspec.structs import asdict
from rich.console import Console
from rich.table import Table

from aggregator import app
from aggregator.cli.context import MANY, Place
from aggregator.core import health
from aggregator.core import politeness as rules
from aggregator.core.politeness import HostConduct

_SHOWN = 20
_COLUMNS = ("host", "feeds", "requests", "a day", "shortest gap", "304", "failed", "KiB", "broken")


@click.command()
@click.option("--days", type=MANY, default=7, show_default=True, help="How far to look back.")
@click.option("--json", "as_json", is_flag=True, help="For programs; every host.")
@click.pass_obj
def politeness(place: Place, days: int, as_json: bool) -> None:
    """Report how we treated the hosts we poll, from the poll log."""
    settings, store = place.settings(), place.store()
    now = app.utc_now()
    period = timedelta(days=days)
    hosts = {source.name: source.state.host for source in store.sources()}
    log = store.log_since(now - period)
    found = rules.conduct(log, hosts, settings.fetch.floor, period)
    every = rules.total(found)
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in (every, *found)], indent=2))
        return
    Console().print(_table((every, *found[:_SHOWN])))
    for line in _findings(found, every):
        click.echo(line)


def _table(hosts: Iterable[HostConduct]) -> Table:
    table = Table(*_COLUMNS, box=None, pad_edge=False)
    for one in hosts:
        table.add_row(*_cells(one))
    return table


def _cells(one: HostConduct) -> tuple[str, ...]:
    """Return a host as words; "a day" is of one feed."""
    return (
        one.host,
        f"{one.sources:,}",
        f"{one.requests:,}",
        f"{one.requests_a_day:.1f}",
        health.span(one.shortest_gap) if one.shortest_gap is not None else "-",
        f"{one.share_unchanged:.0%}",
        f"{one.failures:,}",
        f"{one.bytes_received / 1024:,.0f}",
        f"{one.broken:,}",
    )


def _findings(found: Iterable[HostConduct], every: HostConduct) -> Iterable[str]:
    for one in found:
        for fault in rules.faults(one):
            yield f"  ! {one.host}: {fault}"
    if not every.broken:
        yield "no promise was broken"


def _as_json(one: HostConduct) -> dict[str, object]:
    gap = one.shortest_gap
    return {
        **asdict(one),
        "shortest_gap": None if gap is None else gap.total_seconds(),
        "share_unchanged": round(one.share_unchanged, 4),
        "broken": one.broken,
    }
