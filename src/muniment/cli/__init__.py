"""The command line: a door for operators and scripts to the same services as the web.

Nothing is imported before its command is asked for, so that `muniment --help` answers at once.
"""
