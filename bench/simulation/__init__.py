"""The whole program among misbehaving servers, in virtual time, judged by what the servers saw.

1. The pipeline is our own (``aggregator.app``); its clock is handed in and jumps from one due
   source to the next. The servers are real, on the loopback interface, and read the same clock.
2. Every kind of behaviour is a source with an address, and so a host, of its own, but for families
   that share one on purpose.
3. The pipeline is built anew now and then, and killed with SIGKILL in the middle of a round.
4. The servers keep a book of who asked what and when. The rules are judged by it alone, except for
   entries, which are looked for in the database at the end.
"""
