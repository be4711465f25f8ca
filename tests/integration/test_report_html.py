"""causeway lint --format html in a headless Chromium, and --format dot through Graphviz.

Screenshots are left in $CAUSEWAY_SCREENSHOTS when it is set: for people to look at.
"""
import os
import pathlib
import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

import browser
from peers import LIMIT, SOURCE
from programs import causeway

CONFLICTED = SOURCE / "conf" / "conflicted" / "causeway.yaml"
HYBRID = SOURCE / "conf" / "hybrid.yaml"
REQUIRED = os.environ.get("CAUSEWAY_BROWSER") == "required"

# Ids and data of someone who would like to run something.  The zone file's backslashes are
# its own.
HOSTILE = r'''
vpcs:
  - {id: vpc-a, region: eu-west-1, cidr_blocks: [10.0.0.0/16], enable_dns_hostnames: true}
  - {id: vpc-b, region: eu-west-1, cidr_blocks: [10.1.0.0/16], enable_dns_hostnames: true}
vpc_peering_connections:
  - {id: pcx-1, requester: {vpc: vpc-a}, accepter: {vpc: vpc-b}, status: active}
hosted_zones:
  - id: Z1
    name: evil.example
    vpcs: [vpc-a]
    record_sets:
      - {name: evil.example, type: TXT, ttl: 60, values: ['"</style><script>document.title=1</script>"']}
      - {name: '\074img\040src\075x\040onerror\075alert\0501\051\076.evil.example', type: A, ttl: 60, values: [10.0.0.1]}
      - {name: 'q\042\047\046lt.evil.example', type: A, ttl: 60, values: [10.0.0.1]}
      - {name: 'c\000\033\177.evil.example', type: TXT, ttl: 60, values: ['"\001\033[31m"']}
      - {name: mail.evil.example, type: TXT, ttl: 60, values: ['"--> ]]> javascript:alert(1)"']}
  - id: Z2
    name: evil.example
    vpcs: [vpc-b]
    record_sets:
      - {name: evil.example, type: TXT, ttl: 60, values: ['"<svg onload=alert(1)>"']}
'''

def need_browser():
    if browser.PROGRAM is None:
        assert not REQUIRED, "no Chromium, and contrib/test wants it"
        pytest.skip("no Chromium (Debian's package chromium)")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    need_browser()
    program = browser.Browser(tmp_path_factory.mktemp("chromium"))
    yield program
    program.close()


def report(directory, estate, code=(0, 1), output="html"):
    path = directory / f"report.{output}"
    result = causeway("lint", "--format", output, estate)
    assert result.code in code, result.text
    path.write_text(result.out)
    return path


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    made = {}
    for name, estate in (("conflicted", CONFLICTED), ("hybrid", HYBRID)):
        made[name] = report(tmp_path_factory.mktemp(name), estate)
    return made


@pytest.fixture
def hostile(tmp_path):
    estate = tmp_path / 'a"><b onclick=x>&.yaml'
    estate.write_text(HOSTILE)
    return estate


class Outline(HTMLParser):
    """What is wrong with a page that a parser can see."""
    VOID = {"meta", "col", "br", "link", "img", "input", "base"}

    def __init__(self):
        super().__init__()
        self.open, self.faults, self.tags, self.ids, self.links = [], [], set(), [], []
        self.attributes = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src"):
                self.links.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append((tag, self.getpos()))


def outline(path):
    page = Outline()
    page.feed(path.read_text())
    assert not page.faults and not page.open, page.faults or page.open
    return page


@pytest.mark.parametrize("name", ["conflicted", "hybrid"])
def test_a_page_is_sound_and_refers_to_nothing_outside(reports, name):
    page = outline(reports[name])
    assert len(page.ids) == len(set(page.ids))
    assert page.links and all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)
    assert not page.attributes & {"style", "src"}
    assert not [name for name in page.attributes if name.startswith("on")]
    assert page.tags <= {
        "html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "h2",
        "h3", "p", "a", "ul", "ol", "li", "b", "code", "div", "span", "table", "caption",
        "thead", "tbody", "tr", "th", "td", "colgroup", "col", "dl", "dt", "dd", "button",
        "output", "script", "svg", "g", "path", "rect", "circle", "text"}


