"""Pages of the ladder: the zone, its firms, one firm, the titles, coaching lists."""

from django.urls import path

from . import _coaching, _ladder

urlpatterns = [
    path("", _ladder.index, name="index"),
    path("firms/", _ladder.firms, name="firms"),
    path("firms/<str:key>/", _ladder.firm, name="firm"),
    path("titles/", _ladder.titles, name="titles"),
    path("count/", _ladder.count, name="count"),
    path("ladder.xlsx", _ladder.excel, name="excel"),
    path("ladder.docx", _ladder.word_brief, name="word"),
    path("coaching/", _coaching.coaching, name="coaching"),
    path("coaching/new/", _coaching.new, name="new"),
    path("coaching/<slug:key>/", _coaching.list_, name="list"),
    path("coaching/<slug:key>.xlsx", _coaching.excel, name="list_excel"),
    path("coaching/<slug:key>.docx", _coaching.word_list, name="list_word"),
    path("coaching/<slug:key>/read/", _coaching.read, name="read"),
]
