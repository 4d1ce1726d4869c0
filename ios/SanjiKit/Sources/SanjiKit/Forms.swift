import Foundation

// What of each form comes back after the system ended the app.

extension LeaveFormModel: Form {
  struct Typed: Codable, Sendable {
    let posting: String?
    let kind: String
    let isWholeDays: Bool
    let from, to: Date
    let reason: String
  }

  var screen: Screen { .leaveForm(changing) }
  var key: String { "leave \(changing?.entry.hash ?? "")" }
  var typed: Typed {
    get { Typed(posting: posting, kind: kind, isWholeDays: isWholeDays, from: from, to: to, reason: reason) }
    set {
      (posting, kind, isWholeDays) = (newValue.posting, newValue.kind, newValue.isWholeDays)
      (from, to, reason) = (newValue.from, newValue.to, newValue.reason)
    }
  }
}

/// A check as it was typed.
struct TypedCheck: Codable, Sendable {
  let isIn: Bool
  let time: Date
}

extension StatedChecksModel {
  struct Typed: Codable, Sendable {
    let lines: [TypedCheck]
    /// The hashes of the entries that are wrong.
    let wrong: [String]
    let reason: String
  }

  var typed: Typed {
    get { Typed(lines: stated.map { TypedCheck(isIn: $0.direction == .checkIn, time: $0.time) }, wrong: wrong.map(\.hash), reason: reason) }
    set {
      stated = []
      for line in newValue.lines {
        add(line.isIn ? .checkIn : .checkOut)
        stated.last.map { change($0, to: line.time) }
      }
      wrong = Array(Set(checks.map(\.entry).filter { newValue.wrong.contains($0.hash) }))
      reason = newValue.reason
    }
  }
}

extension CorrectionFormModel: Form {
  var screen: Screen { .correctionForm(posting: posting, date: date) }
  var key: String { "correction \(posting ?? "") \(date)" }
}

extension CorrectDayModel: Form {
  var screen: Screen { .correctDay(colleague, date: date) }
  var key: String { "correct day \(colleague.posting) \(date)" }
}

extension OnBehalfModel: Form {
  struct Typed: Codable, Sendable {
    let isIn: Bool
    let at: Date
    let reason: String
  }

  var screen: Screen { .onBehalf(colleague, date: date) }
  var key: String { "on behalf \(colleague.posting) \(date)" }
  var typed: Typed {
    get { Typed(isIn: direction == .checkIn, at: at, reason: reason) }
    set {
      choose(newValue.isIn ? .checkIn : .checkOut)
      (at, reason) = (newValue.at, newValue.reason)
    }
  }
}

/// Who leads a session, as it was chosen.
struct TypedLead: Codable, Sendable {
  let posting, name: String?
  let outside, vetted: Bool
}

extension SessionModel: Form {
  struct Typed: Codable, Sendable {
    let date, start, end, content: String
    let stage, project: String?
    let leads: [TypedLead]
    let pupils: String
  }

  var screen: Screen { .session(school: school, amending) }
  var key: String { "session \(school ?? "") \(amending?.entry.hash ?? "")" }
  var typed: Typed {
    get {
      let leads = instructors.map { TypedLead(posting: $0.posting, name: $0.name, outside: $0.outside, vetted: $0.vetted) }
      return Typed(date: date, start: start, end: end, content: content, stage: stage, project: project, leads: leads, pupils: pupils)
    }
    set {
      (date, start, end, content) = (newValue.date, newValue.start, newValue.end, newValue.content)
      (stage, project, pupils) = (newValue.stage, newValue.project, newValue.pupils)
      instructors = newValue.leads.map { Instructor(posting: $0.posting, name: $0.name, outside: $0.outside, vetted: $0.vetted) }
    }
  }
}

extension HandoverModel: Form {
  struct Typed: Codable, Sendable {
    let to: String?
    let pupils, text: String
  }

  var screen: Screen { .handover(school: school, session) }
  var key: String { "handover \(session.entry.hash)" }
  var typed: Typed {
    get { Typed(to: to, pupils: pupils, text: text) }
    set { (to, pupils, text) = (newValue.to, newValue.pupils, newValue.text) }
  }
}

extension ServicePlanModel: Form {
  struct Typed: Codable, Sendable { let from, to, projects, text: String }

  var screen: Screen { .servicePlan(school: opened, changing) }
  var key: String { "service plan \(opened ?? "") \(changing?.entry.hash ?? "")" }
  var typed: Typed {
    get { Typed(from: from, to: to, projects: projects, text: text) }
    set { (from, to, projects, text) = (newValue.from, newValue.to, newValue.projects, newValue.text) }
  }
}

extension VisitPlanModel: Form {
  struct Typed: Codable, Sendable {
    let kind, date, host: String
    let field: String?
    let visitors, teachers: [String]
    let announced: Bool
  }

  var screen: Screen { .visitPlan(changing) }
  var key: String { "visit plan \(changing ?? "")" }
  var typed: Typed {
    get { Typed(kind: kind, date: date, host: host, field: field, visitors: visitors, teachers: teachers, announced: announced) }
    set {
      (kind, date, host, field) = (newValue.kind, newValue.date, newValue.host, newValue.field)
      (visitors, teachers, announced) = (newValue.visitors, newValue.teachers, newValue.announced)
    }
  }
}

extension PartModel: Form {
  var screen: Screen { .part(visit: document, part: part) }
  var key: String { "part \(document) \(part)" }
  var typed: String {
    get { text }
    set { text = newValue }
  }
}

extension ObservationModel: Form {
  struct Typed: Codable, Sendable { let teacher, lesson, review, grade, minutes: String }

  var screen: Screen { .observation(visit: document, changing) }
  var key: String { "observation \(document) \(changing?.entry.hash ?? "")" }
  var typed: Typed {
    get { Typed(teacher: teacher, lesson: lesson, review: review, grade: grade, minutes: minutes) }
    set {
      (teacher, lesson, review) = (newValue.teacher, newValue.lesson, newValue.review)
      (grade, minutes) = (newValue.grade, newValue.minutes)
    }
  }
}

extension RosterRowModel: Form {
  struct Typed: Codable, Sendable {
    let name, role: String
    let teaches: Bool
    let from, to: String
  }

  var screen: Screen { .rosterRow(school: opened, changing) }
  var key: String { "roster row \(opened ?? "") \(changing?.posting ?? "")" }
  var typed: Typed {
    get { Typed(name: name, role: role, teaches: teaches, from: from, to: to) }
    set { (name, role, teaches, from, to) = (newValue.name, newValue.role, newValue.teaches, newValue.from, newValue.to) }
  }
}

extension ProfileModel: Form {
  struct Typed: Codable, Sendable {
    let from: String
    let fields: Fields
  }

  var screen: Screen { .profile }
  var key: String { "profile \(school ?? "")" }
  var typed: Typed {
    get { Typed(from: from, fields: fields) }
    set { (from, fields) = (newValue.from, newValue.fields) }
  }
}

extension KioskOutModel: Form {
  struct Typed: Codable, Sendable {
    let kiosk: String?
    let date, reason: String
  }

  var screen: Screen { .kioskOut }
  var key: String { "kiosk out \(school ?? "")" }
  var typed: Typed {
    get { Typed(kiosk: kiosk, date: date, reason: reason) }
    set { (kiosk, date, reason) = (newValue.kiosk, newValue.date, newValue.reason) }
  }
}
