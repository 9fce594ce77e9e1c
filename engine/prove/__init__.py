"""What holds of every declaration: the rules as logic, given to a solver.

The only room with z3. What it finds is run again as a declaration before anybody is shown it.
"""
