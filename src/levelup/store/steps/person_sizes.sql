-- What the levels are like, from a few rows: how large and how spread, and how often levels and ranks repeat.
select avg(abs(x)) as size, avg(x) as middle, count(*) as n, count(distinct r) as ranks, count(distinct x) as levels,
  stddev_samp(case when x > 0e0 then ln(x) end) as spread
from (select x, r from person where x is not null limit 20000) s
