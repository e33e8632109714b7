-- Cells of a text column that do not hold a number.
select count(*) as n
from person_file
where {column} is not null and try_cast({column} as double) is null
