"""The studio over HTTP: files in and out byte for byte, saved on what was edited, and every question that it asks."""

import hashlib
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count
from zipfile import ZipFile

import httpx
import pytest

from processes.studio import archive
from tests.api.company import PASSWORD, Company, opened

SignIn = Callable[[str], httpx.Client]
JSON = {"accept": "application/json"}
# A byte order mark, CRLF, no end of line; XML in another encoding; no text at all.
BYTES = {
    "marked.bpmn": b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<a/>',
    "national.dmn": '<?xml version="1.0" encoding="GB18030"?>\n<a n="离职"/>'.encode("gb18030"),
    "wide.bpmn": '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16"),
    "none.form": bytes(range(256)),
    "scenarios.yaml": b"process: a\r\n",
}
HOSTILE = b'<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><html xmlns="http://www.w3.org/1999/xhtml"><script>1</script></html>'


def tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()}"'


NAMES = (f"项目 {number}" for number in count())


@pytest.fixture(scope="module")
def company(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(server, template, tmp_path_factory.mktemp("home")) as found:
        yield found


@pytest.fixture(scope="module")
def sign_in(company: Company) -> Iterator[SignIn]:
    """Signs someone in, once each; their client sends the CSRF token that their pages carry."""
    clients: dict[str, httpx.Client] = {}

    def signed_in(login: str) -> httpx.Client:
        if login not in clients:
            client = httpx.Client(base_url=company.site.base_url, headers={"accept-language": "zh-CN"}, trust_env=False)
            clients[login] = client
            assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
            client.headers["x-csrf-token"] = client.get("/me").text.split('data-csrf="')[1].split('"')[0]
        return clients[login]

    yield signed_in
    for client in clients.values():
        client.close()


@pytest.fixture
def designer(sign_in: SignIn) -> httpx.Client:
    return sign_in("role.designer")


@pytest.fixture
def project(designer: httpx.Client) -> str:
    """The address of a project with a small process."""
    answer = designer.post("/studio", data={"name": next(NAMES)})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def put(client: httpx.Client, project: str, name: str, content: bytes, on: bytes | None = None) -> httpx.Response:
    headers = JSON | ({"if-none-match": "*"} if on is None else {"if-match": tag(on)})
    return client.put(f"{project}/files/{name}/content", content=content, headers=headers)


def first(client: httpx.Client, project: str) -> str:
    """The name of the file that a project began with."""
    found = re.search(r'/files/([^"/]+\.bpmn)"', client.get(project).text)
    assert found is not None
    return found[1]


def test_a_designer_begins_in_the_studio_and_others_where_they_work(company: Company, sign_in: SignIn) -> None:
    for login, page in (("role.designer", "/studio"), ("role.hr", "/inbox"), ("role.admin", "/inbox")):
        answer = company.site.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.headers["location"] == page
    assert 'href="/studio"' in sign_in("role.admin").get("/inbox").text
    assert 'href="/studio"' not in sign_in("role.hr").get("/inbox").text
    assert sign_in("role.hr").get("/studio").status_code == 403


@pytest.mark.parametrize("name", BYTES)
def test_what_is_uploaded_is_downloaded_byte_for_byte(designer: httpx.Client, project: str, name: str) -> None:
    content = BYTES[name]
    sent = designer.post(f"{project}/upload", files=[("files", (name, content, "text/html"))])
    assert sent.status_code == 303, sent.text
    answer = designer.get(f"{project}/files/{name}/content")
    assert (answer.content, answer.headers["etag"]) == (content, tag(content))
    with ZipFile(BytesIO(designer.get(f"{project}/archive.zip").content)) as packed:
        assert packed.read(name) == content
    assert designer.get(f"{project}/files/{name}/revisions/1").content == content


def test_a_file_is_never_shown_as_a_page(designer: httpx.Client, project: str) -> None:
    assert put(designer, project, "evil.bpmn", HOSTILE).status_code == 200
    for rest in ("content", "revisions/1"):
        answer = designer.get(f"{project}/files/evil.bpmn/{rest}")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers.get_list("content-security-policy")[0]


def test_a_save_on_an_older_state_is_told_and_kept(sign_in: SignIn, designer: httpx.Client, project: str) -> None:
    put(designer, project, "a.dmn", b"<first/>")
    done = put(sign_in("role.admin"), project, "a.dmn", b"<theirs/>", on=b"<first/>")
    assert (done.status_code, done.json()["revision"]) == (200, 2)
    refused = put(designer, project, "a.dmn", b"<mine/>", on=b"<first/>")
    assert refused.status_code == 409
    told = refused.json()
    assert told["current"]["digest"] == done.json()["digest"]
    assert told["current"]["changedBy"] in told["detail"]
    assert designer.get(f"{project}/files/a.dmn/content").content == b"<theirs/>"
    assert designer.get(f"{project}/files/a.dmn/asides/{told['aside']}").content == b"<mine/>"
    page = designer.get(f"{project}/files/a.dmn/compare?before=aside-{told['aside']}&after=now").text
    shown = re.search(r'<tr class="removed">.*?<td class="text">(.*?)</td>', page)
    assert shown is not None
    assert re.sub("<[^>]*>", "", shown[1]) == "&lt;mine/&gt;"
    assert f"aside-{told['aside']}" in designer.get(f"{project}/files/a.dmn/history").text


def test_saving_tells_what_it_needs(designer: httpx.Client, project: str) -> None:
    unsaid = designer.put(f"{project}/files/a.dmn/content", content=b"<a/>", headers=JSON)
    assert (unsaid.status_code, "If-Match" in unsaid.json()["detail"]) == (422, True)
    assert put(designer, project, "a.exe", b"MZ").status_code == 422
    assert put(designer, project, "a.dmn", b"").status_code == 422
    assert put(designer, project, "a.dmn", b"x" * (4 * 1024 * 1024 + 1)).status_code == 422
    assert put(designer, project, "a.dmn", b"x" * (9 * 1024 * 1024)).status_code == 413
    assert put(designer, "/studio/77", "a.dmn", b"<a/>").status_code == 404
    gone = put(designer, project, "a.dmn", b"<a/>", on=b"<b/>")
    assert (gone.status_code, gone.json()["current"]) == (409, None)


def test_a_comment_makes_a_revision_that_can_be_gone_back_to(designer: httpx.Client, project: str) -> None:
    put(designer, project, "a.form", b'{"id": "a"}')
    address = f"{project}/files/a.form"
    for content, on, comment in ((b'{"id": "b"}', b'{"id": "a"}', "加一项"), (b'{"id": "c"}', b'{"id": "b"}', "")):
        answer = designer.put(
            f"{address}/content", params={"comment": comment}, content=content, headers={"if-match": tag(on)}
        )
        assert answer.status_code == 200
    page = designer.get(f"{address}/history").text
    assert "加一项" in page
    assert "修订 3" in page
    assert 'class="added"' in designer.get(f"{address}/compare?before=1&after=3").text
    assert "修订 1" in designer.get(f"{address}/revisions/1/restore").text
    stale = designer.post(f"{address}/revisions/1/restore", data={"digest": tag(b"old").strip('"')})
    assert stale.status_code == 409
    now = hashlib.sha256(b'{"id": "c"}').hexdigest()
    done = designer.post(f"{address}/revisions/1/restore", data={"digest": now, "comment": "回到最初"})
    assert done.status_code == 303
    assert designer.get(f"{address}/content").content == b'{"id": "a"}'


def test_models_are_compared_in_words_and_drawn(designer: httpx.Client, project: str) -> None:
    name = first(designer, project)
    before = designer.get(f"{project}/files/{name}/content").content
    after = before.replace("第一步".encode(), "面谈".encode())
    assert put(designer, project, name, after, on=before).status_code == 200
    page = designer.get(f"{project}/files/{name}/compare").text
    assert "<del>第一步</del> → <ins>面谈</ins>" in page
    drawn = designer.get(f"{project}/files/{name}/diagrams?before=1&after=now").json()
    assert drawn["after"]["marks"] == {"step": "changed"}
    assert "面谈" in drawn["after"]["xml"]
    assert designer.get(f"{project}/files/{name}/compare?before=deployed").status_code == 404
    assert designer.get(f"{project}/files/{name}/compare?before=99999").status_code == 404


def clashing(client: httpx.Client, project: str) -> tuple[str, dict[str, str]]:
    """Upload over a file that is there: the question that comes, and what an answer has to send."""
    files = [("files", ("a.dmn", b"<new/>")), ("files", ("b.dmn", b"<b/>"))]
    page = client.post(f"{project}/upload", files=files, headers={"hx-request": "true"})
    assert page.status_code == 200
    return page.text, dict(re.findall(r'name="(digest-\d+)" value="(\w+)"', page.text))


@pytest.mark.parametrize(
    ("choice", "files"),
    [
        ("leave", {"a.dmn": b"<old/>", "b.dmn": b"<b/>"}),
        ("replace", {"a.dmn": b"<new/>", "b.dmn": b"<b/>"}),
        ("copy", {"a.dmn": b"<old/>", "a-2.dmn": b"<new/>", "b.dmn": b"<b/>"}),
    ],
)
def test_it_is_asked_where_a_file_is_there_already(
    designer: httpx.Client, project: str, choice: str, files: dict[str, bytes]
) -> None:
    put(designer, project, "a.dmn", b"<old/>")
    page, sent = clashing(designer, project)
    assert "a.dmn" in page
    assert "b.dmn" not in page
    key = next(iter(sent)).partition("-")[2]
    decided = designer.post(f"{project}/upload/decided", data={**sent, f"file-{key}": choice})
    assert decided.status_code == 303, decided.text
    packed = designer.get(f"{project}/archive.zip").content
    found = {file.name: file.content for file in archive.unpack(packed) if file.name.endswith(".dmn")}
    assert found == files
    assert "未保存" not in designer.get(f"{project}/files/a.dmn/history").text


def test_what_changed_while_it_was_asked_is_not_overwritten(designer: httpx.Client, project: str) -> None:
    put(designer, project, "a.dmn", b"<old/>")
    _, sent = clashing(designer, project)
    put(designer, project, "a.dmn", b"<meanwhile/>", on=b"<old/>")
    key = next(iter(sent)).partition("-")[2]
    refused = designer.post(f"{project}/upload/decided", data={**sent, f"file-{key}": "replace"}, headers=JSON)
    assert refused.status_code == 409
    assert designer.get(f"{project}/files/a.dmn/content").content == b"<meanwhile/>"


def test_zips_are_unpacked_and_hostile_ones_refused(designer: httpx.Client, project: str) -> None:
    made = BytesIO()
    with ZipFile(made, "w") as packed:
        packed.writestr("family/a.dmn", b"<a/>")
        packed.writestr("family/README.md", b"# a")
    sent = designer.post(f"{project}/upload", files=[("files", ("all.zip", made.getvalue()))])
    assert sent.status_code == 303
    assert designer.get(f"{project}/files/a.dmn/content").content == b"<a/>"
    with ZipFile(made, "a") as packed:
        packed.writestr("../evil.dmn", b"<a/>")
    refused = designer.post(f"{project}/upload", files=[("files", ("all.zip", made.getvalue()))], headers=JSON)
    assert refused.status_code == 400
    assert "../evil.dmn" in refused.json()["detail"]


def test_a_project_is_made_of_what_is_deployed_of_files_or_of_another(company: Company, designer: httpx.Client) -> None:
    assert "offboarding" in designer.get("/studio/new").text
    deployed = designer.post("/studio", data={"name": "离职", "source": "process offboarding"}).headers["location"]
    with company.house.database.transaction() as unit:
        (content,) = unit.one(
            "select r.content from definition d join resource r on r.key = d.resource_key where d.id = 'offboarding'"
        )
    assert designer.get(f"{deployed}/files/offboarding.bpmn/content").content == bytes(content)
    page = designer.get(deployed).text
    assert page.count('class="chip ok"') >= 20  # each as it is deployed
    assert 'class="chip info"' not in page
    copied = designer.post("/studio", data={"name": "离职副本", "source": f"project {deployed.rpartition('/')[2]}"})
    assert designer.get(copied.headers["location"]).text.count('class="chip ok"') == page.count('class="chip ok"')
    brought = designer.post("/studio", data={"name": "带来的"}, files=[("files", ("x.form", b"{}"))])
    assert designer.get(f"{brought.headers['location']}/files/x.form/content").content == b"{}"
    taken = designer.post("/studio", data={"name": "离职"}, headers=JSON)
    assert (taken.status_code, "离职" in taken.json()["detail"]) == (409, True)
    assert designer.post("/studio", data={"name": " "}, headers=JSON).status_code == 400
    assert designer.post("/studio", data={"name": "没有", "source": "process nothing"}, headers=JSON).status_code == 404


def test_files_are_made_renamed_removed_and_brought_back(designer: httpx.Client, project: str) -> None:
    made = designer.post(f"{project}/new", data={"kind": "dmn", "called": "notice"})
    assert made.headers["location"] == f"{project}/files/notice.dmn"
    assert designer.post(f"{project}/new", data={"kind": "dmn", "called": "notice"}).status_code == 409
    assert "notice.dmn" in designer.get(f"{project}/files/notice.dmn/rename").text
    renamed = designer.post(f"{project}/files/notice.dmn/rename", data={"called": "期限.dmn"})
    assert renamed.status_code == 303
    assert designer.get(f"{project}/files/notice.dmn/content").status_code == 404
    address = f"{project}/files/期限.dmn"
    content = designer.get(f"{address}/content").content
    assert designer.post(f"{address}/remove", data={"digest": "0"}).status_code == 409
    question = designer.get(f"{address}/remove").text
    assert hashlib.sha256(content).hexdigest() in question
    assert designer.post(f"{address}/remove", data={"digest": tag(content).strip('"')}).status_code == 303
    page = designer.get(project).text
    key = re.search(r"/removed/(\d+)", page)
    assert key is not None
    assert designer.post(f"{project}/removed/{key[1]}").status_code == 303
    assert designer.get(f"{address}/content").content == content
    assert designer.delete(f"{address}/content", headers={"if-match": tag(b"other")}).status_code == 409
    assert designer.delete(f"{address}/content", headers={"if-match": tag(content)}).status_code == 204


def test_a_project_is_renamed_removed_and_brought_back(designer: httpx.Client, project: str) -> None:
    assert designer.post(f"{project}/rename", data={"called": "面谈计划"}).status_code == 303
    assert "面谈计划" in designer.get(f"{project}/remove").text
    assert designer.post(f"{project}/remove").status_code == 303
    assert designer.get(project).status_code == 404
    assert f"{project}/bring-back" in designer.get("/studio").text
    assert designer.post(f"{project}/bring-back").status_code == 303
    assert "面谈计划" in designer.get(project).text


def test_every_change_is_in_the_audit_log(
    company: Company, sign_in: SignIn, designer: httpx.Client, project: str
) -> None:
    put(designer, project, "a.dmn", b"<a/>")
    put(designer, project, "a.dmn", b"<b/>", on=b"<a/>")
    designer.post(f"{project}/files/a.dmn/rename", data={"called": "b.dmn"})
    designer.post(f"{project}/remove")
    with company.house.database.transaction() as unit:
        rows = unit.all(
            "select operation, actor, data ->> 'file' from audit where entity = 'PROJECT' and entity_key = %s"
            " order by key",
            (int(project.rpartition("/")[2]),),
        )
    assert rows == [
        ("CREATE", "role.designer", None),
        ("CREATE", "role.designer", "a.dmn"),
        ("UPDATE", "role.designer", "a.dmn"),
        ("UPDATE", "role.designer", "b.dmn"),
        ("DELETE", "role.designer", None),
    ]
    page = sign_in("role.admin").get("/admin/audit?what=PROJECT").text
    assert "在设计中删除项目或文件" in page
