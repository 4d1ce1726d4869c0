# Where a record is, how far its time can be trusted, why it doesn't count
outbox-waiting = saved on this phone, waiting
outbox-delivered = delivered
outbox-flagged = not counted yet; your principal has been told
outbox-unsent = { $count } waiting
outbox-all-delivered = everything delivered

clock-verified = time verified
clock-consistent = clock agrees
clock-unverified = by the phone's clock
clock-clock_differs = the phone's clock differs from the county's
clock-off-by = clock off by { $length }

flagged = not counted yet: { $reason }; your principal has been told
flag-not_allowed = this was not permitted at that time
flag-authority_unsure = it is unsure whether this was permitted at that time: whoever is in charge now is asked
flag-after_loss = recorded after the phone was reported lost
flag-after_revocation = brought in a file after the phone was stopped
flag-twin = two different records have one number
flag-newer = written by a newer version, shown after an upgrade
flag-recovered = brought back by another phone, to be confirmed by its author or the administrator
flag-unreadable = it can't be read and is kept as it is

conflict = two people changed this at the same time
waiting-for = waiting for another record
not-recorded = not recorded
void = undo
