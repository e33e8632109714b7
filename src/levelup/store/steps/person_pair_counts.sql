-- Moments by key of the level and of one function a of it where every person counts once.
select {keys}, count(case when {fine} then x end) as n,
  sum(x) as wx, sum(a) as wa, sum(x * x) as w2xx, sum(x * a) as w2xa, sum(a * a) as w2aa{further}
from (select p.*, {function} as a from person p) q
group by {keys}
