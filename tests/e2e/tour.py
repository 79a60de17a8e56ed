"""Every page of the product: who opens it, and at which address. What is no page says why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """A page as somebody opens it. `{case}` and the like are places of `tests.e2e.premises`; `shows` is what has to be
    there before it is looked at: a form, a diagram.
    """

    login: str
    path: str
    shows: str = "h1"


FORM, DIAGRAM = ".fjs-form", ".djs-container svg"
NOBODY = ""

PAGES: dict[str, tuple[Stop, ...]] = {
    "pages.login": (Stop(NOBODY, "/login"),),
    "pages.about": (Stop(NOBODY, "/about"), Stop("hr", "/about")),
    "pages.verify_start": (Stop(NOBODY, "/verify"),),
    "pages.verify": (Stop(NOBODY, "/verify/{code}"), Stop(NOBODY, "/verify/nothing")),
    "pages.inbox": (
        Stop("hr", "/inbox", "a.row"),
        Stop("hr", "/inbox?tab=group", "a.row"),
        Stop("{employee}", "/inbox?tab=done"),
    ),
    "pages.messages": (Stop("hr", "/messages"),),
    "pages.me": (Stop("{employee}", "/me"),),
    "pages.password": (Stop("{employee}", "/me/password"),),
    "pages.start": (Stop("{employee}", "/start"),),
    "pages.start.form": (Stop("{anyone}", "/start/offboarding", FORM),),
    "pages.cases": (Stop("{employee}", "/cases"), Stop("hr", "/cases?scope=all")),
    "pages.case": (
        Stop("{employee}", "/cases/{case}"),
        Stop("hr", "/cases/{case}", DIAGRAM),
        Stop("hr", "/cases/{closed}", DIAGRAM),
    ),
    "pages.agreements": (
        Stop("{signer}", "/agreements"),
        Stop("hr", "/agreements"),
        Stop("hr", "/agreements?q=nothing"),
    ),
    "pages.agreement": (
        Stop("{signer}", "/agreements/{agreement}"),
        Stop("hr", "/agreements/{agreement}"),
        Stop("hr", "/agreements/{ended}"),
    ),
    "pages.agreement.new": (
        Stop("hr", "/agreements/new"),
        Stop("hr", "/agreements/new?text=non-compete&login={anyone}"),
    ),
    "pages.agreement.batch": (Stop("hr", "/agreements/batches/{sending}"),),
    "pages.agreement.seal": (Stop("hr-head", "/agreements/seal"),),
    "pages.texts": (Stop("hr", "/agreements/texts"),),
    "pages.texts.new": (Stop("hr", "/agreements/texts/new", ".leaf"),),
    "pages.text": (Stop("hr", "/agreements/texts/non-compete", ".leaf"),),
    "pages.text.compare": (Stop("hr", "/agreements/texts/non-compete/compare"),),
    "pages.sign": (Stop("{signer}", "/sign/{agreement}"), Stop("hr-head", "/sign/{agreement}")),
    "pages.link": (Stop(NOBODY, "/s/{link}"), Stop(NOBODY, "/s/{link}?sent=sms"), Stop(NOBODY, "/s/1-0")),
    "pages.learn": (Stop("{learner}", "/learn", "article.course"), Stop("hr", "/learn")),
    "pages.learn.course": tuple(
        Stop("{learner}", f"/learn/{{{place}}}") for place in ("learning", "locked", "examined", "passed", "failed")
    ),
    "pages.learn.lesson": (
        Stop("{learner}", "/learn/{learning}/lessons/what"),
        Stop("{learner}", "/learn/{learning}/lessons/where", "video"),
        Stop("{learner}", "/learn/{learning}/lessons/case-export", "[data-exercise]"),
        Stop("{learner}", "/learn/{learning}/lessons/played", "iframe"),
    ),
    "pages.exam": (Stop("{learner}", "/learn/{examined}/exam"), Stop("{learner}", "/learn/{failed}/exam")),
    "pages.exam.result": (Stop("{learner}", "/learn/{passed}/exams/1"), Stop("{learner}", "/learn/{failed}/exams/1")),
    "pages.training": (
        Stop("hr", "/training"),
        Stop("hr", "/training?state=overdue&q=nothing"),
    ),
    "pages.training.assign": (Stop("hr", "/training/assign?login={anyone}"),),
    "pages.training.waiver": (Stop("hr", "/training/waivers/{learning}", "h2"),),
    "pages.training.team": (
        Stop("hr-head", "/training/team"),
        Stop("{anyone}", "/training/team"),
    ),
    "pages.training.questions": (
        Stop("hr", "/training/questions"),
        Stop("hr", "/training/questions?course=customer-information-storage"),
    ),
    "pages.courses": (Stop("hr", "/training/courses"),),
    "pages.courses.new": (Stop("hr", "/training/courses/new"), Stop("hr", "/training/courses/new?view=source")),
    "pages.course": tuple(
        Stop("hr", f"/training/courses/customer-information-storage?view={view}")
        for view in ("form", "source", "versions")
    ),
    "pages.course.compare": (Stop("hr", "/training/courses/customer-information-storage/compare"),),
    "pages.course.preview.lesson": tuple(
        Stop("hr", f"/training/courses/customer-information-storage/preview/lessons/{key}", shows)
        for key, shows in (("what", "h1"), ("where", "video"), ("case-export", "[data-exercise]"), ("played", "iframe"))
    ),
    "pages.people": (Stop("hr", "/people"),),
    "pages.person": (Stop("hr", "/people/{knowing}"),),
    "pages.contact": (Stop("hr", "/people/{employee}/contacts", "h2"),),
    "pages.contact.ending": (Stop("hr", "/people/{knowing}/contacts/{contact}", "h2"),),
    "pages.admin": tuple(Stop("admin", f"/admin?tab={tab}") for tab in ("incidents", "jobs", "timers", "definitions")),
    "pages.admin.audit": (Stop("admin", "/admin/audit"),),
    "pages.admin.batches": (Stop("admin", "/admin/batches"),),
    "pages.admin.batch": (Stop("admin", "/admin/batches/{batch}"),),
    "pages.admin.batch.new": (Stop("admin", "/admin/batches/new/suspend?process=leave", "h2"),),
    "pages.admin.batch.ask": (Stop("admin", "/admin/batches/{batch}/again", "h2"),),
    "pages.admin.filter.new": (Stop("admin", "/admin/filters/new?process=leave", "h2"),),
    "pages.admin.filter.drop": (Stop("admin", "/admin/filters/{filter}/delete", "h2"),),
    "pages.admin.hold": (Stop("admin", "/admin/holds/{running}/place", "h2"),),
    "pages.admin.incident": (Stop("admin", "/admin/incidents/{incident}/retry", "h2"),),
    "pages.admin.instances": (Stop("admin", "/admin/instances"),),
    "pages.admin.instance": (
        Stop("admin", "/admin/instances/{running}", DIAGRAM),
        Stop("admin", "/admin/instances/{stopped}", DIAGRAM),
    ),
    "pages.admin.instance.ask": (Stop("admin", "/admin/instances/{running}/cancel", "h2"),),
    "pages.admin.token": (Stop("admin", "/admin/instances/{running}/move", "h2"),),
    "pages.admin.variable": (Stop("admin", "/admin/instances/{running}/variable", "h2"),),
    "pages.admin.job": (Stop("admin", "/admin/jobs/{job}/retries", "h2"),),
    "pages.admin.migration": (Stop("admin", "/admin/migrations/new?process=leave&from=1&to=2"),),
    "pages.admin.processes": (Stop("admin", "/admin/processes"),),
    "pages.admin.process": (
        Stop("admin", "/admin/processes/leave", DIAGRAM),
        Stop("admin", "/admin/processes/offboarding", DIAGRAM),
    ),
    "pages.admin.compare": (Stop("admin", "/admin/processes/leave/compare?before=1&after=2", DIAGRAM),),
    "pages.admin.proposals": (Stop("admin", "/admin/proposals"),),
    "pages.admin.proposal": (Stop("admin", "/admin/proposals/{proposal}"),),
    "pages.admin.proposal.new": (Stop("admin", "/admin/proposals/new", "h2"),),
    "pages.admin.proposal.ask": (Stop("admin", "/admin/proposals/{proposal}/publish", "h2"),),
    "pages.admin.retention": (Stop("admin", "/admin/retention"),),
    "pages.admin.retention.ask": (Stop("admin", "/admin/retention/leave", "h2"),),
    "pages.admin.timer": (Stop("admin", "/admin/timers/{timer}/move", "h2"),),
    "pages.admin.timer.ask": (Stop("admin", "/admin/timers/{timer}/fire", "h2"),),
    "pages.admin.version": (Stop("admin", "/admin/versions/{older}/roll-back", "h2"),),
    "pages.admin.workers": (Stop("admin", "/admin/workers"),),
    "pages.studio": (Stop("designer", "/studio"),),
    "pages.studio.new": (Stop("designer", "/studio/new", "h2"),),
    "pages.studio.project": (Stop("designer", "/studio/{project}"),),
    "pages.studio.project.rename.ask": (Stop("designer", "/studio/{project}/rename", "h2"),),
    "pages.studio.project.remove.ask": (Stop("designer", "/studio/{project}/remove", "h2"),),
    "pages.studio.upload.ask": (Stop("designer", "/studio/{project}/upload", "h2"),),
    "pages.studio.file.new": (Stop("designer", "/studio/{project}/new", "h2"),),
    "pages.studio.rename.ask": (Stop("designer", "/studio/{project}/files/leave.bpmn/rename", "h2"),),
    "pages.studio.remove.ask": (Stop("designer", "/studio/{project}/files/leave.bpmn/remove", "h2"),),
    "pages.studio.file": (
        Stop("designer", "/studio/{project}/files/leave.bpmn", ".djs-container svg"),
        Stop("designer", "/studio/{project}/files/pay.dmn", ".dmn-decision-table-container, .djs-container svg"),
        Stop("designer", "/studio/{project}/files/reason.form", ".fjs-container"),
        Stop("designer", "/studio/{project}/files/scenarios.yaml", "textarea, [role=textbox]"),
    ),
    "pages.studio.history": (Stop("designer", "/studio/{project}/files/leave.bpmn/history"),),
    "pages.studio.compare": (Stop("designer", "/studio/{project}/files/leave.bpmn/compare", DIAGRAM),),
    "pages.studio.restore.ask": (Stop("designer", "/studio/{project}/files/leave.bpmn/revisions/1/restore", "h2"),),
    "pages.studio.try": (Stop("designer", "/studio/{project}/try", "main"),),
    "pages.studio.scenarios": (Stop("designer", "/studio/{project}/scenarios"),),
    "pages.studio.publish": (Stop("designer", "/studio/{project}/publish"),),
    "pages.studio.proposal": (Stop("designer", "/studio/proposals/{proposed}"),),
}

REFUSED = (Stop("hr", "/nothing"), Stop("hr", "/tasks/1"), Stop("{employee}", "/people"))

# Questions of an act, asked over the page: the page, and the button that asks.
DIALOGS = (
    Stop("admin", "/admin/proposals", "a[hx-get='/admin/proposals/new']"),
    Stop("admin", "/admin/instances/{running}", "a[hx-get$='/cancel']"),
    Stop("admin", "/admin/instances/{running}", "a[hx-get$='/variable']"),
    Stop("hr", "/training", "a.waive"),
    Stop("hr", "/people/{knowing}", "a[hx-get$='/contacts']"),
    Stop("designer", "/studio", "a[hx-get='/studio/new']"),
    Stop("designer", "/studio/{project}", "a[hx-get$='/upload']"),
)

NO_PAGE = {
    "pages.root": "leads to the inbox",
    "pages.language": "leads back to where the reader was",
    "pages.task": "one stop a kind of task, found when the test runs",
    "pages.counts": "a part of every page",
    "pages.conversation": "a part of the case's page",
    "pages.people.options": "choices of a field",
    "pages.people.departments": "choices of a field",
    "pages.events": "a stream",
    "pages.file": "a file as it was brought",
    "pages.case.diagram": "XML for the case's page",
    "pages.case.record": "a printed record, as PDF or JSON",
    "pages.agreement.document": "the document, as PDF",
    "pages.agreement.page": "a picture of the document",
    "pages.evidence": "a zip",
    "pages.learn.media": "a film or picture of a lesson",
    "pages.learn.captions": "what is said in a film, as WebVTT",
    "pages.course.preview": "leads to the first lesson",
    "pages.course.preview.captions": "what is said in a film, as WebVTT",
    "pages.course.source": "the course, as YAML",
    "content.page": "a package in its frame of the lesson's page",
    "content.file": "a file of a package",
    "pages.training.certificate": "the certificate, as PDF",
    "pages.training.evidence.course": "a zip",
    "pages.training.evidence.person": "a zip",
    "pages.training.table": "a table, as CSV",
    "pages.sign.document": "the document, as PDF",
    "pages.sign.page": "a picture of the document",
    "pages.sign.seal_picture": "a picture of the seal",
    "pages.admin.filter": "leads to the search that it names",
    "pages.admin.definition": "a file as it was deployed",
    "pages.admin.diagram": "numbers for the instance's page",
    "pages.admin.process.diagram": "numbers for the process's page",
    "pages.admin.compare.diagrams": "diagrams for the page of comparison",
    "pages.studio.archive": "a zip",
    "pages.studio.content": "a file as it stands",
    "pages.studio.revision": "a file as it was",
    "pages.studio.aside": "a file that was brought along",
    "pages.studio.state": "JSON for the editor",
    "pages.studio.diagrams": "diagrams for the page of comparison",
    "pages.studio.publish.diagrams": "diagrams for the page of publishing",
    "pages.studio.proposal.diagrams": "diagrams for the proposal's page",
    "pages.studio.coverage": "a diagram for the page of scenarios",
    "pages.studio.templates": "JSON for the editor",
    "pages.studio.templates.download": "a file for other modellers",
    "pages.studio.sandboxes": "JSON for the page of trying",
    "pages.studio.sandbox": "JSON for the page of trying",
    "pages.studio.sandbox.form": "JSON for the page of trying",
    "pages.studio.sandbox.file": "a diagram for the page of trying",
}
