import os
import time

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="true"
import pytest
from playwright.sync_api import sync_playwright

from tests.factories import published_thread


@pytest.mark.parametrize("n",[1,2,3])
def test_x(live_server,n):
    t=time.time(); published_thread(); print("factory",time.time()-t)
    t=time.time()
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"])
        print(b.version,"launch",time.time()-t);t=time.time()
        page=b.new_page(); page.goto(live_server.url); print(page.title(),time.time()-t)
        from axe_playwright_python.sync_playwright import Axe
        for i in range(3):
            t=time.time(); r=Axe().run(page); print("axe",time.time()-t, r.generate_snapshot())
        b.close()
