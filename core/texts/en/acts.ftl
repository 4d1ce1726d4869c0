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
