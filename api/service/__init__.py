"""What the service does, whichever door asked: decide and keep, act, replay, suppose, record.

Boundary: no HTTP and no SQL. Doors read and write for it, the store keeps.
"""
