-- The same moments where every person counts once.
select {keys}, count(case when {fine} then x end) as n, sum(x) as wx, sum(x * x) as w2xx{further}
from person
group by {keys}
