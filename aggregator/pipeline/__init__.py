"""The intake, and when the outgo follows it.

claim ▶ fetch ▶ parse ▶ identify ▶ remember ▶ plan ▶ apply          (one source at a time)

This room knows the order and no rules: what to change is decided in ``core.plan``, when to ask
again in ``core.schedule``. Each source ends in one transaction, so a kill at any moment leaves it
polled or not polled.
"""

from aggregator.pipeline.intake import Kind
from aggregator.pipeline.rounds import Pipeline

__all__ = ["Kind", "Pipeline"]
