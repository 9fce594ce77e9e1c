"""Commensura's engine: rules as data, two ways to run them, and the reasons for every answer.

Rooms import one way: language, knowledge, declaration, decide, evidence, release,
publication, specs.
"""
