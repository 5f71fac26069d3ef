"""Services of the ladder: the zone as of a day, counts as series, what is missing, coaching lists."""

from ._coaching import CASE, HEADS, Came, answered, coach, find, read_back
from ._counting import Counted, counted, counts, series_key, write_counts
from ._lists import Listed, Taken, take_list
from ._missing import Lacking, Outlook, conditions_of, facts_of, missing_words, outlook, title_words
from ._rows import count_row, firm_row, title_rows
from ._sheets import brief, coaching_brief, coaching_workbook, state_words, workbook
from ._survey import NEAR, Firm, Row, Survey, firm_alone, survey
from ._titles import keep, titles

__all__ = [
    "CASE",
    "HEADS",
    "NEAR",
    "Came",
    "Counted",
    "Firm",
    "Lacking",
    "Listed",
    "Outlook",
    "Row",
    "Survey",
    "Taken",
    "answered",
    "brief",
    "coach",
    "coaching_brief",
    "coaching_workbook",
    "conditions_of",
    "count_row",
    "counted",
    "counts",
    "facts_of",
    "find",
    "firm_alone",
    "firm_row",
    "keep",
    "missing_words",
    "outlook",
    "read_back",
    "series_key",
    "state_words",
    "survey",
    "take_list",
    "title_rows",
    "title_words",
    "titles",
    "workbook",
    "write_counts",
]
