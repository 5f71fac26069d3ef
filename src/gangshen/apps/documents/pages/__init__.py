"""Pages of documents: library, upload, the text beside what was read."""

from django.urls import path

from . import _adding, _chain, _compare, _deciding, _files, _library, _review

urlpatterns = [
    path("", _library.library, name="library"),
    path("upload/", _library.upload, name="upload"),
    path("upload/<slug:key>/", _library.uploaded, name="uploaded"),
    path("search/", _library.search, name="search"),
    path("compare/", _compare.compare, name="compare"),
    path("compare/changes.xlsx", _compare.compare_excel, name="compare_excel"),
    path("compare/changes.docx", _compare.compare_word, name="compare_word"),
    path("compare/accept/", _compare.accept, name="compare_accept"),
    path("<slug:key>/", _review.document, name="document"),
    path("<slug:key>/propose/", _library.propose, name="propose"),
    path("<slug:key>/read/", _library.read_again, name="read"),
    path("<slug:key>/finish/", _deciding.finish, name="finish"),
    path("<slug:key>/items/new/", _adding.add, name="add"),
    path("<slug:key>/items/nothing-here/", _adding.nothing_here, name="nothing_here"),
    path("<slug:key>/items/settled/", _adding.settle, name="settle"),
    path("<slug:key>/items/<int:pk>/", _review.item, name="item"),
    path("<slug:key>/items/<int:pk>/decide/", _deciding.decide, name="decide"),
    path("<slug:key>/relations/", _chain.relate, name="relate"),
    path("<slug:key>/relations/<int:pk>/", _chain.unrelate, name="unrelate"),
    path("<slug:key>/status/", _chain.status, name="status"),
    path("<slug:key>/reading.json", _files.as_json, name="json"),
    path("<slug:key>/items.xlsx", _files.excel, name="excel"),
    path("<slug:key>/text.txt", _files.text, name="text"),
    path("<slug:key>/original/", _files.original, name="original"),
]
