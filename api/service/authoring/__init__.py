"""Authoring: from draft to release, with the consent of every agency whose rules change.

Each step is an entry of the log. What a draft says is in `api.store`; what its rules mean is found
out in a process of its own, `building`, which also says whose rules change.
"""
