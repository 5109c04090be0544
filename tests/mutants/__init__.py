"""Mutation testing: small mistakes in the program, one at a time, and whether the unit tests notice them."""
