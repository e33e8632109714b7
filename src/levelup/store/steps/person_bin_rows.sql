-- The rows of some bins: those in which a quantile lies. Group and bin are joined as one number.
select {keys}, x, w
from (select p.*, {bin} as b from person p where {part}) q
  join {picked} on {picked}.code = q.g * 4294967296 + cast(q.b as bigint)
