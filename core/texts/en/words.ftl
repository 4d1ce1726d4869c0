# Fixed words
school-kindergarten = kindergarten
school-primary = primary school
school-secondary = secondary school
school-vocational = vocational school
school-special = special school

hours-regular = regular hours
hours-flexible = flexible hours

decision-approved = approved
decision-refused = not approved
decision-pending = waiting for a decision

direction-in = check in
direction-out = check out

visit-on_site_guidance = on-site guidance
visit-drop_in_observation = drop-in observation
visit-demonstration_lesson = demonstration lesson
visit-training = lecture or training
visit-joint_research = joint teaching research
visit-lesson_delivery = lesson delivery
visit-shadowing = shadowing
visit-open_day = open day
visit-results_show = results show
visit-meeting = meeting
visit-inspection = inspection
visit-union_activity = union activity
visit-term_summary = term summary

subject-teacher = teacher
subject-school = school
subject-kindergarten = kindergarten
subject-group = group
subject-alliance = alliance

period-school_year = school year
period-term = term
period-month = month
period-week = week

force-must = must
force-principle = in principle
force-target = target
force-may = may

chapter-office = centralized office
chapter-office_review = review of the office chapter
chapter-service = after-school service
chapter-visits = support visits

service = after-school service
session = session
handover = handover
visit = support visit
pairing = pairing
review = review
grade = grade
publish-week = publish the week
amendment = amended after publication

part-plan = plan
part-measures = measures
part-record = record
part-summary = summary
field-guidance = professional guidance
field-management = routine management
field-research = joint teaching research
field-exchange = exchange of teachers

role-staff = staff
role-principal = principal
role-deputy = deputy
role-coordinator_enrolment = coordinator for enrolment
role-coordinator_fees = coordinator for fees
role-kiosk = kiosk
role-group_lead = group lead
role-group_deputy = deputy group lead
role-township = township centre
role-supervisor = supervisor
role-inspector = inspector
role-liaison = bureau liaison
role-administrator = administrator
