-- The sample's own shape: how many units were drawn in every stratum, and from how many.
select h, count({units}) as units, count(*) as n, count(u) as known, min(f) as least, max(f) as most, count(f) as stated
from person
group by h
