"""Workdays: deadlines in 工作日, 日 and 个月 over dated holiday files; provisional beyond the last published year."""

from ._calendar import Calendar, Deadline
from ._files import CalendarError, Day, published_files, read_days

__all__ = ["Calendar", "CalendarError", "Day", "Deadline", "published_files", "read_days"]
