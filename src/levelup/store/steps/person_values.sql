-- The distinct values of a column that names groups or units and is not a whole number.
select {column} as value, count(*) as n
from person_file
group by {column}
order by {column}
