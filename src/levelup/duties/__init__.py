"""The Equality Act's duties as records: pay gaps."""
