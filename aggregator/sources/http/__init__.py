"""Asks feeds over HTTP: one libcurl loop, many hosts, each treated as a guest would.

``fetcher``   the port: requests in, answers out, while a thread of its own runs the loop
``channel``   between the two threads, bounded
``loop``      starts what may start, and finishes what came
``turns``     whose turn it is: one request at a time and a pause between two per host
``names``     addresses of hosts, looked up where nobody waits for a dead name server
``trip``      one request's way through redirects
``place``     one address to ask, and what it redirects to
``asking``    the header lines of a request
``transfer``  one libcurl handle, and the answer it receives
``options``   what libcurl is told
``body``      a body, counted and unpacked
``room``      what bodies under way may hold together
``outcome``   what an answer means
``words``     what went wrong, for a person
"""

from aggregator.sources.http.asking import user_agent
from aggregator.sources.http.fetcher import HttpFetcher

__all__ = ["HttpFetcher", "user_agent"]
