"""Long tables in which nobody declares what adds up: sums found, small counts hidden, attacked by whom each row counts."""
