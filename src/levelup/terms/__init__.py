"""The ground: errors, units, polarity, periods, places, cohorts and the records that every room passes on."""
