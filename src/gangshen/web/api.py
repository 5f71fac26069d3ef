"""The root of the API: sessions and tokens, uniform errors, pages of results, the lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.pagination import PaginationBase
from ninja.security import HttpBearer, SessionAuth

from gangshen import __version__

from .errors import Refused
from .hookpoints import API_ROUTERS, HookPoint
from .listing import ListingError
from .listing.api import router as lists

__all__ = ["TOKEN_AUTH", "Paged", "build"]

# "token" -> (the token's text) -> its user, or None; identity registers it
TOKEN_AUTH: HookPoint[Callable[[str], Any]] = HookPoint("token check")


class TokenAuth(HttpBearer):
    """``Authorization: Bearer …``; the token's user becomes ``request.user``."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        user = TOKEN_AUTH.get("token")(token) if "token" in TOKEN_AUTH else None
        if user is not None:
            request.user = user
        return user


class Paged(PaginationBase):
    """``?page=2&size=100`` → ``{items, total, page, pages, size}``: ``@paginate(Paged)``."""

    items_attribute = "items"

    class Input(Schema):
        page: int = 1
        size: int = 50

    class Output(Schema):
        items: list[Any]
        total: int
        page: int
        pages: int
        size: int

    def paginate_queryset(
        self, queryset: QuerySet[Any] | list[Any], pagination: Input, request: HttpRequest, **params: Any
    ) -> dict[str, Any]:
        size = min(max(pagination.size, 1), 500)
        total = queryset.count() if isinstance(queryset, QuerySet) else len(queryset)
        pages = max(1, -(-total // size))
        page = min(max(pagination.page, 1), pages)
        items = queryset[(page - 1) * size : page * size]
        return {"items": items, "total": total, "page": page, "pages": pages, "size": size}


def build(namespace: str = "web:api") -> NinjaAPI:
    """The API with every registered router; called once, when addresses are first resolved."""
    api = NinjaAPI(
        title="Gangshen",
        version=__version__,
        description="The industry brain of an innovation zone: the same services as its pages.",
        docs=Swagger({"persistAuthorization": True}),
        auth=[TokenAuth(), SessionAuth()],
        urls_namespace=namespace,
    )
    api.add_router("/lists", lists, tags=["lists"])
    for prefix, router in API_ROUTERS.items():
        api.add_router(f"/{prefix.strip('/')}", router, tags=[prefix.strip("/")])
    _errors(api)
    return api


def _errors(api: NinjaAPI) -> None:
    """Every error is ``{"message", "remedy"}``, with ``fields`` where some are at fault."""

    def said(request: HttpRequest, status: int, message: str, remedy: str = "", **more: Any) -> HttpResponse:
        return api.create_response(request, {"message": message, "remedy": remedy, **more}, status=status)

    @api.exception_handler(Refused)
    def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return said(request, 422 if isinstance(error, ListingError) else 409, error.message, error.remedy)

    @api.exception_handler(AuthenticationError)
    def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return said(request, 401, _("Not logged in."), _("Send a token as “Authorization: Bearer …”, or log in."))

    @api.exception_handler(PermissionDenied)
    def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return said(request, 403, _("Not open to your role."), _("Ask the security administrator for the role."))

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return said(request, 404, _("There is no such thing, or it is not open to your role."))

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = [{"field": ".".join(map(str, one["loc"])), "message": one["msg"]} for one in error.errors]
        return said(request, 422, _("Some fields can't be read."), _("Correct the fields named."), fields=fields)

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return said(request, error.status_code, str(error))
