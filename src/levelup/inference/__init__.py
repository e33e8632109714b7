"""Pure numbers: intervals, standard errors, probabilities, fitted lines, correlations, and moving figures between boundaries."""
