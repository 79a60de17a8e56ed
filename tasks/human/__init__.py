"""Work that people do: their inbox, their tasks, their cases.

Who makes what, as the pages call it (`house` is a `tasks.house.House`, `files` maps a field's key to what was sent):

    inbox.inbox(unit, actor, tab, text, page) → Page
    inbox.waiting(unit, actor) → int
    task.open_task(house, unit, actor, key, language) → TaskView
    task.claim / release(house, unit, actor, key)
    task.assign(house, unit, actor, key, login)
    submit.submit(house, unit, actor, key, data, files) → Submitted
    start.startables(unit, actor) → tuple[Startable, …]
    start.open_start(house, unit, actor, process_id) → StartView
    start.start(house, unit, actor, process_id, data, files) → Submitted
    cases.cases(house, unit, actor, *, scope, text, page) → CasePage, with scope `mine` or `all`
    cases.case_view(house, unit, actor, number) → CaseView
    cases.diagram(unit, actor, number) → engine.queries' Diagram
    cases.absent / back(house, unit, actor, number, reason)
    cases.record(house, unit, actor, number, kind) → bytes, with kind `pdf` or `json`; stores nothing
    withdrawal.ask / agree(house, unit, actor, number, reason)
    cases.keep_record(house, unit, actor, number): the record becomes evidence
    conversation.add(house, unit, actor, root_key, text, files)
    conversation.thread(unit, actor, root_key) → tuple[Comment, …]
    drafts.read / keep / drop(house, unit, actor, key, …) → Draft
    delegation.delegate / give_back(house, unit, actor, key, …) → Delegation
    delegation.delegations(house, unit, actor, key) → tuple[Delegation, …]
    files.read(house, unit, actor, hash) → (hr.documents' Stored, bytes)
    notices.notices(unit, actor, page) → tuple[Notice, …]
    notices.unread(unit, actor) → int
    notices.mark_read(unit, actor, clock)
    people.find(unit, text, limit) → tuple[Person, …]
    people.named(unit, login) → Person | None
    people.people(unit, actor, text, page) → PeoplePage
    people.person_file(house, unit, actor, login) → PersonFile

`submit` and `start` raise `forms.FormRejected` with the errors of `forms.validate` by component.
"""
