"""The declarative listing: one declaration gives page, API, Excel, CSV and the command line of a list."""

from ._declare import LISTINGS, MAY, READ, SAVED, Action, Column, Filter, Listing, Saved, SavedViews, View
from ._files import as_csv, as_excel
from ._query import Condition, ListingError, Query
from ._result import Result, as_json, as_text, open_to, rows

__all__ = [
    "LISTINGS",
    "MAY",
    "READ",
    "SAVED",
    "Action",
    "Column",
    "Condition",
    "Filter",
    "Listing",
    "ListingError",
    "Query",
    "Result",
    "Saved",
    "SavedViews",
    "View",
    "as_csv",
    "as_excel",
    "as_json",
    "as_text",
    "open_to",
    "rows",
]
