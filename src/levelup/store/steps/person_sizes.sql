-- What the levels are like, from a few rows: how large, and how often levels and ranks repeat.
select avg(abs(x)) as size, avg(x) as middle, stddev_samp(x) as width, count(*) as n,
  count(distinct r) as ranks, count(distinct x) as levels
from (select x, r from person where x is not null limit 20000) s
