-- Bins of the level by key: their means are exact, and the spread inside them is kept.
select {keys}, {bin} as b, count(case when {fine} then x end) as n,
  sum(w) as w, sum(w * x) as wx, sum(w * x * x) as wxx, sum(w * w) as w2
from person
where {part}
group by {keys}, {bin}