@pytest.mark.parametrize("width", [1280, 600])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
@pytest.mark.parametrize("name", ["conflicted", "hybrid"])
def test_a_page_shows_without_asking_for_anything(chromium, reports, name, scripts, dark, width,
                                                  tmp_path):
    page = browser.Page(chromium, reports[name], width=width, dark=dark, scripts=scripts)
    kept = os.environ.get("CAUSEWAY_SCREENSHOTS")
    place = pathlib.Path(kept) if kept else tmp_path
    place.mkdir(exist_ok=True)
    picture = place / "-".join([name, str(width), "dark" if dark else "light",
                                "scripts.png" if scripts else "plain.png"])
    page.screenshot(picture)

    assert page.asked_for() == []
    assert page.complaints() == []
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 20_000
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", ground))) < 200) == dark
    assert page.evaluate("document.querySelector('.filter').hidden") is not scripts
    assert page.evaluate("[...document.querySelectorAll('#findings tbody tr')]"
                         ".every(row => !row.hidden)")
    # no box lies on another, and no writing leaves its box
    assert page.evaluate("""(() => {
        const boxes = [...document.querySelectorAll('.node')].map(n => [
            n.querySelector('.box').getBoundingClientRect(),
            ...[...n.querySelectorAll('.label, .note')].map(t => t.getBoundingClientRect())]);
        return boxes.filter(([b, ...texts], i) =>
            texts.some(t => t.left < b.left || t.right > b.right + 1) ||
            boxes.some(([c], k) => k > i && b.left < c.right && c.left < b.right &&
                                   b.top < c.bottom && c.top < b.bottom)).length;
    })()""") == 0


def test_a_click_filters_the_findings(chromium, reports):
    page = browser.Page(chromium, reports["conflicted"])
    shown = ("[...document.querySelectorAll('#findings tbody tr')].filter(r => !r.hidden)"
             ".map(r => r.dataset.code)")
    everything = page.evaluate(shown)

    page.evaluate("document.querySelector('button[data-value=ZON101]').click()")
    assert set(page.evaluate(shown)) == {"ZON101"}
    page.evaluate("document.querySelector('.filter button').click()")
    assert page.evaluate(shown) == everything
    page.evaluate("document.querySelector('button[data-value=note]').click()")
    assert set(page.evaluate(shown)) < set(everything)
    page.evaluate("document.querySelector('button[data-value=note]').click()")
    assert page.evaluate(shown) == everything
    page.evaluate("""[...document.querySelectorAll('.node')].find(n =>
        n.querySelector('.note').textContent === 'zone Z0CREW')
        .dispatchEvent(new MouseEvent('click'))""")
    assert page.evaluate(shown) == ["PRE201"]
    assert "about crew.quay.example" in page.evaluate(
        "document.querySelector('.filter output').textContent")


def test_a_loop_is_drawn_with_its_steps_in_order(chromium, reports):
    page = browser.Page(chromium, reports["conflicted"], scripts=False)
    assert page.evaluate("[...document.querySelectorAll('.step text')]"
                         ".map(t => t.textContent).sort()") == ["A1", "B1", "B2"]
    assert page.evaluate("document.querySelectorAll('.map .edge.loop').length") == 3 + 6
    steps = page.evaluate("[...document.querySelectorAll('.loop-steps')]"
                          ".map(s => [...s.querySelectorAll('li b')].map(b => b.textContent))")
    assert steps == [["rslvr-rr-depot", "rslvr-in-hub"],
                     ["rslvr-rr-berth-app", "rslvr-in-data", "rslvr-rr-berth-data",
                      "rslvr-in-app"]]


def test_zones_that_overlap_stand_side_by_side(chromium, reports):
    page = browser.Page(chromium, reports["conflicted"], scripts=False)
    rows = page.evaluate("[...document.querySelector('.tree').querySelectorAll('tbody tr')]"
                         ".map(r => [...r.children].map(c => c.textContent))")
    assert rows == [["local.quay.example", "", "", ""],
                    ["cache", "= alike", "A 10.3.1.50", "A 10.3.1.50"],
                    ["db", "≠ differs", "A 10.1.30.11", "A 10.2.10.5"]]


