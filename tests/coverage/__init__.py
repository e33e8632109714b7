"""How often the interval of a measure of dispersion over noisy groups covers, by simulation."""
