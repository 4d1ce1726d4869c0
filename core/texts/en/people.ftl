# Accounts, rosters, invitations, devices, settings of a school

account-own = My account
account-own-lead = You are signed in as { $name } (account { $account }); { $count ->
    [one] this is the only session.
   *[other] { $count } sessions are open.
}
account-changed = The password is changed, and every other session has ended.
account-roles = Roles and scope
account-no-roles = You have no role now: please ask the county's administrator.
account-password = Change the password
account-current = Current password
account-new = New password (at least 10 characters)
account-again = Once more
account-change = Change the password
account-change-hint = Every other session ends.
account-sessions = Sessions
account-sessions-open = { $count ->
    [one] One session is open: this one.
   *[other] { $count } sessions are open.
}
account-everywhere = Sign out everywhere
account-bad-current = That is not the current password; please try again.
account-bad-length = A password has 10 to 200 characters.
account-bad-name = A password must not hold the account's name.
account-bad-again = The two passwords differ; please type it once more.
account-welcome = Set a password
account-welcome-lead = Please set a password for account { $account }.
account-set = Set the password and sign in
account-set-hint = Only you know the password. Once it is set, this link opens nothing any more.
account-link-ended = This link has ended
account-link-ended-lead = It was used, has expired, or was replaced by a newer one. Please ask the county's administrator for a new one.

form-bad-date = Please give a date like 2026-03-02.
form-bad-time = Please give a time like 08:30.
form-stale = This row changed after you opened the page, so nothing was changed; please look and send it again.

roster-title = Staff of { $school }
roster-lead = { $all } people, of whom { $without } have no phone yet.
roster-lead-all = { $all } people, each with a phone.
roster-lead-empty = { $school } has no staff list yet.
pages-role-column = Role
pages-phone-column = Phone
pages-account-column = Account
roster-teaches-not = does not teach
roster-no-phone = no phone yet
roster-heard = last heard { $when }
roster-never-heard = never heard
roster-account-make = Make an account
roster-kiosk = The school's kiosk
roster-invite = Invite the phones of those picked
roster-invite-hint = One card each, with a QR code and a code to type, used once. Print them and hand them over in person.
roster-add = Add somebody
roster-add-do = Add to the staff
roster-add-hint = Then invite the phone in the list above.
roster-name = Name
roster-role = Role
roster-teaches = Teaches (is owed one drop-in observation a school year)
roster-from = First day
roster-to = Last day (leave empty while in office)
roster-bad-role = Please choose a role.
roster-row-lead = { $name }, { $role }.
roster-back = Back to the staff
roster-change = Save the change
roster-change-hint = Give whoever leaves a last day; earlier records all stay.

flexible-none = No flexible hours were granted.

invite-title = Invitations of { $school }
invite-lead = { $count ->
    [one] One invitation, good until { $until }, used once.
   *[other] { $count } invitations, good until { $until }, each used once.
}
invite-hint = These codes are shown this once. Print them and hand them over in person; never send them to a group.
invite-scan = Open Sanji and scan the code;
invite-type = Or type the address and the code:
invite-address = Address
invite-code = Code
invite-until = Good until { $until }
invite-qr = QR code of the invitation for { $name }
invite-nobody = Please pick whom to invite first.
invite-too-many = At most 30 at a time.
invite-no-address = The relay's address for phones isn't known: the administrator puts addresses into the county file and starts the relay again.

settings-title = Settings of { $school }
settings-lead = { $township }, { $kind }.
settings-save = Save
settings-hint = Only what differs from now is set; what held before stays to be seen.
settings-by = set by { $name }, { $when }

