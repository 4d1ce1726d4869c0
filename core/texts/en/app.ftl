# The apps: words of their screens
# What the system shows before the app runs; each platform's files are made from it
system-name = Sanji
system-why-camera = To scan the code of an invitation or a visit, and to take pictures of a visit. Pictures are used for the record only
system-why-photos = To choose a picture for a visit or a certificate
system-why-place = Your county asks whether you check in at the school. Only inside or outside is kept, never where you are
system-why-nearby = Delivering records needs the receiver in your school's network
system-channel-sending = Records that wait
system-channel-decisions = Answers to leave and corrections

# Common
app-ok = OK
app-cancel = Cancel
app-back = Back
app-save = Save
app-send = Submit
app-change = Change
app-close = Close
app-choose = Please choose
app-optional = optional
app-why = Why
app-more = More
menu-own = Mine
app-reason = Reason
app-date = Date
app-from = From
app-to = To
app-today = Today
app-nothing = None
app-share = Send to…
app-copy = Copy
app-copied = Copied
app-kept = Saved on this phone
app-try-again = Try again
app-empty = Nothing recorded yet
app-bad-date = Please give a date such as 2026-03-02
app-bad-time = Please give a time such as 16:30
app-bad-number = Please give a number
app-needed = Please fill this in
app-find = Find
app-find-more = { $count } more, type a name to find it
app-remove = Leave out
app-no-permission = The system did not allow it. You can allow it in the system's settings, or do it another way
app-no-camera = There is no camera that can be used. Please do it another way
app-take-picture = Take a picture
app-choose-picture = Choose a picture
app-open-settings = Open the system's settings

# A day
day-no-rules = Your school's rules have not arrived yet; check-ins are kept all the same
day-not-in-force = { $office } recorded; office hours are not in force at your school yet, so nothing is judged
day-rest-recorded = Rest day, { $office } recorded
day-not-begun = Not checked in yet today
day-in = { $office } so far, { $short } to go
day-in-enough = { $office } so far, enough for today
day-out = { $office } recorded, { $short } to go
day-out-enough = { $office } recorded, enough for today
day-present = Present { $office }, as asked for
day-rule = Hours { $windows }, { $required } in all
day-rule-flexible = Flexible hours, { $required } in all
day-undecided = { $count } to be decided
day-between = ,{ " " }
sending-waiting = { $count } not sent, oldest { $when }; they are safe on this phone
sending-retired = { $count ->
        [one] One record was not taken and is kept on this phone
       *[other] { $count } records were not taken and are kept on this phone
    }
sending-retired-next = For a correction, please talk to your principal
sending-waiting-some = { $count } not sent; they are safe on this phone
sending-blobs = Texts delivered, { $count } pictures to go
sending-locked = { $count ->
    [one] One file
   *[other] { $count } files
 } of earlier records can't be opened yet; nothing is deleted
sending-notice = They have waited for a while. Please open the app once where there is a network, or hand them to your principal as a file

# Enrolling
enrol-title = Set up this phone
enrol-lead = Please scan the invitation from your principal or administrator. You do this once.
enrol-scan = Scan the code
enrol-type = Type the code
enrol-address = Address
enrol-address-hint = such as sanji.example.cn:8443
enrol-code = Code (20 characters)
enrol-beside = No network? Your principal's phone can help
enrol-beside-lead = Ask your principal to scan this code under “Colleagues · Set up a phone”, then scan the code that the principal's phone shows.
enrol-key = This phone's code
enrol-scan-pass = Scan the principal's code
enrol-busy = Setting up…
enrol-needs-network = Setting up needs a network, and there is none now. The invitation stays good: try again later, or ask your principal's phone for help
enrol-other-county = This phone belongs to another county. Leave it under Settings first, then scan again
enrol-expired = The invitation has expired or was used. Please ask your principal or administrator for a new one
enrol-not-accepted = The invitation was not accepted. Please ask your principal or administrator for a new one
enrol-done = Ready
enrol-you = You are
enrol-school = School
enrol-post = Role
enrol-recorded-title = What is recorded, and who sees it
enrol-recorded-checks = Your check-ins, check-outs and leave, recorded by your own phone.
enrol-recorded-time = Each record carries evidence of its time. Your place is not recorded unless the county asks for it.
enrol-recorded-who = Your principal and the county's supervisors see the results and what they rest on; the kind of a leave only those who may know.
enrol-recorded-look = Whenever somebody looks at your details, that is noted.
enrol-recorded-yours = Records are kept on this phone first, and delivered when there is a network.
enrol-begin = Begin

