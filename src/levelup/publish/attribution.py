"""Who published the figures and on what terms: names in words, and the acknowledgements that licences ask for."""

from __future__ import annotations

from levelup.catalogue.entry import Catalogue, Licence
from levelup.publish.publication import Publication


def publisher_name(catalogue: Catalogue, text: str) -> str:
    """Return the name of a publisher given by its id; any other text is taken for the name itself."""
    known = catalogue.publishers.get(text)
    return known.name if known else text


def find_licence(catalogue: Catalogue, text: str) -> Licence | None:
    """Return the licence with this id or name; None where the catalogue has none."""
    return catalogue.licences.get(text) or next((entry for entry in catalogue.licences.values() if entry.name == text), None)


def licence_name(catalogue: Catalogue, text: str) -> str:
    """Return the name of a licence given by its id; any other text is taken for the name itself."""
    known = find_licence(catalogue, text)
    return known.name if known else text


def publishers(publication: Publication) -> tuple[str, ...]:
    """Return the names of those who published the figures, each once, in the order of the releases."""
    names = (publisher_name(publication.catalogue, release.publisher) for release in publication.releases if release.publisher)
    return tuple(dict.fromkeys(names))


def attributions(publication: Publication) -> tuple[str, ...]:
    """Return the acknowledgements that the releases' licences ask for, each once.

    A licence that asks for none gives its name. An acknowledgement that a longer one begins with is left to that one.
    """
    said = []
    for release in publication.releases:
        licence = find_licence(publication.catalogue, release.licence)
        said.append(" ".join((licence.attribution or licence.name).split()) if licence else release.licence)
    once = tuple(dict.fromkeys(text for text in said if text))
    return tuple(text for text in once if not any(other != text and other.startswith(text) for other in once))
