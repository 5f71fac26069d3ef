"""Indicators and statistics: their addresses."""

from __future__ import annotations

from django.urls import path

from ._edit import edit, new
from ._files import excel, word
from ._public import TOTALS, open_data
from ._series import chart_of, indicators, series, vintages
from ._statistics import compare, firms, keep, statistic, statistics

__all__ = ["TOTALS", "chart_of", "urlpatterns"]

urlpatterns = [
    path("", indicators, name="indicators"),
    path("statistics/", statistics, name="statistics"),
    path("statistics/new/", new, name="statistic_new"),
    path("statistics/open.csv", open_data, name="open_data"),
    path("statistics/<slug:key>.xlsx", excel, name="statistic_excel"),
    path("statistics/<slug:key>.docx", word, name="statistic_word"),
    path("statistics/<slug:key>/", statistic, name="statistic"),
    path("statistics/<slug:key>/edit/", edit, name="statistic_edit"),
    path("statistics/<slug:key>/keep/", keep, name="statistic_keep"),
    path("statistics/<slug:key>/firms/", firms, name="statistic_firms"),
    path("statistics/<slug:key>/compare/", compare, name="statistic_compare"),
    path("<str:key>/", series, name="series"),
    path("<str:key>/<str:at>/", vintages, name="vintages"),
]
