"""What is missing: pure comparisons of what people were told with what Staydown and Plaza remember. Empty: nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tests.crashes.book import Book
from tests.crashes.reading import Page, Plaza, Staydown

MAKES = {"order.hold": "held", "order.release": "up", "order.remove": "removed", "order.restore": "up"}
LABELLING = {"order.label", "order.unlabel"}
UNSETTLED = ("waiting", "cleared")


def everything(book: Book, staydown: Staydown, plaza: Plaza, pages: Mapping[str, Page]) -> list[str]:
    """Every loss, each as a sentence."""
    return [
        *reports(book, staydown, pages),
        *decisions(book, staydown, pages),
        *other_words(book, staydown, plaza),
        *orders(staydown, plaza),
        *items(staydown, plaza),
        *bank(staydown, plaza),
        *promises(staydown),
        *journal(staydown),
        *book.troubles,
    ]


def reports(book: Book, staydown: Staydown, pages: Mapping[str, Page]) -> Iterator[str]:
    """Each receipt opens its page, with all its words; each report is one row, however often it was sent."""
    receipts = [told.receipt for told in book.reports]
    if len(set(receipts)) != len(receipts):
        yield "two reports got the same receipt"
    if len(receipts) != len(staydown.reports):
        yield f"{len(receipts)} reports were acknowledged, {len(staydown.reports)} are remembered"
    words = [(told.receipt, told.words) for told in book.reports if told.words] + book.added
    for receipt in receipts:
        if receipt not in pages or pages[receipt].status != 200:
            yield f"report lost: receipt {receipt} opens nothing"
    for receipt, said in words:
        if receipt in pages and said not in pages[receipt].words:
            yield f"words lost: {said!r} of {receipt}"


def decisions(book: Book, staydown: Staydown, pages: Mapping[str, Page]) -> Iterator[str]:
    """Each acknowledged decision stands as it was made, and everybody who reported reads its answer."""
    rows = {decision.case: decision for decision in staydown.decisions}
    read = Counter(answer for page in pages.values() for answer in set(page.answers))
    for said in book.decisions:
        row = rows.get(_id(said.case))
        if row is None:
            yield f"decision lost: {said.answer} of case {said.case}"
            continue
        rulings = {_id(item): ruling for item, ruling in said.rulings.items()}
        if rulings != row.lines:
            yield f"decision differs: case {said.case} has {dict(row.lines)}, told was {rulings}"
        if row.state == "made" and not read[said.answer] == row.answered == row.reports:
            yield f"answer lost: {read[said.answer]} read it, {row.answered} were answered, {row.reports} had reported"
    for case in map(_id, book.seconded):
        if case not in rows or rows[case].state != "made":
            yield f"second person's word lost: case {case}"
    yield from _carried_out(staydown)


def _carried_out(staydown: Staydown) -> Iterator[str]:
    """What a made decision rules is ordered, and an item to be put back was put back unless a later order hid it."""
    back = {order.item for order in staydown.orders if order.action in ("order.release", "order.restore")}
    removed = {order.item for order in staydown.orders if order.action == "order.remove"}
    holds = [order for order in staydown.orders if order.action == "order.hold"]
    for decision in staydown.decisions:
        held = {order.item for order in holds if order.written <= decision.made}  # later ones are of a later fact
        for item, ruling in decision.lines.items():
            if decision.state == "made" and ruling == "remove" and item not in removed:
                yield f"decision not carried out: item {item} was to be removed"
            if decision.state == "made" and ruling == "keep" and item in held - back - removed:
                yield f"decision not carried out: item {item} was to be put back"


def other_words(book: Book, staydown: Staydown, plaza: Plaza) -> Iterator[str]:
    """What else was acknowledged: posts, copies and held uploads answered, entries raised."""
    known = {post.id for post in plaza.posts} & {item.post for item in staydown.items}
    yield from (f"post lost: {post}" for post in book.posts if post not in known)
    answered = {order.item for order in staydown.orders if order.action in MAKES and order.action != "order.hold"}
    yield from (f"word on a copy lost: item {copy}" for copy in map(_id, book.copies) if copy not in answered)
    for check, word in book.uploads.items():
        if staydown.checks.get(_id(check), ("",))[:2] != ("resolved", word):
            yield f"word on a held upload lost: check {check}"
    blocking = {entry.row for entry in staydown.entries if entry.state == "blocking"}
    for entry in map(_id, book.raised):
        if entry not in blocking:
            yield f"second person's word on an entry lost: {entry}"


def _id(shown: str) -> str:
    """An id as pages show it, as `reading` has it."""
    return shown.replace("-", "")


def orders(staydown: Staydown, plaza: Plaza) -> Iterator[str]:
    """Every order reached Plaza, or a later one made it pointless; Plaza carried each out once, and no other."""
    at_plaza = {applied.order: applied for applied in plaza.applied}
    if len(at_plaza) != len(plaza.applied):
        yield "Plaza wrote an order down twice"
    posts = {item.row: item.post for item in staydown.items}
    for order in staydown.orders:
        there = at_plaza.pop(order.id, None)
        if order.state not in ("confirmed", "superseded"):
            yield f"order not delivered: {order.action} {order.id} is {order.state}"
        elif there is None and (order.state == "confirmed" or order.outcome):
            yield f"order confirmed, but never carried out: {order.action} {order.id}"
        elif there is None and not _has_successor(order.id, staydown):
            yield f"order dropped without a later one: {order.action} {order.id}"
        elif there and (there.action, there.item, there.check, there.sequence) != (
            order.action,
            posts.get(order.item or ""),
            order.check,
            order.sequence,
        ):
            yield f"order carried out as another one: {order.action} {order.id}"
        elif there and order.outcome and there.outcome != order.outcome:
            yield f"order {order.id} became {there.outcome} on Plaza, {order.outcome} here"
    yield from (f"Plaza carried out an order nobody gave: {order}" for order in at_plaza)
    yield from _applied_once(plaza)


def _has_successor(superseded: str, staydown: Staydown) -> bool:
    """Whether a later order of the same kind about the same item stands."""
    (order,) = (order for order in staydown.orders if order.id == superseded)
    kind = LABELLING if order.action in LABELLING else MAKES
    return any(
        later.item == order.item and later.action in kind and later.sequence > order.sequence
        for later in staydown.orders
    )


def _applied_once(plaza: Plaza) -> Iterator[str]:
    """Each post is what the orders that it applied, each once and in their order, make of it."""
    for post in plaza.posts:
        mine = sorted(
            (each for each in plaza.applied if each.item == post.id and each.outcome == "applied"),
            key=lambda each: each.sequence,
        )
        moved = [each for each in mine if each.action in MAKES]
        if len({each.sequence for each in mine}) != len(mine):
            yield f"two orders of one number were applied to {post.id}"
        if moved and (MAKES[moved[-1].action], moved[-1].sequence) != (post.state, post.sequence):
            yield f"post {post.id} is {post.state} ({post.sequence}) after {moved[-1].action}"
        elif not moved and post.sequence:
            yield f"post {post.id} has applied order {post.sequence}, which is not written down"


def items(staydown: Staydown, plaza: Plaza) -> Iterator[str]:
    """Staydown and Plaza agree on every post: its state, its label, its number; none is left half way."""
    posts = {post.id: post for post in plaza.posts}
    numbers: dict[str | None, list[int]] = {}
    for order in staydown.orders:
        numbers.setdefault(order.item, []).append(order.sequence)
    for item in staydown.items:
        post = posts.pop(item.post, None)
        if sorted(numbers.get(item.row, [])) != list(range(1, item.sequence + 1)):
            yield f"order lost: item {item.post} is at {item.sequence}, its orders are {numbers.get(item.row)}"
        if post is None:
            yield f"Plaza has no post {item.post}"
        elif post.state != item.state:
            yield f"post {post.id} is {post.state} on Plaza, {item.state} here"
        elif bool(post.label) != bool(item.labels):
            yield f"post {post.id} is labelled {post.label} on Plaza, {item.labels} here"
    for post in posts.values():  # never registered
        if post.state not in ("checking", "refused"):
            yield f"post {post.id} is {post.state} on Plaza, unknown here"
        yield from _stopped(post.id, post.state, staydown.checks.get(post.check or ""))


def _stopped(post: str, state: str, check: tuple[str, str, str] | None) -> Iterator[str]:
    """An upload that is no item: Plaza holds or refuses it as its check says."""
    stands = {
        "checking": [("pending", "", "hold")],
        "refused": [("resolved", "block", "hold"), ("answered", "", "block")],
    }
    if state in stands and check not in stands[state]:
        yield f"upload {post} is {state} on Plaza, its check is {check} here"


def bank(staydown: Staydown, plaza: Plaza) -> Iterator[str]:
    """What was decided down is banked and swept, and no copy of it is up that no person put back."""
    banked = {entry.motif for entry in staydown.entries if entry.state in ("holding", "blocking")}
    let_pass = {item.post for item in staydown.items if item.let_pass}
    motifs, posts = {post.id: post.motif for post in plaza.posts}, {item.row: item.post for item in staydown.items}
    for entry in staydown.entries:
        if entry.state in ("holding", "blocking") and not entry.swept:
            yield f"entry {entry.row} was never swept"
    for decision in staydown.decisions:
        for item, ruling in decision.lines.items():
            if decision.state == "made" and ruling == "remove" and motifs.get(posts.get(item, "")) not in banked:
                yield f"decided down, but not banked: item {item}"
    for post in plaza.posts:
        if post.state == "up" and post.motif in banked and post.id not in let_pass:
            yield f"a copy is up: post {post.id} of motif {post.motif}"


def promises(staydown: Staydown) -> Iterator[str]:
    """No promise was given up, none is left but the duties, and these are owed as ever."""
    if not any(promise.is_duty and not promise.ended for promise in staydown.promises):
        yield "no duty is owed any more"
    for promise in staydown.promises:
        if promise.gave_up:
            yield f"promise given up: {promise.task} {promise.key}"
        elif not promise.ended and not promise.is_duty:
            yield f"promise not kept: {promise.task} {promise.key}"


def journal(staydown: Staydown) -> Iterator[str]:
    """Each report, each decision made and each order has its entry."""
    for report in staydown.reports:
        if ("report.received", f"cases.report:{report}") not in staydown.journalled:
            yield f"journal entry lost: report {report}"
    for decision in staydown.decisions:
        if decision.state == "made" and ("case.decided", f"cases.case:{decision.case}") not in staydown.journalled:
            yield f"journal entry lost: decision of case {decision.case}"
    yield from _same([order.id for order in staydown.orders], staydown.ordered)


def _same(written: Sequence[str], journalled: Sequence[str]) -> Iterator[str]:
    there, said = Counter(written), Counter(journalled)
    yield from (f"journal entry lost: order {order}" for order in there - said)
    yield from (f"journalled, but no such order: {order}" for order in said - there)
