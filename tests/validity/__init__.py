"""Simulation of the stable call: what its words and intervals promise, measured on draws whose truth is known."""
