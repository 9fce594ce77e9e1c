"""The words of the ontology as they are shown: terms, facts and regulations.

Boundary: plain data and text, prepared for templates, replies and the terminal. No Flask here.
"""