# Today
today-check-in = Check in
today-check-out = Check out
today-done-in = Checked in at { $time }
today-done-out = Checked out at { $time }
today-undo = Undo (5 minutes)
today-undone = Undone
today-bar = Today from 6 to 22
today-bar-windows = office hours { $spans }
today-bar-presence = present { $spans }
today-bar-leave = on leave { $spans }
today-school-pick = You work at several schools. Please choose where you are today
today-no-posting = You have no post today. Your principal adds you to the list first
today-queue = { $count } for you to decide
today-flagged = { $count } not counted
today-conflicts = { $count } changed by two people
today-asking = A phone waits for you
today-school-now = The school now
today-publish = Last week can be published
today-my-corrections = { $count } of your corrections to be decided
today-my-week = My week
today-leave = Leave
today-service = After-school service
today-visits = Support visits
today-people = Colleagues
today-settings = Settings
today-first = First day: press the button below to check in; the rest happens by itself
today-clock-ahead = The phone's clock is { $length } ahead; records still count by reliable time. Please turn on automatic time in the system's settings
today-clock-behind = The phone's clock is { $length } behind; records still count by reliable time. Please turn on automatic time in the system's settings
today-place-asking = Seeing whether you are at the school…

# Why a day is as it is
daypage-entries = Records of the day
daypage-none = Nothing recorded
daypage-windows = Hours
daypage-correct = Ask for a correction
daypage-note = Write a remark
daypage-note-hint = For example: meeting at the township in the morning
daypage-provisional = May differ from the review page
daypage-before = Earlier
daypage-after = Later
daypage-clause-words = In the source's words
origin-own = own phone
origin-kiosk = kiosk
origin-on_behalf = by the principal
origin-correction = corrected by the principal
origin-request = asked for

# A week
week-title = My week
week-before = Earlier
week-after = Later
week-sum = { $office } this week
week-range = { $from } – { $to }

# Leave
leave-title = Leave
leave-apply = Apply for leave
leave-kind = Kind
leave-from = From
leave-to = To
leave-reason = Reason (for whoever decides)
leave-certificate = Picture of a certificate
leave-add-picture = Take or choose a picture
leave-remove-picture = Leave the picture out
leave-send = Submit
leave-sent = Saved. Your principal sees it once it is delivered
leave-change = Change
leave-withdraw = Withdraw
leave-withdrawn = withdrawn
leave-return = I am back
leave-returned = back { $when }
leave-none = No leave this term
leave-no-kinds = The kinds of leave have not arrived yet. Please connect once
leave-whole-day = All day
leave-kept = After a change, what was approved stays so where both agree

# Corrections
correction-title = Corrections
correction-ask = Ask for a correction
correction-day = Which day
correction-missing = What is missing
correction-add = Add one
correction-wrong = What is wrong
correction-reason = Reason
correction-reason-hint = For example: battery empty, at school by 8:30
correction-picture = Picture
correction-send = Submit
correction-sent = Saved. Your principal sees it once it is delivered
correction-none = No corrections this term

# What waits
sendpage-title = Delivery
sendpage-now = Send now
sendpage-trying = Trying…
sendpage-delivered = { $count } delivered just now
sendpage-no-network = No network now. Everything is on this phone and goes by itself when there is one
sendpage-file = Make a file of what waits
sendpage-file-lead = The file is sealed; only the county can open it. Hand it to your principal or administrator any way you like. The records stay on this phone until they are delivered.
sendpage-file-part = The file holds records { $count }, pictures { $pictures }; please make another for the rest
sendpage-file-whole = The file holds everything that waits: records { $count }, pictures { $pictures }
sendpage-stopped = Not taken at the moment
sendpage-revoked = This phone is out of use. { $count } that were not delivered are still here: please hand them to your principal as a file
sendpage-outdated = Please update the app to go on sending; records are kept
sendpage-unknown = Please ask your principal to confirm this phone
sendpage-not-accepted = Records that do not count
sendpage-not-accepted-lead = These do not count, and your principal has been told. Talk to your principal, or ask for a correction.
sendpage-locked = { $count ->
        [one] One file of earlier records can't be opened and is kept as it is; it comes back once your principal confirms this phone
       *[other] { $count } files of earlier records can't be opened and are kept as they are; they come back once your principal confirms this phone
    }

# Waiting to be confirmed
waiting-title = Please ask your principal to confirm this phone
waiting-lead = The phone's key is gone; your earlier records are still here. Read these six digits to your principal, who enters them under “Phones that wait”.
waiting-digits = Six digits
waiting-go-on = You can go on checking in; records are kept on this phone
waiting-not-yet = There are no digits yet. Please connect once