def test_hostile_data_is_inert_in_html(chromium, hostile, tmp_path):
    path = report(tmp_path, hostile)
    page = outline(path)
    assert "img" not in page.tags and "onload" not in page.attributes
    assert "onclick" not in page.attributes
    text = path.read_text()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text)
    assert text.count("<script>") == 1 and text.count("</style>") == 1

    shown = browser.Page(chromium, path)
    assert shown.asked_for() == []
    assert shown.complaints() == []
    assert shown.evaluate("document.title").startswith("DNS conflicts")
    assert shown.evaluate("document.querySelectorAll('script').length") == 1
    assert "<script>document.title=1</script>" in shown.evaluate("document.body.textContent")


def test_the_policy_of_the_page_lets_nothing_else_run(chromium, reports, tmp_path):
    """Should markup ever get through, it does not run."""
    text = reports["hybrid"].read_text()
    path = tmp_path / "changed.html"
    path.write_text(text.replace("<main>", "<main><script>document.title='ran'</script>"
                                 "<b onclick=\"document.title='ran'\" id=b>x</b>"
                                 "<img src=https://example.org/x.png>"))
    page = browser.Page(chromium, path)
    page.evaluate("document.getElementById('b').click()")
    assert page.evaluate("document.title") != "ran"
    assert not [e for e in page.events("Network.responseReceived")
                if "example.org" in e["response"]["url"]]
    assert page.complaints()


def test_a_map_of_a_large_estate_is_folded(chromium, tmp_path):
    estate = tmp_path / "large.yaml"
    lines = ["vpcs:"]
    lines += [f"  - {{id: vpc-{i}, region: eu-west-1, cidr_blocks: [10.{i // 256}.{i % 256}.0/24],"
              " enable_dns_hostnames: true}" for i in range(1000)]
    lines += ["hosted_zones:"]
    for i in range(1000):
        lines += [f"  - id: Z{i}", f"    name: z{i}.example", f"    vpcs: [vpc-{i}]",
                  f"    record_sets: [{{name: a.z{i}.example, type: A, ttl: 60, "
                  f"values: [10.0.0.1]}}]"]
    estate.write_text("\n".join(lines) + "\n")
    page = browser.Page(chromium, report(tmp_path, estate))
    assert page.evaluate("document.querySelectorAll('.node').length") <= 150
    assert page.evaluate("document.querySelector('.map').getBoundingClientRect().height") < 8000
    names = page.evaluate("[...document.querySelectorAll('.node .label')]"
                          ".map(l => l.textContent).filter(t => /VPCs$/.test(t))")
    assert names == ["965 VPCs"]


def check_dot(text):
    """Every line is of a known form, its strings closed: what no Graphviz is needed for."""
    string = r'"(?:[^"\\\n]|\\.)*"'
    value = rf'(?:{string}|[#\w.]+)'
    attributes = rf"\[\w+={value}(?:, \w+={value})*\]"
    for line in text.splitlines():
        assert re.fullmatch(rf"digraph causeway {{|  {{|  }}|}}|    rank=same;|"
                            rf"  \w+={value};|  (?:node|edge) {attributes};|"
                            rf"    n\d+_\d+ {attributes};|"
                            rf"  n\d+_\d+ -> n\d+_\d+ {attributes};", line), line


@pytest.mark.parametrize("name", ["conflicted", "hybrid", "hostile"])
def test_dot_is_drawn_by_graphviz(name, hostile, tmp_path):
    estate = {"conflicted": CONFLICTED, "hybrid": HYBRID, "hostile": hostile}[name]
    path = report(tmp_path, estate, output="dot")
    check_dot(path.read_text())
    if shutil.which("dot"):
        drawn = subprocess.run(["dot", "-Tsvg", path], capture_output=True, text=True,
                               timeout=LIMIT, check=True)
        assert drawn.stderr == "" and "</svg>" in drawn.stdout
