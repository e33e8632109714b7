-- How many rows there are, and the ends of whole-numbered columns that name groups or units.
select count(*) as n{ends}
from person_file
