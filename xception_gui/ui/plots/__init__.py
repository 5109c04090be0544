"""Curves: what is drawn, and how."""
