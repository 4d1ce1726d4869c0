/** The records that screens show, by the names under which they may use them. Nothing else of the generated code is named outside. */
package org.sanji.phone

typealias Affairs = org.sanji.core.Affairs
typealias Asked = org.sanji.core.Asked
typealias AskedCorrection = org.sanji.core.Asked.Correction
typealias AskedLeave = org.sanji.core.Asked.Leave
typealias Asking = org.sanji.core.Asking
typealias BundleFile = org.sanji.core.BundleFile
typealias Check = org.sanji.core.Check
typealias Clock = org.sanji.core.Clock
typealias Connectivity = org.sanji.core.Connectivity
typealias CorrectionAsked = org.sanji.core.CorrectionAsked
typealias Countersign = org.sanji.core.Countersign
typealias DaySaid = org.sanji.core.DaySaid
typealias Delivery = org.sanji.core.Delivery
typealias Direction = org.sanji.core.Direction
typealias Entry = org.sanji.core.Entry
typealias EntrySaid = org.sanji.core.EntrySaid
typealias Finding = org.sanji.core.Finding
typealias Fix = org.sanji.core.Fix
typealias FlexibleHours = org.sanji.core.FlexibleHours
typealias Flagged = org.sanji.core.Flagged
typealias Instructor = org.sanji.core.Instructor
typealias KeyStorage = org.sanji.core.KeyStorage
typealias KioskPerson = org.sanji.core.KioskPerson
typealias Language = org.sanji.core.Language
typealias Leave = org.sanji.core.Leave
typealias LeavePiece = org.sanji.core.LeavePiece
typealias LeaveRequest = org.sanji.core.LeaveRequest
typealias Matter = org.sanji.core.Matter
typealias Named = org.sanji.core.Named
typealias Newcomer = org.sanji.core.Newcomer
typealias News = org.sanji.core.News
typealias Observation = org.sanji.core.Observation
typealias ObservationShown = org.sanji.core.ObservationShown
typealias Owner = org.sanji.core.Owner
typealias Participant = org.sanji.core.Participant
typealias PartText = org.sanji.core.PartText
typealias Pending = org.sanji.core.Pending
typealias PhoneEvent = org.sanji.core.PhoneEvent
typealias Picture = org.sanji.core.Picture
typealias Place = org.sanji.core.Place
typealias PlanShown = org.sanji.core.PlanShown
typealias Posting = org.sanji.core.Posting
typealias PostingDay = org.sanji.core.PostingDay
typealias Profile = org.sanji.core.Profile
typealias Provisional = org.sanji.core.Provisional
typealias ReasonSaid = org.sanji.core.ReasonSaid
typealias RosterRow = org.sanji.core.RosterRow
typealias SchoolName = org.sanji.core.SchoolName
typealias SchoolProfile = org.sanji.core.SchoolProfile
typealias SendingSaid = org.sanji.core.SendingSaid
typealias Service = org.sanji.core.Service
typealias ServicePlan = org.sanji.core.ServicePlan
typealias Session = org.sanji.core.Session
typealias SessionShown = org.sanji.core.SessionShown
typealias ShellException = org.sanji.core.ShellException
typealias Span = org.sanji.core.Span
typealias StaffDay = org.sanji.core.StaffDay
typealias Standing = org.sanji.core.Standing
typealias StandingOutdated = org.sanji.core.Standing.Outdated
typealias StandingRefused = org.sanji.core.Standing.Refused
typealias StandingRevoked = org.sanji.core.Standing.Revoked
typealias StatedCheck = org.sanji.core.StatedCheck
typealias SyncOutcome = org.sanji.core.SyncOutcome
typealias Today = org.sanji.core.Today
typealias Tone = org.sanji.core.Tone
typealias Unsent = org.sanji.core.Unsent
typealias Verdict = org.sanji.core.Verdict
typealias Visit = org.sanji.core.Visit
typealias VisitPlan = org.sanji.core.VisitPlan
typealias VisitSummary = org.sanji.core.VisitSummary
typealias Wait = org.sanji.core.Wait
typealias WaitReason = org.sanji.core.WaitReason

/** How the records were found when they were opened. */
typealias Found = org.sanji.core.Records

/** They went back to an earlier state. */
typealias FoundWentBack = org.sanji.core.Records.WentBack

/** They could not be opened: the old file is kept. */
typealias FoundReplaced = org.sanji.core.Records.Replaced

/** The calls that a phone answers. */
typealias Calls = org.sanji.core.PhoneInterface
