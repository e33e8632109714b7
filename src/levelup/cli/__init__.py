"""One file per command: arguments in, workspace calls, words out."""
