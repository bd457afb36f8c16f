"""feeds.yaml to frozen records, with every problem of it at once.

file ▶ reading ▶ tree ▶ environment ▶ schema ▶ checks ▶ records

``tree`` knows YAML and where everything stands, ``schema`` which keys there are and what one value
may be, ``checks`` and ``records`` what values mean together. All of them tell a ``Report``, so an
operator sees all that is wrong in one go; a part that is wrong does not hide what is wrong in
another.
"""

from aggregator.config.loading import load_settings, public_url

__all__ = ["load_settings", "public_url"]
