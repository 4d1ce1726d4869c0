# Acts on the review pages
pages-expired = This form is no longer valid
pages-expired-lead = Nothing was changed. Please go back, reload the page and try again.

acts-queue = To decide
acts-queue-lead =
    { $count ->
        [one] One request waits for your decision; it arrived { $when }.
       *[other] { $count } requests wait for your decision; the oldest arrived { $when }.
    }
acts-queue-lead-none = Nothing waits for your decision.
acts-pick-column = Pick
acts-asked-column = Request
acts-why-column = Reason and evidence
acts-waits-column = Arrived
acts-leave = Leave ({ $kind })
acts-leave-held = approved for { $spans }, the rest waits
acts-leave-changed = a changed request
acts-correction = Correction
acts-correction-add = add { $checks }
acts-correction-wrong = leave out { $checks }
acts-no-reason = no reason given
acts-not-here = not arrived
acts-evidence = See the picture
acts-reason-decide = Reason (needed to decline)
acts-approve = Approve what is picked
acts-refuse = Decline what is picked
acts-pick-none = Please pick the requests to decide first.
acts-decision-none = Please choose to approve or to decline.
acts-stale = Some of what you picked has changed since you opened the page, so nothing was done this time:
acts-request-changed = the request was changed, withdrawn or closed
acts-decided = { $decision } ({ $name }, { $when })
acts-recent = Your latest decisions

acts-published = Published by { $name } on { $when }, through entry number { $log }, hash { $hash }.{ " " }
acts-published-before = Earlier publications
acts-published-older = An earlier publication
acts-publish = Publish the week
acts-publish-again = Publish once more
acts-publish-hint = What is published stays as it is; what arrives later is listed below as an amendment.
acts-publish-later = The week can be published when it is over.
acts-publish-same = The week stands as it was published; there is no need to publish it again.
acts-publish-already = The week is published and nothing changed since, so it was not published again.
acts-publish-changed = More arrived after you opened the page, so the week is not published yet; please look at it and publish then.
acts-lacks-now =
    { $devices ->
        [one] One phone has not reported:
       *[other] { $devices } phones have not reported:
    }
acts-lacks-none = Everything has arrived.
acts-lacked =
    { $devices ->
        [one] When it was published, one phone had not reported.
       *[other] When it was published, { $devices } phones had not reported.
    }
acts-lacked-none = When it was published, everything had arrived.
acts-rows-missing = The published table has not arrived.
acts-amended =
    { $count ->
        [one] Amended in one place after publication.
       *[other] Amended in { $count } places after publication.
    }
acts-amended-none = Nothing changed since.
acts-cell-column = Who and when
acts-before-column = As published
acts-after-column = Now
acts-cause-column = Why
acts-cause-entry = a later entry: { $kind } { $when } (number { $n })
acts-cause-complete = the phone reported later that it is complete
acts-cause-rules = the rules that apply were corrected later
acts-cause-other = the calendar, the roster, a kiosk out of order or an entry that didn't count changed later
acts-sheet = Sheet to print
acts-notice = Notice for the board
acts-sheet-title = { $school }: attendance, { $week }
acts-sheet-star = Cells with * were amended after publication.
acts-notice-title = { $school }: published attendance, { $week }
acts-notice-none = The week is not published yet.
acts-to-week = Back to the week
acts-print-hint = Print from the browser on A4, landscape.
acts-signature = Principal's signature:
acts-signed-on = Date:

acts-reason = Reason
acts-correct = Correct this day
acts-correct-wrong = Entries that are wrong (what is ticked counts no more)
acts-correct-add = Checks that are missing
acts-correct-by-request = by an approved request; can't be changed here
acts-correct-do = Record the correction
acts-correct-hint = The earlier entries are kept and can be seen.
acts-correct-stale = The day changed after you opened the page, so it is not corrected yet; please look at it and send it again.
acts-direction = In or out
acts-time = Time
acts-bad-time = Please write the time like 08:30, and no later than now.
acts-lift = Let it count
acts-lift-stale = Entry number { $n } counts already; nothing is left to do.
acts-publish-nothing = This week has no school day and needs no publication.
