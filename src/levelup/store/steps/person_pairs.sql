-- Moments by key of the level and of one function a of it: entropies, Atkinson's index, shortfalls.
select {keys}, count(case when {fine} then x end) as n,
  sum(w) as w, sum(w * x) as wx, sum(w * a) as wa,
  sum(w * w) as w2, sum(w * w * x) as w2x, sum(w * w * x * x) as w2xx,
  sum(w * w * a) as w2a, sum(w * w * x * a) as w2xa, sum(w * w * a * a) as w2aa{further}
from (select p.*, {function} as a from person p) q
group by {keys}
