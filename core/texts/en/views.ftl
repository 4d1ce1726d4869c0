# Pages that show how the county stands: groups, townships, today, people, packs, the trail of acts
views-behind =
    { $count ->
        [one] The figures of one school are
       *[other] The figures of { $count } schools are
    } being brought up to date; please reload in a moment.
views-being-summed = being added up
views-all-arrived = all of the day has arrived
views-oldest = Waiting longest: { $owner }, complete through { $when } only.
views-oldest-never = Waiting longest: { $owner }, never heard since it was enrolled on { $when }.
views-to-devices = its phones
views-of = { $part } of { $all }
views-groups = Groups
views-townships = By township
views-any = any
views-school-name = School
views-schools-with = Only schools with
views-search = Search
views-search-all = All schools
views-found =
    { $count ->
        [one] One school found:
       *[other] { $count } schools found:
    }{ " " }
views-found-none = No school fits what was asked for. Change the name, the township or the status.
views-list-pages = pages of the list
views-list-page = page { $page } of { $pages }
views-list-before = Before
views-list-after = Further
views-trend = Eight weeks
views-trend-arrived = arrived: from { $first }% to { $last }% of the person-days
views-trend-present = present as required: from { $first }% to { $last }%
views-trend-none = No day of these weeks can be judged yet.
views-trend-unmade = Some days are still being added up; please reload in a moment.
views-trend-table = The numbers as a table
views-member-lead = lead
views-member-member = member
views-member-support = supporting school
views-member-by-township = by its township
views-no-pairing = No school is paired with this group.
views-since-day = since { $day }
views-from-day = from { $day }

pages-schools-column = Schools
pages-group-column = Group
pages-complete-column = Arrived
pages-days-column = Days
pages-week-column = Week
pages-person-days-column = Person-days
pages-present-column = Present
pages-since-when-column = Since
pages-leave-kind-column = Kind
pages-this-term-column = This term
pages-school-year-column = School year
pages-chapter-column = Chapter
pages-from-column = From
pages-for-whom-column = For whom
pages-pack-column = Pack
pages-clause-column = Clause
pages-value-column = What it says
pages-rule-column = Rule
pages-who-column = Who
pages-when-column = When
pages-act-column = What
pages-subject-column = About

views-today = Today at the school
views-today-lead = Of { $all } people { $in } are in, { $out } out, { $leave } on leave, { $missing } without a record yet.
views-today-rest = Today is no school day; { $in } are in.
views-today-in = In: { $count }
views-today-out = Out: { $count }
views-today-not-arrived = Not arrived: { $count }
views-today-nothing = No record yet: { $count }
views-today-on-leave = On leave: { $count }
views-today-until = until { $when }
views-today-still = Stop reloading by itself
views-today-again = Reload every 30 s

views-people = People
views-people-lead = Type a name or part of it.
views-people-none = Nobody in what you may see is called “{ $name }”.
views-people-found =
    { $count ->
        [one] One person found.
       *[other] { $count } found.
    }
views-person-name = Name of a person
views-find-person = Find a person

views-own-page = These are your own records.
views-term-page = The whole term
views-term-before = Term before
views-term-after = Term after
views-term-autumn = autumn term { $from }/{ $to }
views-term-spring = spring term { $from }/{ $to }
views-term-lead = Of { $days } days { $parts }.
views-term-nothing = Nothing can be judged in this term yet.
views-corrections = Corrections
views-no-corrections = No corrections in this term.
views-term-entries = Entries of the term, newest first
views-leave-taken = Days of leave by kind
views-no-leave = No whole day of leave in this school year.
views-leave-no-quota = Whole days, as judged. The notice sets no quota, so nothing is said to be left.