# Out of use, and the like
state-revoked-title = This phone is out of use
state-revoked = Since { $when } new records of this phone are not taken. What was recorded is kept; please talk to your principal.
state-full-title = The phone's storage is full
state-full = What was recorded is kept. Please make room by removing pictures or apps, then try again.
state-newer-title = Please update the app
state-newer = The records on this phone were written by a newer version. They open after the update; nothing is lost.
state-closed-title = The records are open elsewhere
state-closed = Nothing is lost. Please close the app in the other place, then try again.
state-keys_unavailable-title = The records can't be opened just now
state-keys_unavailable = Nothing is lost. This may happen when the phone has just been started. Please unlock it, wait a moment and try again.
state-replaced-title = The earlier records can't be opened
state-replaced = The old file is kept, and new records are saved as usual. Where a record is missing, please ask for a correction.
state-went-back-title = The records went back to an earlier state
state-went-back = The phone was restored. What had not been delivered is sent again; you need not do anything.
state-retired-title = This term is archived
state-retired = Records of this term take no more changes. For a correction, please talk to your principal.
state-first-day = Your school's data has not arrived yet; it comes when there is a network. You can check in now.
state-failed-title = It does not open
state-failed = Records are still on this phone. Please close the app and open it again; if that does not help, please ask your administrator.

# After-school service
servicepage-title = After-school service
servicepage-plan = This term's plan
servicepage-plan-none = No plan for this term yet
servicepage-plan-new = Write the plan
servicepage-plan-filed = filed
servicepage-plan-pending = to be filed
servicepage-plan-refused = given back
servicepage-projects = Projects (one per line)
servicepage-text = Notes
servicepage-today = Today's sessions
servicepage-earlier = Earlier sessions
servicepage-none = No session today yet
servicepage-new = Record a session
servicepage-start = Begins
servicepage-end = Ends
servicepage-content = Content
servicepage-project = Project
servicepage-stage = Stage
servicepage-instructors = Led by
servicepage-outside = From outside
servicepage-outside-name = Name
servicepage-outside-add = Add somebody from outside
servicepage-vetted = Checked and approved
servicepage-pupils = Pupils counted
servicepage-pupils-count = { $count ->
        [one] 1 pupil
       *[other] { $count } pupils
    }
servicepage-handover = Handover
servicepage-handover-done = handed over
servicepage-handover-to = To
servicepage-handover-family = The families
servicepage-handover-pupils = Pupils handed over
servicepage-handover-text = Notes
servicepage-save = Save the session
servicepage-amend = Amend the session
servicepage-forbidden = The rules do not allow this during the service
servicepage-not-allowed = not allowed during the service
servicepage-no-rules = The rules of the service have not arrived yet. Please connect once
stage-kindergarten = kindergarten
stage-primary = primary
stage-junior = junior secondary
stage-senior = senior secondary

# Support visits
visitpage-title = Support visits
visitpage-none = No support visits this term
visitpage-new = Plan a visit
visitpage-kind = Kind
visitpage-host = School to visit
visitpage-at = School
visitpage-no-schools = The list of schools has not arrived yet. Please connect once
visitpage-not-here = The school's data has not arrived yet
visitpage-from-school = School that visits
visitpage-field = Field
visitpage-visitors = Who comes along
visitpage-who = Visitors
visitpage-teachers = Whose lessons
visitpage-no-teachers = This school's list is not on this phone
visitpage-announced = Tell the school beforehand
visitpage-not-announced = The school sees it once you are there
visitpage-open = I am here, begin
visitpage-close = End the visit
visitpage-minutes = Time spent (minutes)
visitpage-took = Time spent
visitpage-planned = planned
visitpage-opened = under way
visitpage-closed = ended
visitpage-unwritten = Not written yet
visitpage-write = Write
visitpage-rival = Somebody else wrote at the same time
visitpage-people = Who took part
visitpage-person-name = Name
visitpage-person-duty = What for
visitpage-person-add = Add somebody
visitpage-observations = Lessons observed
visitpage-observe = Record a lesson
visitpage-teacher = Teacher
visitpage-lesson = Lesson
visitpage-review = Review
visitpage-grade = Grade
visitpage-lesson-minutes = Length (minutes)
visitpage-pictures = Pictures
visitpage-picture = a picture
visitpage-picture-add = Add a picture
visitpage-picture-take = Take or choose a picture
visitpage-picture-caption = What it shows
visitpage-picture-large = The picture can't be read or is too large; please choose another
visitpage-picture-not-here = The picture has not arrived; it can be seen with a network
visitpage-notes = Notes
visitpage-note-add = Add a note
visitpage-share = Show it to the teacher
visitpage-answer = Answer
visitpage-answers = Answers
visitpage-comments = Comments of the review
visitpage-signature = Countersign of the school
visitpage-unsigned = The school has not countersigned yet
visitpage-comment-add = Write a comment
visitpage-countersign = Ask the school to countersign
visitpage-countersign-lead = Ask the school's principal to scan these codes one after another under “Support visits · Scan and countersign”.
visitpage-code-of = Code { $n } of { $all }
visitpage-next-code = Next code
visitpage-countersigned = countersigned { $when }
visitpage-countersign-changed = { $count } changes since then
visitpage-scan = Scan and countersign
visitpage-scan-lead = Ask the visitor to choose “Ask the school to countersign” on the visit, then scan the codes one after another.
visitpage-scan-more = { $count } to go, please scan on
visitpage-not-a-code = This is not a code of this visit, please go on with those on the other phone
visitpage-scan-read = Please check what it says
visitpage-sign = Countersign
visitpage-sign-text = Comment
visitpage-signed = Countersigned, saved on this phone
visitpage-sign-here = Countersign here (the visit has arrived on this phone)

