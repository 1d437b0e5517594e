"""What a first visit costs over the wire: every answer as our own server sends it (not compressed), headers counted."""

from playwright.sync_api import Browser, Response

from tests.stories.conftest import PHONE

HASHING = ("prints.js", "pdq.js", "windows.js", "worker.js", "canvas.js", "digest.js", "film.js", "frames.js")
LATER = """Promise.all([...document.querySelectorAll("#prints")].flatMap(({dataset}) => [dataset.film, dataset.frames])
  .map(address => fetch(address).then(answer => answer.text())))"""  # what is only asked for once a film is chosen


def weigh(browser: Browser, address: str) -> tuple[int, int]:
    """Bytes of one page in a browser that was never there: (the page, its look and its way out; all with the hashing)."""
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type]  # a ViewportSize by another name
    answers: list[Response] = []
    page = context.new_page()
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    page.evaluate(LATER)
    found = {answer.url: _bytes(answer) for answer in answers}
    hashing = sum(size for url, size in found.items() if url.partition("?")[0].endswith(HASHING))
    context.close()
    return sum(found.values()) - hashing, sum(found.values())


def _bytes(answer: Response) -> int:
    sizes = answer.request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
