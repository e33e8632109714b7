"""The columns of the open data: names, kinds, and what each means, as the metadata beside the files states them."""

from __future__ import annotations

from levelup.publish.tabular import Column

_AREA = "http://purl.org/linked-data/sdmx/2009/dimension#refArea"
_PERIOD = "http://purl.org/linked-data/sdmx/2009/dimension#refPeriod"
_VALUE = "http://purl.org/linked-data/sdmx/2009/measure#obsValue"
_STATUS = "http://purl.org/linked-data/sdmx/2009/attribute#obsStatus"
_NAME = "http://schema.org/name"
_DESCRIPTION = "http://purl.org/dc/terms/description"
_IDENTIFIER = "http://purl.org/dc/terms/identifier"
_PUBLISHER = "http://purl.org/dc/terms/publisher"
_LICENCE = "http://purl.org/dc/terms/license"
_SOURCE = "http://purl.org/dc/terms/source"


def _text(name: str, title: str, about: str, *, same_as: str = "", required: bool = False) -> Column:
    return Column(name, title, "text", about, same_as=same_as, required=required)


def _texts(name: str, title: str, about: str) -> Column:
    return Column(name, title, "texts", f"{about} Several are parted by a vertical bar.")


def _figure(name: str, title: str, about: str, *, same_as: str = "") -> Column:
    return Column(name, title, "figure", about, same_as=same_as)


def _interval(name: str, title: str, about: str) -> tuple[Column, Column, Column]:
    return (
        _figure(name, title, about),
        _figure(
            f"{name}_low", f"{title}, low end", "Low end of its 95% interval; empty where the publisher gives no uncertainty."
        ),
        _figure(
            f"{name}_high", f"{title}, high end", "High end of its 95% interval; empty where the publisher gives no uncertainty."
        ),
    )


_KEY = True
_INDICATOR = _text("indicator", "Indicator", "Identifier of the indicator; see the table of indicators.", required=_KEY)
_MARK = "Shorthand where figures are absent: c confidential, x not available, z not applicable; u means low reliability."
_REFUSED = (
    _text("status", "Status", _MARK, same_as=_STATUS),
    _text(
        "refusal_code", "Reason code", "Stable code of the reason why nothing could be judged or measured; empty where it could."
    ),
    _text("refusal_reason", "Reason", "Why it could not be judged or measured."),
    _text("refusal_next", "What would allow it", "What data would lift the refusal."),
)

VERDICTS: tuple[Column, ...] = (
    _text("id", "Verdict", "Identifier of the verdict.", same_as=_IDENTIFIER, required=_KEY),
    _INDICATOR,
    _text("kind", "Kind", "districts (the fitted slope over all districts), district, cohort or county."),
    _text("comparison", "Comparison", "What is compared with what."),
    _text("place", "Place", "Code of the place the verdict is about.", same_as=_AREA),
    _text("lower_place", "Lower, place", "Code of the lower subject's place."),
    _text("lower_cohort", "Lower, group", "Key of the lower subject's group of people; all for everyone."),
    _text("lower_subject", "Lower subject", "What the lower subject is called."),
    _text("upper_place", "Upper, place", "Code of the upper subject's place."),
    _text("upper_cohort", "Upper, group", "Key of the upper subject's group of people; all for everyone."),
    _text("upper_subject", "Upper subject", "What the upper subject is called."),
    _text("window", "Window", "Name of the window of time."),
    _text("start", "Start", "Period at the start of the window, ISO 8601.", same_as=_PERIOD),
    _text("end", "End", "Period at the end of the window, ISO 8601.", same_as=_PERIOD),
    _text("word", "Verdict word", "The word the grammar of verdicts gives, an exact string.", required=_KEY),
    _text(
        "certainty",
        "Certainty",
        "established (probability at least 0.95), likely (at least 0.80) or not established, for this row alone.",
    ),
    _text(
        "certainty_adjusted",
        "Certainty, all verdicts allowed for",
        "The certainty that remains when all verdicts are allowed for together.",
    ),
    Column("probability", "Probability", "probability", "The smallest probability among the statements the word rests on."),
    _figure(
        "lower_level_start",
        "Lower, at the start",
        "Level of the lower subject at the start, in the indicator's unit as published.",
    ),
    _figure(
        "lower_level_end", "Lower, at the end", "Level of the lower subject at the end, in the indicator's unit as published."
    ),
    _figure(
        "upper_level_start",
        "Upper, at the start",
        "Level of the upper subject at the start, in the indicator's unit as published.",
    ),
    _figure(
        "upper_level_end", "Upper, at the end", "Level of the upper subject at the end, in the indicator's unit as published."
    ),
    _figure("gap_start", "Gap at the start", "Upper minus lower on the good scale at the start: bigger is worse."),
    _figure("gap_end", "Gap at the end", "Upper minus lower on the good scale at the end: bigger is worse."),
    *_interval("change_lower", "Change, lower", "Change of the lower subject on the good scale: above zero is better."),
    *_interval("change_upper", "Change, upper", "Change of the upper subject on the good scale: above zero is better."),
    *_interval("gap_change", "Change in the gap", "Below zero the gap narrowed, above zero it widened."),
    Column("share_from_below", "Share from below", "share", "Share of a narrowing that the lower subject's gain made up."),
    _texts("established", "Established statements", "Statements that hold with probability at least 0.95."),
    _text("order", "Order", "What fixed who is lower, independent of the outcome."),
    _text("method", "Method", "How the change and its uncertainty were worked out."),
    _texts("releases", "Releases", "Releases the figures come from; see the table of releases."),
    *_REFUSED,
    _text("sentence", "Sentence", "The verdict in words.", same_as=_DESCRIPTION),
)

