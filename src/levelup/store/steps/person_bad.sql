-- How many rows of every group cannot be used, and why: asked only where some cannot.
select g, count(*) as n,
  sum(case when x is null then 1 else 0 end) as bad_value,
  sum(case when w > 0e0 then 0 else 1 end) as bad_weight,
  min(w) as least_weight,
  sum(case when {inside} then 0 else 1 end) as outside
from person
group by g
