# The term of after-school service, support visits, obligations
works-visits = Support visits
works-obligations = Obligations
works-visits-title = Support visits ({ $from } to { $to })
works-visits-none = There is no support visit in this time that you may read.
works-visits-lead = { $count ->
    [one] 1 support visit
   *[other] { $count } support visits
}: { $parts }. { " " }
works-visits-conflicts = In { $count } of them two people changed the same thing at the same time.
works-count-closed = { $count } closed
works-count-open = { $count } under way
works-count-planned = { $count } planned
works-count-met = { $count } met
works-count-overdue = { $count } overdue
works-count-due = { $count } not due yet
works-count-by_roster = { $count } proved by rosters
visit-state-planned = planned
visit-state-open = under way
visit-state-closed = closed
owed-met = met
owed-due = not due yet
owed-overdue = overdue
owed-by_roster = proved by rosters
works-from = From
works-to = To
works-kind = Kind
works-state = State
works-school = School
works-group = Group
works-visitor = Visitor
works-period = Week, month or term
works-obligation = Obligation
works-wrong-from = Please write it as 2026-03-02.
works-wrong-to = Please write it as 2026-03-02, not before the first day.
works-wrong-period = Please write it as 2026-W10, 2026-03 or 2026a.
works-all = all
works-show = Show
works-spans = Time
works-this-week = This week
works-this-month = This month
works-this-term = This term

works-owed-title = Obligations { $period }
works-owed-none = There are no obligations in this time that you may see.
works-owed-lead = { $count ->
    [one] 1 obligation
   *[other] { $count } obligations
}: { $parts }. { " " }
works-owed-since = The first of them has been overdue since { $day }.
works-owed-each = One by one
works-owed-schools = Schools (with their teachers)
works-since = since { $day }
works-counted = visit { $number }
works-done-visits = { $done } of { $least }
works-done-minutes = { $done } of { $least } min
works-least-visits = at least { $least }
works-least-minutes = at least { $least } min
works-least-persons = at least { $least } persons
works-least-tasks = at least { $least } tasks
works-unit-visits = visits
works-unit-minutes = minutes
works-unit-persons = persons
works-unit-tasks = tasks

works-visit-title = { $kind }, { $host }, { $day }
works-visit-planned = { $who } plans to visit { $host } on { $day }; it has not begun. { " " }
works-visit-open = { $who } has been at { $host } since { $day }; it is not closed yet. { " " }
works-visit-closed = { $who } visited { $host } on { $day }. { " " }
works-visit-took = It took { $length }. { " " }
works-parts-all = Plan, measures, record and summary are written. { " " }
works-parts-none = Plan, measures, record and summary are not written yet. { " " }
works-parts-some = Written: { $written }; missing: { $missing }. { " " }
works-signed = The host has signed.
works-unsigned = The host has not signed yet.
works-was-opened = Begun on site { $when }
works-was-closed = Closed on site { $when }
works-not-written = Not written yet.
works-people = People
works-observations = Observed lessons and reviews
works-pictures = Pictures
works-picture = Picture of the visit
works-notes = Notes
works-countersign = The host's signature
works-shared = Shared with teachers
works-shared-with = Shared with { $names }
works-comments = Comments
works-signed-by = { $name } signed on { $when }, having seen { $count } entries.
works-signed-changed = { $count } of them changed afterwards
works-signed-unseen = { $count } entries came after the signature
works-about = About the { $part }
works-history = Who wrote what when ({ $count } entries)
works-sign = Sign as host
works-sign-stale = Something was written after you opened the page, so nothing has been signed; please look and sign again.
works-sign-text = A remark (optional)
works-sign-do = Sign
works-sign-hint = Your signature says that you have seen the { $count } entries above; later changes will be marked.
works-comment = Comment
works-comment-about = About
works-comment-all = the whole visit
works-comment-text = Comment (after an inspection also what is to be corrected)
works-comment-do = Save the comment

works-service-title = After-school service, { $school }, { $period }
works-service-term = After-school service of the whole term
works-service-not-begun = The plan is filed; no school day has come yet.
works-service-lead = The plan is filed; { $covered } of { $days } school days so far are covered, { $length } in all. { " " }
works-service-found = { $count ->
    [one] 1 session has a finding.
   *[other] { $count } sessions have findings.
}
works-term-before = Term before
works-term-after = Next term
works-plan-days = { $from } to { $to }
works-plan-filed = Plan filed
works-plan-filed-changed = Plan filed, a change waits for review
works-plan-refused = Plan refused
works-plan-waits = Plan waits for review
works-calendar = Calendar of the term
works-no-plan-day = outside the plan
works-nothing-owed = nothing owed
works-week = Sessions ({ $from } to { $to })
works-no-sessions = No session is recorded in this week.
works-handed-over = handed over
works-handed-over-pupils = handed over, { $pupils } pupils
works-not-counted = Counts neither for the day nor as workload
works-amended = amended { $count ->
    [one] once
   *[other] { $count } times
}
works-contents = By content
works-workload-note = Of principals and deputies at most the average of the other teachers who took part counts (HZ 附1 三(五)).
works-to-week = Attendance of this week

pages-visit-column = Visit
pages-host-column = Host
pages-visitors-column = Visitors
pages-length-column = Length
pages-from-school-column = Visiting school
pages-field-column = Field
pages-teachers-column = Teachers
pages-obligation-column = Obligation
pages-debtor-column = Who, how often
pages-met-column = Met
pages-overdue-column = Overdue
pages-due-column = Not due yet
pages-period-column = Period
pages-done-column = Done
pages-handover-column = Handover
pages-sessions-column = Sessions
pages-service-days-column = Days
pages-counted-column = Counted workload
export-visit-column = Visit
export-host-column = Host
export-from-school-column = Visiting school
export-group-column = Group
export-visitors-column = Visitors
export-teachers-column = Teachers
export-state-column = State
export-opened-column = Begun on site
export-closed-column = Closed on site
export-conflict-column = To be decided
export-place-column = School or group
export-teacher-column = Teacher
export-obligation-column = Obligation
export-clause-column = Clause
export-period-column = Period
export-least-column = At least
export-done-column = Done
export-unit-column = Unit
export-overdue-since-column = Overdue since
export-counted-minutes-column = Counted workload
plan-reason = Remark (needed where it is given back)
plan-file = File the plan
plan-give-back = Give it back
