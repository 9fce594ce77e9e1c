"""The commands of the command line, a module a family; `cli` lists them.

Boundary: they read files and print. What is decided, checked or shown is made elsewhere.
"""
