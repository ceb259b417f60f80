"""The quality of what staff typed: rows that are probably wrong though every rule can use them.

``checks.py`` declares each check once, ``looking.py`` runs them. Nothing found here changes a figure or leaves a row out.
"""
