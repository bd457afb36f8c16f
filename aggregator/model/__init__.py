"""The frozen records that every arrow of the two flows carries; one record per meaning.

* ``settings``  what the operator said in feeds.yaml
* ``fetched``   what a server or a folder answered
* ``parsed``    what a feed said, before anybody believed it
* ``known``     what we keep, and what one poll would change in it
* ``shown``     what we publish
"""
