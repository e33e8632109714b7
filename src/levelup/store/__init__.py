"""The only room that opens an engine: releases, tables and named questions."""
