"""Executable specifications: the steps that scenarios are made of.

Boundary: plain functions over real releases, no mocks. Test runners bind them; nothing is
written twice.
"""
