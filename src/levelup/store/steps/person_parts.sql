-- Rows by the leading column, so that a table can be read some groups at a time.
select lead, count(*) as n
from person
group by lead
order by lead