STATEMENTS: tuple[Column, ...] = (
    _text("verdict", "Verdict", "Identifier of the verdict.", required=_KEY),
    _text("statement", "Statement", "Key of the statement.", required=_KEY),
    Column("probability", "Probability", "probability", "Probability that it is true, one-sided and alone."),
    Column("established", "Established", "boolean", "Whether that probability is at least 0.95."),
)

LOSERS: tuple[Column, ...] = (
    _text("verdict", "Verdict", "Identifier of the verdict that names the loss.", required=_KEY),
    _INDICATOR,
    _text("place", "Place", "Code of the subject's place.", same_as=_AREA),
    _text("cohort", "Group", "Key of the subject's group of people; all for everyone."),
    _text("subject", "Subject", "What the subject is called.", same_as=_NAME),
    _text("start", "Start", "Period at the start of the window, ISO 8601."),
    _text("end", "End", "Period at the end of the window, ISO 8601.", same_as=_PERIOD),
    *_interval("change", "Change", "Change on the good scale: below zero is worse."),
    Column(
        "probability",
        "Probability of a fall",
        "probability",
        "Probability that it truly is worse off; empty where no uncertainty is published.",
    ),
    _text("certainty", "Certainty", "established, likely or not established."),
)

MEASURES: tuple[Column, ...] = (
    _INDICATOR,
    _text("period", "Period", "Period measured, ISO 8601.", same_as=_PERIOD, required=_KEY),
    _text("measure", "Measure", "Name of the measure of inequality.", required=_KEY),
    _text("convention", "Convention", "Which of the literature's conventions was used."),
    _figure("value", "Value", "The measure on the good scale: bigger is worse.", same_as=_VALUE),
    _figure("se", "Standard error", "Its standard error; empty where it has none."),
    _figure("low", "Low end", "Low end of its interval; empty where the measure has no honest one."),
    _figure("high", "High end", "High end of its interval; empty where the measure has no honest one."),
    Column("confidence", "Confidence", "probability", "Confidence of the interval."),
    _text("method", "Method", "How the interval was made."),
    Column("subjects", "Subjects", "integer", "How many subjects it is measured over."),
    _texts("parameters", "Parameters", "Parameters as name=value."),
    _texts("also", "Further readings", "Values of the measure's second readings as name=value."),
    *_REFUSED,
)

OBSERVATIONS: tuple[Column, ...] = (
    _INDICATOR,
    _text("place", "Place", "Code of the place; see the table of places.", same_as=_AREA, required=_KEY),
    _text("cohort", "Group", "Key of the group of people; all for everyone.", required=_KEY),
    _text("period", "Period", "ISO 8601 date or interval.", same_as=_PERIOD, required=_KEY),
    _figure(
        "value", "Value", "The figure in the indicator's unit as published; empty where the status says why.", same_as=_VALUE
    ),
    _figure("lower", "Low end", "Low end of the published 95% interval."),
    _figure("upper", "High end", "High end of the published 95% interval."),
    _figure("numerator", "Numerator", "Count above the line, where published."),
    _figure("denominator", "Denominator", "Count below the line, where published."),
    _text("status", "Status", _MARK, same_as=_STATUS),
    _text("release", "Release", "Release the row comes from; see the table of releases.", same_as=_SOURCE, required=_KEY),
)

