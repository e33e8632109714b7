-- How spread the levels are, over rows that are the same on every engine: bins of them are then the same too.
select stddev_samp(case when x > 0e0 then ln(x) end) as spread
from person
where {part}
