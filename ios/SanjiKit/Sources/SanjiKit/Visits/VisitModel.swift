import Foundation

/// What the screens of one visit work with.
@MainActor
open class OneVisitModel: Model {
  public let document: String
  public internal(set) var visit: Visit?
  public internal(set) var isSaved = false
  public private(set) var colleagues: [RosterRow] = []
  /// Who comes, as far as this phone knows their names.
  public private(set) var visitors: [String] = []

  public init(_ office: Office, document: String) {
    self.document = document
    super.init(office)
  }

  open override func load() async {
    let document = document
    guard
      let (visit, colleagues, visitors) = await read({ phone in
        let today = try phone.now().date
        let (visit, schools) = (try phone.visit(document: document), try phone.owner().postings.map(\.school))
        let visitors = try (visit.plan?.visitors ?? []).compactMap { person in
          try schools.compactMap { try phone.nameOf(school: $0, person: person, day: today) }.first
        }
        return (visit, try schools.flatMap { try phone.people(of: $0, on: today) }, visitors)
      })
    else { return }
    (self.visit, self.colleagues, self.visitors) = (visit, colleagues, visitors)
    changed()
  }

  /// Writes something of the visit, and shows it.
  @discardableResult
  func write<T: Sendable>(_ call: @escaping @Sendable (Phone, String) throws -> T) async -> T? {
    let document = document
    let done = await record { try call($0, document) }
    isSaved = done != nil
    if done != nil { await load() }
    return done
  }
}

/// A visit: opened on site, four parts, people, lessons, pictures, notes, the host's signature, answers and comments.
@MainActor
public final class VisitModel: OneVisitModel {
  /// The parts, by their codes.
  public nonisolated static let parts = ["plan", "measures", "record", "summary"]

  public var note = ""
  public var answer = ""
  public var comment = ""
  public var minutes = ""
  /// Pictures that were fetched, by their hash.
  public private(set) var pictures: [String: Data] = [:]

  private var fetching: Task<Void, Never>?

  public override func load() async {
    await super.load()
    guard fetching == nil else { return }
    // The page doesn't wait for a network.
    fetching = Task {
      await fetchPictures()
      fetching = nil
    }
  }

  /// The text of a part, once written.
  public func text(_ part: String) -> PartText? { visit?.parts.first { $0.part == part } }

  /// Whether the minutes can be read.
  public var minutesAreReadable: Bool { minutes.filled == nil || UInt32(minutes) != nil }

  /// Opens it on site.
  public func open() async { await write { try $0.openVisit(document: $1) } }

  /// Closes it, with the time that it took if that differs from the time on site.
  public func close() async {
    guard minutesAreReadable else { return }
    let minutes = UInt32(minutes)
    await write { try $0.closeVisit(document: $1, minutes: minutes) }
  }

  /// Adds a picture, already scaled.
  public func add(picture: Data, caption: String) async {
    let caption = caption.filled
    await write { try $0.addPicture(document: $1, picture: picture, caption: caption) }
  }

  /// Fetches the pictures that are not here yet.
  private func fetchPictures() async {
    let document = document
    for hash in visit?.pictures.map(\.hash) ?? [] where pictures[hash] == nil {
      let found = try? await office.desk.fetch { try await $0.picture(document: document, hashText: hash) }
      if let found { pictures[hash] = found }
      changed()
    }
  }

  /// Adds the note.
  public func addNote() async {
    let note = note
    if await write({ try $0.addVisitNote(document: $1, text: note) }) != nil { self.note = "" }
  }

  /// Shares it with the teachers that it is about.
  public func share() async {
    let teachers = visit?.plan?.teachers ?? []
    let observed = visit?.observations.map(\.observation.teacher) ?? []
    let with = Array(Set(teachers + observed)).sorted()
    await write { try $0.shareVisit(document: $1, postings: with) }
  }

  /// Answers as one of those teachers.
  public func sendAnswer() async {
    let answer = answer
    if await write({ try $0.answerVisit(document: $1, text: answer) }) != nil { self.answer = "" }
  }

  /// Comments on all of it.
  public func sendComment() async {
    let comment = comment
    if await write({ try $0.comment(document: $1, about: [], text: comment) }) != nil { self.comment = "" }
  }
}

/// Writes one of the four parts.
@MainActor
public final class PartModel: OneVisitModel {
  public let part: String
  public var text = ""
  /// What others wrote at the same time.
  public private(set) var rivals: [String] = []
  private var isRead = false

  public init(_ office: Office, document: String, part: String) {
    self.part = part
    super.init(office, document: document)
  }

  /// What is being typed is never replaced by what arrives.
  public override func load() async {
    await super.load()
    guard let visit else { return }
    let written = visit.parts.first { $0.part == part }
    rivals = written?.rivals ?? []
    if !isRead { (text, isRead) = (written?.text ?? "", true) }
    changed()
  }

  /// Records it.
  public func save() async {
    let (part, text) = (part, text)
    await write { try $0.writePart(document: $1, part: part, text: text) }
  }
}

/// Who took part in a visit.
@MainActor
public final class PeopleModel: OneVisitModel {
  public private(set) var people: [Participant] = []
  public var name = ""
  public var duty = ""
  private var isRead = false

  public override func load() async {
    await super.load()
    guard let visit, !isRead else { return }
    (people, isRead) = (visit.people, true)
    changed()
  }

  /// Adds a line.
  public func add() {
    guard let name = name.filled else { return }
    people.append(Participant(person: nil, name: name, duty: duty.filled))
    (self.name, duty) = ("", "")
    changed()
  }

  /// Adds a colleague.
  public func add(_ colleague: RosterRow) {
    guard !people.contains(where: { $0.person == colleague.person }) else { return }
    people.append(Participant(person: colleague.person, name: nil, duty: nil))
    changed()
  }

  public func remove(_ participant: Participant) {
    people.removeAll { $0 == participant }
    changed()
  }

  /// The name of one of them.
  public func name(_ participant: Participant) -> String {
    participant.name ?? colleagues.first { $0.person == participant.person }?.name ?? ""
  }

  /// Records it.
  public func save() async {
    let people = people
    await write { try $0.setPeople(document: $1, people: people) }
  }
}

/// A lesson observed, with its review and grade.
@MainActor
public final class ObservationModel: OneVisitModel {
  /// The one that is changed; absent for a new one.
  public let changing: ObservationShown?
  public var teacher = ""
  public var lesson = ""
  public var review = ""
  public var grade = ""
  public var minutes = ""

  public init(_ office: Office, document: String, changing: ObservationShown? = nil) {
    self.changing = changing
    super.init(office, document: document)
    guard let seen = changing?.observation else { return }
    (teacher, lesson, review, grade) = (seen.teacher, seen.lesson, seen.review ?? "", seen.grade ?? "")
    minutes = seen.minutes.map(String.init) ?? ""
  }

  /// Whether the minutes can be read.
  public var minutesAreReadable: Bool { minutes.filled == nil || UInt32(minutes) != nil }

  /// Records it.
  public func save() async {
    guard minutesAreReadable else { return }
    let seen = Observation(teacher: teacher, lesson: lesson, review: review.filled, grade: grade.filled, minutes: UInt32(minutes))
    let before = changing?.entry
    await write { try $0.observe(document: $1, seen: seen, instead: before) }
  }
}