COVERAGE: tuple[Column, ...] = (
    _INDICATOR,
    _text("characteristic", "Characteristic", "Key of the characteristic; everyone for figures not broken down.", required=_KEY),
    _text("label", "Characteristic in words", "What the characteristic is called.", same_as=_NAME),
    Column("protected", "Protected by the Equality Act", "boolean", "Whether the Equality Act 2010 protects it."),
    Column("held", "Held", "boolean", "Whether any figure is held for the county or its districts."),
    Column("groups", "Groups", "integer", "How many groups of people have a figure."),
    Column("county_held", "Held for the county", "boolean", "Whether the county itself has a figure."),
    Column("districts_held", "Districts held", "integer", "How many of the districts have a figure."),
    _text("first_period", "First period", "Earliest period held, ISO 8601."),
    _text("latest_period", "Latest period", "Latest period held, ISO 8601."),
    Column("withheld", "Figures withheld", "integer", "How many figures the publisher left out or suppressed."),
    _text("status", "Status", _MARK, same_as=_STATUS),
)

INDICATORS: tuple[Column, ...] = (
    _text("id", "Indicator", "Identifier of the indicator.", same_as=_IDENTIFIER, required=_KEY),
    _text("name", "Name", "Its name.", same_as=_NAME, required=_KEY),
    _text("short_name", "Short name", "Its name where room is short."),
    _text("description", "Description", "What it measures.", same_as=_DESCRIPTION),
    _text("topic", "Topic", "The topic it stands under."),
    _text("unit", "Unit", "Unit of its figures."),
    _text("polarity", "Which way is good", "more-is-better, less-is-better or nearer-zero-is-better."),
    _figure("bound_low", "Lower bound", "The least value possible; empty where there is none."),
    _figure("bound_high", "Upper bound", "The greatest value possible; empty where there is none."),
    Column("saturates", "Saturates", "boolean", "Whether it has a ceiling that hides what happens at the top."),
    _text("partner", "Uncapped partner", "The indicator without a ceiling that stands beside it."),
    _text("partner_reason", "Why no partner", "Why no uncapped partner is published."),
    _text("uncertainty", "Uncertainty", "How its uncertainty is known: published-interval, counts or none."),
    _texts("cohorts", "Groups", "Keys of the groups of people it is published for."),
    _texts("levels", "Levels of place", "Levels of place it is published for."),
    _text("period_kind", "Kind of period", "How its publisher counts a year."),
    _texts("breaks", "Breaks in the series", "Dates from which it cannot be compared with what stands before, and why."),
    _figure("smallest_change", "Smallest change that matters", "In the indicator's unit; empty where nobody has stated one."),
    _text("smallest_change_reason", "Why that change", "Who says so and why."),
    _text("state", "State", "live, placeholder or annual-lag."),
    _text("source", "Source", "Title of the publication its figures come from.", same_as=_SOURCE),
    _text("publisher", "Publisher", "Who publishes it.", same_as=_PUBLISHER),
    _text("licence", "Licence", "On what terms its figures may be used again.", same_as=_LICENCE),
    _text("address", "Address", "Where its publisher has it on the web."),
    _texts("caveats", "Caveats", "What a reader must know before using it."),
    _texts("references", "References", "Where its definition is set out."),
)

PLACES: tuple[Column, ...] = (
    _text("code", "Code", "Government Statistical Service code.", same_as=_IDENTIFIER, required=_KEY),
    _text("name", "Name", "Its name.", same_as=_NAME, required=_KEY),
    _text("level", "Level", "Kind of place."),
    _text("role", "Role", "county, district, region, nation, neighbour or peer in this report."),
    _text("parent", "Lies in", "Code of the place it lies in."),
    Column("vintage", "Boundary year", "integer", "Year of the boundary it is drawn on."),
    _text("valid_from", "Valid from", "First day of the code."),
    _text("valid_to", "Valid to", "Last day of the code; empty while it is current."),
    _figure("population", "Population", "Latest mid-year estimate of persons."),
    _figure("deprivation", "Deprivation", "Score that orders the districts, used to order and never as an outcome."),
    Column("order", "Order", "integer", "Position among the districts, 1 the most deprived."),
)

RELEASES: tuple[Column, ...] = (
    _text("dataset", "Data set", "Name of the data set.", required=_KEY),
    _text("id", "Release", "Identifier of the release.", same_as=_IDENTIFIER, required=_KEY),
    _text("title", "Title", "Title of the published file or table.", same_as="http://purl.org/dc/terms/title"),
    _text("publisher", "Publisher", "Who published it.", same_as=_PUBLISHER),
    _text("licence", "Licence", "On what terms it may be used again.", same_as=_LICENCE),
    _text("attribution", "Attribution", "The acknowledgement the licence asks for."),
    _text("vintage", "Vintage", "Edition of the published file."),
    _text("imported", "Imported", "When it was read."),
    _text("sha256", "Hash", "SHA-256 of the file as read."),
    Column("rows", "Rows", "integer", "How many rows it holds."),
    _text("address", "Address", "Where it was published."),
)
