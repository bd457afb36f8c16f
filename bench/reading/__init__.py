"""How much of what feeds say is read right, over folders of tables that are not part of this.

* ``fields``  what the product makes of one document, in the tables' words, and when that matches
* ``suites``  feeds and what is expected of them
* ``tables``  dates, HTML, addresses, pages and subscription lists
* ``safety``  what a browser would run of a piece of HTML
* ``report``  scores as lines and as JSON
"""
