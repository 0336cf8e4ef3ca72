"""django-post_office: its queue in SQLite, rendered on delivery, sent by its threads, one for each connection."""

from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from speed.stopwatch import Order, Stopwatch, timed

order = Order.given()
people, texts = order.read_people(), order.read_texts()
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": Path(order.folder, "queue.db")}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True},
        {
            "BACKEND": "post_office.template.backends.post_office.PostOfficeTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": []},
        },
    ],
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=order.port,
    USE_TZ=True,
    POST_OFFICE={"BATCH_SIZE": 1000, "THREADS_PER_PROCESS": order.connections},
)
django.setup()
call_command("migrate", verbosity=0)

from post_office import mail  # noqa: E402  Django is set up first
from post_office.models import STATUS, Email, EmailTemplate  # noqa: E402

template = EmailTemplate.objects.create(
    name="invitation", subject=texts["subject"], content=texts["text"], html_content=texts["html"]
)
mail.send_many(
    [
        {
            "recipients": person["email"],
            "sender": texts["sender"],
            "template": template,
            "context": person,
            "render_on_delivery": True,
        }
        for person in people
    ]
)


def send(_watch: Stopwatch) -> dict[str, dict[str, int]]:
    mail.send_queued_mail_until_done(lockfile=str(Path(order.folder, "lock")))
    sent = Email.objects.filter(status=STATUS.sent).count()
    return {"states": {"sent": sent, "other": order.count - sent}}


timed(send)
