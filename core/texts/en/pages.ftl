# Words of the review pages
pages-name = Sanji
pages-nav = pages
pages-county = Schools
pages-devices = Phones
pages-flagged = Not counted
pages-language = English
pages-sign-out = Sign out
pages-made-up = Demonstration: time and people are made up; it is { $when } here.
pages-to-start = Back to the start
pages-as-of = As of { $when } (entry number { $log })
pages-as-of-behind = As of { $when } (entry number { $log }); what arrived since is being put in order, please reload in a moment
pages-shapes-mean = Shapes:
pages-legend-present = present
pages-legend-in_progress = under way
pages-legend-awaiting_sync = not arrived
pages-legend-irregular = late, early, away or short of five hours
pages-legend-absent = no record of presence
pages-legend-on_leave = on leave
pages-legend-rest_day = rest day
pages-legend-needs_correction = check-out missing

pages-missing = No such page
pages-missing-lead = The address is wrong, or the page lies outside what you may see.
pages-unreadable = The address or the form is incomplete
pages-unreadable-lead = Nothing was changed. Please go back and try again, or begin at the start page.
pages-too-large = That is too long
pages-too-large-lead = Nothing was changed. Please go back, make it shorter and send it again.
pages-unavailable = Can't be opened now
pages-unavailable-lead = Please try again in a moment; everything delivered is kept.

pages-sign-in = Sign in
pages-sign-in-lead = Please sign in.
pages-sign-in-ended = You were signed out, and what you had typed was not saved. Please sign in and do it once more.
pages-sign-in-kept = You were signed out. What you had typed is kept, but not saved yet: please sign in, then send it.
pages-kept = One step left
pages-kept-lead = You are signed in ({ $name }). What you had typed is not saved yet.
pages-kept-send = Send it now
pages-kept-back = Don't send it, back to the page
pages-sign-in-wrong = Account and password don't fit, please try again.
pages-sign-in-wait = Too many tries: please try again after { $when }.
pages-sign-in-busy = Too many people are signing in: please try again in { $seconds } s.
pages-sign-in-help = If you forgot the password, ask the county's administrator for a new one.
pages-account = Account
pages-password = Password

pages-county-title = Schools on { $day }
pages-county-lead = { $complete } of { $all } schools are complete for { $day }.{ " " }
pages-county-lead-late =
    { $late ->
        [one] One waits
       *[other] { $late } wait
    } for { $devices ->
        [one] one phone,
       *[other] { $devices } phones,
    }{ " " }
pages-county-lead-silent =
    { $silent ->
        [one] One has no phone enrolled.
       *[other] { $silent } have no phone enrolled.
    }
pages-county-lead-oldest = longest { $school } (complete through { $when }).{ " " }
pages-county-lead-never = longest { $school } (a phone there never reported).{ " " }
pages-county-lead-complete = All { $all } schools are complete for { $day }.
pages-county-lead-ahead = { $day } is still to come.
pages-no-group = Other schools
pages-no-staff = no staff list yet
pages-no-devices = no phone enrolled
pages-never-all = a phone never reported completely
pages-devices-missing =
    { $devices ->
        [one] waits for one phone
       *[other] waits for { $devices } phones
    }
pages-not-judged = office rule not in force yet
pages-whole-county = whole county

pages-school-column = School
pages-township-column = Township
pages-staff-column = Staff
pages-day-went-column = The day
pages-arrived-column = Arrived
pages-name-column = Name
pages-sum-column = Sum
pages-day-column = Day
pages-minutes-column = Length
pages-finding-column = Remarks
pages-time-column = Time
pages-content-column = Content
pages-instructors-column = Led by
pages-pupils-column = Pupils
pages-entry-column = Entry
pages-evidence-column = Evidence of time
pages-device-column = From
pages-state-column = State
pages-owner-column = Whose
pages-heard-column = Last heard
pages-through-column = Complete through
pages-silent-column = Silent
pages-writer-column = Written by
pages-made-column = Made
pages-since-column = Arrived
pages-reason-column = Why not counted
pages-lift-column = Who can settle it

pages-week-title = week { $week } ({ $from } – { $to })
pages-week-before = Week before
pages-week-this = This week
pages-week-after = Week after
pages-week-nothing = Nothing can be judged in this week.
pages-week-not-begun = No working day of this week has come yet.
pages-week-lead = Of { $days } person-days { $parts }.{ " " }
pages-week-complete = Past days are complete.
pages-week-waiting =
    { $devices ->
        [one] One phone hasn't reported yet.
       *[other] { $devices } phones haven't reported yet.
    }
pages-no-posting = no posting at this school on this day
pages-unnamed = (staff list not arrived)
pages-own = you
pages-mark-open = something waits for a decision
pages-sum-days = present { $present }/{ $days }
pages-sum-short = { $length } short
pages-to-day = The day's entries
pages-to-week = the week at { $school }

pages-short-present = present
pages-short-in_progress = under way
pages-short-awaiting_sync = not arrived
pages-short-may_be_lost = may be lost
pages-short-short_of_five_hours = { $minutes } min short
pages-short-irregular = gaps
pages-short-late = { $minutes } min late
pages-short-left_early = { $minutes } min early
pages-short-away = { $minutes } min away
pages-short-absent_from_window = { $minutes } min missing
pages-short-absent = no record
pages-short-on_leave = on leave
pages-short-rest_day = rest
pages-short-needs_correction = no check-out

pages-office = present { $office }
pages-office-of = present { $office } of { $required }
pages-flagged-here =
    { $count ->
        [one] one entry not counted
       *[other] { $count } entries not counted
    }
