-- Rows themselves, of some groups at a time: for what is exact only in full order.
select {keys}, x, w
from person
where {part}
