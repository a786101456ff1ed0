"""What happens without anybody pressing a button: messages leave, reminders are queued, deadlines pass.

The outbox in the database is the truth. huey only ticks once a minute and wakes a worker when a message was
written; a tick lost or run twice changes nothing.
"""

from __future__ import annotations

from booking.jobs.deliver import Delivered, deliver_messages
from booking.jobs.engine import init_app, run_worker
from booking.jobs.tick import Ticked, tick

__all__ = ["Delivered", "Ticked", "deliver_messages", "init_app", "run_worker", "tick"]
