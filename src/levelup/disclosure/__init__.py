"""Suppression, rounding, perturbation, and the attack that checks them."""
