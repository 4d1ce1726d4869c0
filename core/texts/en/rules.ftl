# Verdicts on attendance and after-school service, and their grounds
status-rest_day = rest day
status-on_leave = on leave
status-upcoming = not yet
status-in_progress = under way
status-present = present
status-awaiting_sync = not arrived
status-needs_correction = check-out missing, please correct
status-absent = no record of presence
status-short_of_five_hours = short of five hours
status-irregular = late, early or away

shape-rest_day = –
shape-on_leave = ◇
shape-upcoming = ·
shape-in_progress = ◐
shape-present = ●
shape-awaiting_sync = ◌
shape-needs_correction = ✎
shape-absent = ■
shape-short_of_five_hours = ▲
shape-irregular = ▲
shape-may_be_lost = ?
shape-flagged = ✕

awaiting-since = not arrived (last heard { $when })
awaiting-never = not arrived (never heard)
complete-through = complete through { $when }
short-by = { $minutes } min short of five hours
not-in-force = the office rule is not in force here yet: times are shown, nothing is judged

finding-late = { $minutes } min late
finding-left_early = left { $minutes } min early
finding-away = away for { $minutes } min
finding-absent_from_window = no presence in a window of { $minutes } min
finding-duplicate_in = checked in twice, passed over
finding-unmatched_out = check-out without a check-in, passed over
finding-missing_check_out = check-out missing
finding-leave_pending = leave not decided yet
finding-may_be_lost = records may have been lost with the phone
finding-ends_too_late = ended after the latest end
finding-not_a_school_day = no school day
finding-forbidden_content = content not allowed in the service
finding-unvetted_instructor = outside person without checks and approval
finding-no_handover = no handover recorded
finding-overlaps_same_instructor = one person in two sessions at once
finding-before_dismissal = began before dismissal
finding-no_service = no service recorded on this day
finding-under_one_hour = under one hour
finding-under_two_hours = under two hours
finding-over_three_hours = over three hours
finding-care_too_many_days = care lasted more days than allowed
finding-care_day_too_long = the day's care was longer than allowed

certainty-for_certain = time verified
certainty-if_clock_believed = by the phone's clock
certainty-not_met = not met

warning-calendar_missing = no calendar for { $year } has been imported: Monday to Friday are taken as school days

obligation-met = met
obligation-not-met = not met ({ $done } of { $least })
obligation-by-roster = proved by the roster, not by visits
clause = by { $clause }

leave-of-kind = on leave ({ $kind })
clause-own = by the pack's own choice
kiosk-since = the kiosk hasn't reported (last heard { $when })
kiosk-never = the kiosk hasn't reported (never heard)