pages-undecided = { $count } waiting for a decision
pages-provisional = the pack that the county named isn't here; judged by another one for now
pages-via-phone = phone
pages-via-kiosk = kiosk
pages-via-desk = page

pages-day-before = Day before
pages-day-after = Day after
pages-today = Today
pages-day-lead = { $status }: present { $office } of { $required }.
pages-day-lead-plain = { $status }.
pages-own-day = These are your own records.
pages-look-noted = That you looked at this page has been noted.
pages-bar-windows = expected { $spans }
pages-bar-presence = present { $spans }
pages-bar-leave = on leave { $spans }
pages-bar-between = ;{ " " }
pages-none = none
pages-entries = The day's entries
pages-no-entries = No entries.
pages-written-by = written by { $name }
pages-entry-number = entry { $n }
pages-time-of-relay = the county's clock
pages-interval = really between { $from } and { $to }
pages-phone-time = the phone showed { $when }
pages-unbounded = unknown
pages-not-counted = not counted: { $reason }
pages-somebody = somebody outside the staff lists

pages-state-current = counts
pages-state-replaced = replaced by a later entry
pages-state-taken_back = taken back
pages-state-too_late = taken back too late, without effect
pages-state-flagged = not counted
pages-state-twin = a second entry under one number, not counted
pages-state-issued_again = issued again, the other one counts
pages-state-unreadable = from a newer version, shown after an upgrade


pages-flag-no_authority = whoever wrote it may not write this
pages-flag-authority_unsure = only part of its time lies in the term of office
pages-flag-outside_posting = outside the days of the posting
pages-flag-own_request = nobody decides on their own request
pages-flag-after_loss = recorded after the phone was reported lost
pages-flag-after_revocation = brought in a file after the phone was stopped
pages-flag-recovered = brought back by another phone, without its author's signature
pages-flag-unconfirmed = the phone's enrolment hasn't been confirmed
pages-flag-twin = two different records have one number
pages-flag-grant_fell = the permission under which it was written no longer holds
pages-flag-unreadable = it can't be read
pages-lift-no_authority = principal or deputy
pages-lift-authority_unsure = whoever is in charge now
pages-lift-outside_posting = principal or deputy
pages-lift-own_request = nobody: a deputy or supervisor decides anew
pages-lift-after_loss = principal or deputy
pages-lift-after_revocation = principal or deputy
pages-lift-recovered = the author's phone, or the administrator
pages-lift-unconfirmed = principal or administrator, by confirming the phone
pages-lift-twin = the author's phone issues it again
pages-lift-grant_fell = whoever gave the permission
pages-lift-unreadable = after an upgrade

pages-devices-lead =
    { $silent ->
        [one] One of { $all } phones hasn't
       *[other] { $silent } of { $all } phones haven't
    } been heard since { $day }; longest { $owner } (last heard { $when }).
pages-devices-lead-all = All { $all } phones have been heard since { $day }.
pages-never = never
pages-days = { $days } d
pages-more = { $count } more aren't listed
pages-retired-replaced = replaced by another phone since { $when }
pages-retired-lost = reported lost as of { $when }
pages-retired-broken = broken since { $when }
pages-revoked = not accepted since { $when }
pages-device-unconfirmed = waits for confirmation
pages-device-closed = followed by another
pages-device-recovered = restored from old records, waits for confirmation
pages-clock-ahead = clock { $length } ahead
pages-clock-behind = clock { $length } behind
pages-flagged-lead =
    { $count ->
        [one] One entry isn't counted; it
       *[other] { $count } entries aren't counted; the oldest
    } arrived on { $when }.
pages-flagged-lead-none = Every entry counts.

pages-service-no-plan = No service plan has been filed.
pages-service-no-days = A plan is filed; this week has no school day.
pages-service-lead = A plan is filed; { $covered } of { $days } school days meet it.
pages-service-covered = met
pages-outside = { $name } (outside)
pages-and = ,{ " " }
pages-no-device = no phone enrolled, and the school has no kiosk: only the principal can record for them
pages-unequipped =
    { $count ->
        [one] one person has no phone enrolled
       *[other] { $count } people have no phone enrolled
    }
pages-count-present = { $count } present
pages-count-in_progress = { $count } under way
pages-count-irregular = { $count } late, early or away
pages-count-short_of_five_hours = { $count } short of five hours
pages-count-needs_correction = { $count } without check-out
pages-count-absent = { $count } without a record
pages-count-on_leave = { $count } on leave
pages-count-awaiting_sync = { $count } not arrived
pages-device-unsent = when last heard, it still had records to send

# Installing
install-title = Install Sanji
install-lead = Open this page on the phone and download version { $version }.
install-none = The county has not put the app here yet. Please ask your administrator.
install-get = Download: { $abi }, { $size } MB
install-abi-arm64-v8a = most phones
install-abi-armeabi-v7a = older phones
install-abi-x86_64 = emulators on a computer
install-which = Try the first; if the phone says that it can't be installed, take the next. A download that was cut goes on when you press it again.
install-how = How to install
install-step-allow = Open the file once it is here. The first time the phone asks whether the browser may install apps: allow it; you can turn that off again afterwards.
install-step-open = Open “Sanji”.
install-step-scan = Scan the invitation from your principal or administrator.
install-again = Updates
install-update = Where the app is installed already, install the new one over it; don't remove the old one first.
install-kept = An update leaves the records on the phone alone; removing the app loses what was not delivered: look under “Delivery” first.