views-packs = Packs in force
views-packs-lead = The office is judged by { $office }, the after-school service by { $service }.
views-packs-none = The county names no pack: nothing is judged.
views-pack-nothing = no pack
views-pack-now = in force
views-pack-later = from later on
views-pack-over = set aside by a later row
views-pack-everyone = whole county
views-pack-townships = townships: { $names }
views-pack-schools = schools: { $names }
views-pack-unknown = pack that is not here
views-pack-hash = SHA-256 { $hash }
views-pack-dated = { $document }, { $dated }
views-pack-lead = { $document }, { $dated }: { $rules } rules, { $obligations } obligations. What is marked as the pack's own choice stands where the notice is silent.
views-pack-lead-plain = { $rules } rules, { $obligations } obligations. What is marked as the pack's own choice stands where the notice is silent.
views-pack-phases = From when and for whom
views-pack-obligations = Obligations
views-pack-quotas = Duties and shares that no visit proves
views-pack-records = Records that the notice names
views-pack-windows = office hours: { $kind }
views-pack-may-shift = may be shifted
views-pack-presence = hours in which presence counts
views-pack-daily = presence of a day, at least
views-pack-grace = late and early up to this are no finding
views-pack-flexible = flexible hours: ground
views-pack-leave = kinds of leave
views-pack-register = attendance register
views-pack-register-value = kept
views-pack-publish = attendance is published
views-pack-publish-value = every { $period }; feeds { $feeds }
views-pack-uses = what the time together is for
views-pack-activities = activities
views-pack-service-days = days of service in a week
views-pack-service-minutes = service of a day
views-pack-service-minutes-value = { $standard } in principle, at least { $least }, at most { $most }
views-pack-service-start = begins
views-pack-service-start-value = after dismissal
views-pack-latest-compulsory = latest end, compulsory schools
views-pack-latest-senior = latest end, senior secondary
views-pack-latest-value = day school { $day }, boarding { $boarding }
views-pack-boarding-row = day schools that may follow the boarding row
views-pack-stage-junior = junior secondary
views-pack-stage-senior = senior secondary
views-pack-focus = focus
views-pack-allowed = content
views-pack-forbidden = never
views-pack-help = help
views-pack-vetting = outside staff: checks
views-pack-safety = safety
views-pack-workload = a manager's counted workload, at most
views-pack-workload-value = the average of the school's teachers who take part
views-pack-pupils = pupils who come first
views-pack-coverage = who is to be reached
views-pack-care = holiday care, at most
views-pack-care-value = { $days } days, { $length } a day
views-pack-care-forbidden = holiday care: never
views-pack-visits =
    { $count ->
        [one] one visit
       *[other] { $count } visits
    }
views-pack-minutes = { $length } in all
views-pack-persons = { $count } persons
views-pack-tasks = { $count } task
views-pack-each-minutes = of at least { $length } each
views-pack-every-member = reaching every member

views-audit = Trail of acts
views-audit-lead =
    { $count ->
        [one] One act or look fits,
       *[other] { $count } acts and looks fit,
    } the last one on { $when }.
views-audit-none = Nothing of that kind has been noted.
views-audit-all = acts and looks
views-audit-acts = acts only
views-audit-looks = looks at records only
views-audit-account = Account
views-audit-act = What
views-audit-from = From day
views-audit-to = To day
views-audit-command-line = command line
act-backup = made a backup
act-bundle-import = imported a file of unsent records
act-county-import = imported the county
act-county-settings = changed the county's settings
act-day-correct = corrected a day
act-device-approve = let a phone in again
act-device-confirm = confirmed a device
act-device-retire = stopped waiting for a device
act-device-revoke = stopped a device
act-flag-lift = let an entry count
act-flexible-hours = granted flexible hours
act-invite = invited a phone or a kiosk
act-kiosk-outage = noted a kiosk out of order
act-password-by-link = set a password by a one-time link
act-password-change = changed the password
act-plan-review = reviewed a service plan
act-request-approve = approved a request
act-request-refuse = refused a request
act-roster-add = added somebody to the staff list
act-roster-change = changed the staff list
act-school-settings = changed a school's settings
act-sign-out-everywhere = signed out everywhere
act-staff-import = imported a staff list
act-token-add = made a token
act-token-end = ended a token
act-user-add = made an account
act-user-close = closed an account
act-user-link = made a one-time link
act-user-reset = set a new password
act-visit-comment = commented on a support visit
act-visit-countersign = signed for a support visit
act-week-publish = published a week
views-look-day = looked at a day of { $name }
views-look-term = looked at a term of { $name }
views-look-flagged = looked at entries that don't count
views-look-queue = looked at requests that wait
views-look-export = took figures away as a file
views-look-other = looked at a page

views-devices-silent = silent only
views-devices-state = State
views-device-state-counting = counts
views-device-state-retired = retired
views-device-state-revoked = not accepted
views-device-state-waiting = waits for confirmation
views-devices-found-none = No phone fits what was asked for.