# For principals
school-title = The school now
school-sum = { $in } in, { $leave } on leave, { $none } not checked in
school-none = The list has not arrived on this phone yet
school-person = The day
school-on-behalf = Record for somebody
school-on-behalf-lead = For a broken or forgotten phone. The colleague sees that it was you.
school-correct = Correct this day
school-time = Time
queue-title = For you to decide
queue-none = Nothing for you to decide
queue-open = Leave and corrections
queue-approve = Yes
queue-refuse = No
queue-refuse-why = Please say why not
queue-leave = applies for leave
queue-correction = asks for a correction
queue-certificate = Look at the certificate
queue-not-arrived = The certificate has not arrived; it can be seen with a network
queue-decided = Decided
conflict-title = Two people changed this at the same time
conflict-none = Nothing of that kind
conflict-lead = Both are kept. Please ask both, then put it right.
conflict-put = Put it right
flagged-title = Records that do not count
flagged-none = All records count
flagged-lift = Let it count
flagged-lift-why = Please say why it should count
flagged-lifted = It counts now
flag-no_authority = whoever wrote it may not write this
flag-outside_posting = outside the days of the posting
flag-own_request = nobody decides on their own request
flag-unconfirmed = the phone has not been confirmed
flag-grant_fell = the permission under which it was written no longer holds
lift-own_request = This can't be made to count; a deputy or supervisor decides anew
lift-recovered = The colleague's own phone or the administrator confirms it
lift-unconfirmed = Please confirm that phone first
lift-twin = The colleague's phone sends it again
lift-grant_fell = For whoever gave the permission
lift-unreadable = Please look again after an update
askpage-title = Phones that wait
askpage-none = No phone waits
askpage-lead = Please compare the six digits that the phone shows.
askpage-recovers = Brings its earlier records back
askpage-approve = Confirm
askpage-approved = Confirmed
askpage-needs-network = This needs a network
askpage-digits-needed = Please type the six digits
publishpage-title = Publish the week
publishpage-lead = What arrives or is corrected later is listed as an amendment; what was published stays.
publishpage-missing = Records of { $count } people are not complete
publishpage-complete = Everything has arrived
publishpage-do = Publish
publishpage-done = Published
publishpage-done-at = published { $when }
publishpage-again = Publish again (amendment)
publishpage-week = { $from } – { $to }
people-title = Colleagues
people-add = Add a colleague
people-name = Name
people-role = Role
people-teaches = Teaches
people-from = From which day
people-enable = Set up a phone
people-enable-lead = Ask the new phone to show its code. Scan it, then let it scan the code shown here.
people-scan-key = Scan the new phone's code
people-for-kiosk = As the school's kiosk
people-kiosk = Set up the school's kiosk
people-pass = Let the new phone scan this
people-not-a-key = This is not the code of a new phone: choose “Your principal's phone can help” there
people-pin = PIN for the kiosk
people-pin-lead = For somebody without a phone. Please let them type it themselves.
kioskout-title = Kiosk out for a day
kioskout-lead = For a broken kiosk or a power cut. The day no longer waits for it.
kioskout-do = Take it out for this day
kioskout-done = Noted
kioskout-none = No kiosk
kioskout-which = Kiosk { $n }

