"""What the columns of somebody's table probably mean: a guess with its confidence and reasons, for a person to confirm."""

from levelup.sources.guess.proposal import guess_mapping

__all__ = ["guess_mapping"]
