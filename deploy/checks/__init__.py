"""The checks of deploy/check.py. Each takes nothing and returns what it found, a line for each finding."""