device-title = Phone of { $owner }
device-lead = The phone of { $owner } was last heard { $heard } and is complete through { $through }.
device-since = Enrolled
device-works = Works
device-whom-to-tell = Tell the county's administrator when a phone is lost, broken or replaced.
device-confirm = Confirm this phone
device-confirm-hint = A principal enrolled it without a network, or a recovered record brought it back; it waits for confirmation.
device-confirm-do = Confirm
device-retire = Wait for it no more
device-why = Why
device-why-replaced = replaced
device-why-lost = lost
device-why-broken = broken
device-day = As of which day
device-time = At what time
device-retire-do = Wait no more
device-retire-hint = Nothing waits for it after that; what a lost phone records later doesn't count. Days that it hadn't sent say that records may have been lost.
device-revoke = Stop this phone
device-sure = I am sure that it must be stopped
device-not-sure = Please tick “I am sure” first.
device-revoke-do = Stop it
device-revoke-hint = Nothing more is taken from it. What it had not sent can come as a file through the principal.
device-bad-why = Please choose why.
device-bad-when = Please give a date and a time.
device-ahead = The time can't lie ahead.
device-outage = Kiosk out of order for a day
device-date = Which day
device-bad-date = Please give today or an earlier date, like 2026-03-02.
device-outage-do = Take it out
device-outage-hint = No cell of that day waits for the kiosk; staff can ask for corrections.

accounts = Accounts
accounts-lead = { $count ->
    [one] One account can sign in.
   *[other] { $count } accounts can sign in.
}
accounts-search = Find an account or a name
accounts-search-do = Find
accounts-add = A new account
accounts-name = Account (lower-case letters, digits, dots)
accounts-display = Name
accounts-for = For { $name }; the roles are those of the school's staff list.
accounts-scope = Scope
accounts-add-do = Make it, with a link to sign in
accounts-add-hint = Its owner sets the password by a one-time link. Accounts of principals and teachers are made from the school's staff list.
accounts-bad-name = Please use 2 to 32 lower-case letters, digits, dots or hyphens.
accounts-exists = This account exists already; please choose another name.
accounts-has-one = This person has the account { $account }.
accounts-bad-scope = This role can't have this scope: a township centre has a township, group roles a group, an administrator the county.
accounts-closed = closed { $when }
accounts-link = Make a new link
accounts-close = Close
accounts-link-title = One-time link
accounts-link-lead = Please hand this link to the owner of account { $account }; it is good until { $until } and used once.
accounts-link-hint = The link is shown this once. Its owner opens it, sets a password and is signed in; earlier links open nothing any more.
accounts-back = Back to the accounts

publish-due = Please publish the week from { $from } to { $to }.
roster = Staff and invitations

county-settings = County settings
county-settings-lead = From { $day } on, principals are reminded to publish the last week.
county-settings-lead-never = Principals aren't reminded to publish.
county-settings-day = From which weekday on to remind of the last week
county-settings-never = never
county-settings-bad-day = Please choose a weekday, or never.
county-settings-hint = The source asks for a publication each week and names no day.
county-settings-place = Whether place is looked at when somebody checks in
county-settings-place-off = no, phones don't ask for it
county-settings-place-on = yes, the phone itself judges whether it is at school
county-settings-place-hint = Only for schools whose area stands in the county file. The phone notes “at school”, “elsewhere” or “not known”, never where; the record counts all the same, and the principal sees it.
county-settings-bad-place = Please choose whether place is looked at or not.
county-settings-file = County file
county-settings-addresses = Addresses of the relay for phones: { $addresses }
county-settings-file-hint = Schools, groups, calendar, packs and addresses are kept by the county file (sanji county import).

asking-title = Phones that ask to be let in again
asking-none = No phone asks to be let in again.
asking-lead = { $count ->
    [one] { $count } phone lost its key and asks to be let in again.
   *[other] { $count } phones lost their keys and ask to be let in again.
}
asking-option = { $owner }, since { $when }
asking-device = phone
asking-digits = the six digits that the phone shows
asking-do = let it in again
asking-hint = Compare them face to face or by telephone: the digits say which phone it is, you say whose. With this, what the phone had recorded before opens too, and arrives. After five wrong tries the phone shows new digits.