# Rows of the roster and a school's settings, on the pages too
flexible-to = Last day
flexible-ground = Special difficulty (why)
flexible-grant = Grant flexible hours
flexible-hint = Each working day still has at least 5 hours of office time.
settings-school = School settings
settings-from = From which day on
settings-boarding = Follows the boarding row for after-school service
settings-yes = yes
settings-no = no
settings-dismissal = Normal dismissal
settings-rules = Filed rules (version or date)
roster-not-yours = This row is changed by the county's administrator.
settings-unset = as the county says
settings-windows = Own office windows
settings-morning-from = Morning from
settings-morning-to = Morning to
settings-afternoon-from = Afternoon from
settings-afternoon-to = Afternoon to
settings-windows-fixed = The office windows are those of the scheme; this school can't shift them.
settings-bad-windows = Please give all four times, from morning to evening, at least 5 hours in all.
settings-kept = What you leave empty stays as it is.

# The kiosk
kiosk-title = Kiosk
kiosk-who = Who are you
kiosk-search = Find your name
kiosk-none = The list has not arrived yet. Please connect once
kiosk-pin = PIN
kiosk-pin-typed = { $count } digits typed
kiosk-pin-rub = One back
kiosk-no-pin = no PIN yet
kiosk-show = My last records
kiosk-taps = Your last records
kiosk-leave = Done
kiosk-again = Next
kiosk-gate-title = Look after the kiosk
kiosk-gate-lead = From here the kiosk can be left or cleared. To go on, please type { $digits }
kiosk-gate-typed = The four digits
kiosk-gate-pass = Go on

# Settings
setpage-title = Settings
setpage-language = Language
setpage-zh = 中文
setpage-en = English
setpage-text-size = Text size
setpage-size-normal = Normal
setpage-size-large = Large
setpage-size-huge = Very large
setpage-storage = Storage used
setpage-storage-size = { $size } MB
setpage-relay = Address of the receiver
setpage-version = Version { $version }
setpage-diagnostics = Diagnostics
setpage-diagnostics-lead = Holds no names and no records; for your administrator.
setpage-pin = PIN for the kiosk
setpage-pin-lead = 4 to 8 digits, for the school's kiosk.
setpage-pin-set = Set the PIN
setpage-pin-done = Saved. It works once it is delivered
setpage-pin-again = Once more
setpage-pin-differ = The two differ, please type it again
setpage-recorded = What is recorded, and who sees it
setpage-log-out = Leave this phone
setpage-log-out-lead = Somebody else can then set it up. Your records stay on the phone, and you can come back.
setpage-log-out-unsent = { $count ->
        [one] One record is not delivered. It stays on the phone and is sent when there is a network.
       *[other] { $count } records are not delivered. They stay on the phone and are sent when there is a network.
    }
setpage-log-out-do = Leave
setpage-reset = Clear this phone
setpage-reset-lead = Before the phone goes to somebody else. Only once everything is delivered.
setpage-reset-unsent = { $count ->
        [one] One record is not delivered, so the phone can't be cleared. Please send it, or hand it over as a file.
       *[other] { $count } records are not delivered, so the phone can't be cleared. Please send them, or hand them over as a file.
    }
setpage-reset-damaged = { $count ->
        [one] One file of earlier records can't be read and is on this phone only: clearing deletes it.
       *[other] { $count } files of earlier records can't be read and are on this phone only: clearing deletes them.
    }
setpage-reset-retired = { $count ->
        [one] One record was not taken and is on this phone only: clearing deletes it.
       *[other] { $count } records were not taken and are on this phone only: clearing deletes them.
    }
setpage-reset-do = Clear
setpage-others = Others on this phone
setpage-others-unsent = { $name }, { $count } not delivered
setpage-others-sent = { $name }, all delivered
setpage-others-unnamed = nobody yet
setpage-return = Come back here
setpage-place = Say whether a check is at the school
setpage-place-on = asked for by the county
setpage-place-off = off

# Reminders
notice-unsent-title = Records wait to be sent
notice-stopped-title = Records are not taken at the moment
notice-leave-approved = Your leave was approved
notice-leave-refused = Your leave was refused
notice-correction-approved = Your correction was approved
notice-correction-refused = Your correction was refused
notice-flagged-title = A record isn't counted yet
notice-why = To tell you when records wait for long, or when your request was answered

# Scanning
scan-lead = Please hold the code inside the picture
scan-lamp-on = Light on
scan-lamp-off = Light off
scan-type = Go back and type instead
scan-no-camera = The camera can't be opened. Please go back and type instead
