-- Rows of the groups that were picked.
select {keys}, x, w
from (select p.* from person p join picked on picked.code = p.g) q
