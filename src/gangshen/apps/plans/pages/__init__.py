"""Pages of plans: the list, a plan with its board, a task, a target, a unit's own."""

from django.urls import path

from . import _plans, _register, _targets, _tasks

urlpatterns = [
    path("", _plans.index, name="index"),
    path("mine/", _tasks.mine, name="mine"),
    path("tasks/", _plans.tasks, name="tasks"),
    path("targets/", _plans.targets, name="targets"),
    path("tasks/<str:key>/", _tasks.task, name="task"),
    path("tasks/<str:key>/follow-up/", _tasks.follow_up, name="follow_up"),
    path("tasks/<str:key>/report/", _tasks.report, name="report"),
    path("tasks/<str:key>/return/", _tasks.return_report, name="return"),
    path("tasks/<str:key>/accept/", _tasks.accept, name="accept"),
    path("tasks/<str:key>/assign/", _tasks.assign, name="assign"),
    path("tasks/<str:key>/slip.docx", _tasks.slip, name="slip"),
    path("tasks/<str:key>/close/", _tasks.close_out, name="close_out"),
    path("tasks/<str:key>/extend/", _tasks.extend, name="extend"),
    path("targets/<str:key>/", _targets.target, name="target"),
    path("targets/<str:key>/ask/", _register.ask, name="ask"),
    path("targets/<str:key>/query/", _register.query, name="query"),
    path("targets/<str:key>/firms.xlsx", _register.firms, name="firms"),
    path("<slug:key>/", _plans.plan, name="plan"),
    path("<slug:key>/instruct/", _plans.instruct, name="instruct"),
    path("<slug:key>/brief.docx", _plans.brief, name="brief"),
    path("<slug:key>/board.xlsx", _plans.excel, name="excel"),
]
