"""From facts to a decision: two engines that must agree, one combination, one explanation.

Boundary: knows rules, vocabulary and facts; opens no file and no socket, reads no clock.
"""
