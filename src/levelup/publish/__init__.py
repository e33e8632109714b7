"""Pages, charts, maps, sheets, documents and open data; the wording of every sentence."""
