"""Pay gaps, exact to the regulations: from a payroll extract to six calculations and their working."""
