-- First and second moments by key: means, variances, and every cell of an ordered population, with what linearisation needs.
select {keys}, count(case when {fine} then x end) as n,
  sum(w) as w, sum(w * x) as wx,
  sum(w * w) as w2, sum(w * w * x) as w2x, sum(w * w * x * x) as w2xx{further}
from person
group by {keys}
