"""Pages of documents: library, upload, the text beside what was read."""

from django.urls import path

from . import _files, _library, _review

urlpatterns = [
    path("", _library.library, name="library"),
    path("upload/", _library.upload, name="upload"),
    path("<slug:key>/", _review.document, name="document"),
    path("<slug:key>/read/", _library.read_again, name="read"),
    path("<slug:key>/finish/", _review.finish, name="finish"),
    path("<slug:key>/items/<int:pk>/", _review.item, name="item"),
    path("<slug:key>/items/<int:pk>/decide/", _review.decide, name="decide"),
    path("<slug:key>/reading.json", _files.as_json, name="json"),
    path("<slug:key>/items.xlsx", _files.excel, name="excel"),
    path("<slug:key>/text.txt", _files.text, name="text"),
    path("<slug:key>/original/", _files.original, name="original"),
]
