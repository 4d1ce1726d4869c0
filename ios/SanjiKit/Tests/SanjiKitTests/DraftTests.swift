import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct DraftTests {
  /// Opens a form as its screen does, and waits until it shows what it has.
  private func open<F: Form>(_ form: F) async -> F {
    form.office.way.open(form.screen)
    let following = Task { await form.follow() }
    await until { form.office.drafts.isOpen(form) }
    following.cancel()
    await following.value
    return form
  }

  private func file(_ pocket: Pocket) -> String { pocket.home.folder.appendingPathComponent("draft").path }

  @Test("What was typed into a form comes back after the system ended the app, once, and into no other form")
  func leave() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    let form = await open(LeaveFormModel(try pocket.office))
    (form.kind, form.reason, form.isWholeDays) = ("sick", "看病", false)
    form.from = try #require(Dates.at("2026-03-05", 13))
    form.certificate = Data(repeating: 7, count: 20_000)
    await pocket.reopen()
    #expect(!FileManager.default.fileExists(atPath: file(pocket)), "it has served")
    // Who looks and leaves again, before they opened the form, has lost nothing.
    await pocket.reopen()
    let again = await open(LeaveFormModel(try pocket.office))
    #expect(again.kind == "sick" && again.reason == "看病" && !again.isWholeDays && again.from == form.from && again.to == form.to)
    #expect(again.certificate == nil, "a picture is taken anew")
    try pocket.office.way.back()
    #expect(await open(LeaveFormModel(try pocket.office)).reason.isEmpty)
    // It waits for its own form; who opens another has left it.
    try pocket.office.way.back()
    let third = await open(LeaveFormModel(try pocket.office))
    third.reason = "看病"
    await pocket.reopen()
    #expect(await open(CorrectionFormModel(try pocket.office, posting: nil, date: "2026-02-27")).reason.isEmpty)
    #expect(await open(LeaveFormModel(try pocket.office)).reason.isEmpty)
  }

  @Test("Who saved a form or went back from it left nothing that comes back")
  func forgotten() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    let saved = await open(CorrectionFormModel(try pocket.office, posting: nil, date: "2026-02-27"))
    saved.add(.checkIn)
    saved.reason = "手机没电"
    await saved.save()
    try #require(saved.isSaved)
    // As the button does it.
    try pocket.office.way.back()
    await pocket.home.pause()
    #expect(!FileManager.default.fileExists(atPath: file(pocket)))
    await pocket.home.resume()
    let left = await open(LeaveFormModel(try pocket.office))
    left.reason = "看病"
    try pocket.office.way.back()
    await pocket.reopen()
    #expect(await open(LeaveFormModel(try pocket.office)).reason.isEmpty)
  }

  @Test("An app that went on has its form as it was, and nothing of it stands in a file")
  func wentOn() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    let form = await open(LeaveFormModel(try pocket.office))
    form.reason = "看病"
    await pocket.home.pause()
    #expect(FileManager.default.fileExists(atPath: file(pocket)))
    await pocket.home.resume()
    #expect(!FileManager.default.fileExists(atPath: file(pocket)) && form.reason == "看病")
  }

  @Test("What somebody typed is nobody else's, and is forgotten when they log out")
  func loggedOut() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    let form = await open(LeaveFormModel(try pocket.office))
    form.reason = "看病"
    await pocket.reopen()
    let first = pocket.home.folder
    await pocket.home.logOut()
    #expect(try FileManager.default.contentsOfDirectory(atPath: pocket.home.folder.path).contains("draft") == false)
    try await pocket.enrol(school.relay.invite(Relay.principal).qr)
    #expect(await open(LeaveFormModel(try pocket.office)).reason.isEmpty)
    try pocket.office.way.home()
    await pocket.home.goBack(to: first)
    #expect(await open(LeaveFormModel(try pocket.office)).reason.isEmpty)
  }

  @Test("What was typed is sealed in its file, each time under another key, and without the key storage's nobody reads it")
  func sealed() async throws {
    let school = try await School.open()
    let pocket = school.teacher
    let form = await open(LeaveFormModel(try pocket.office))
    form.reason = "看病"
    var drafts: [[String: String]] = []
    for _ in 1...2 {
      await pocket.home.pause()
      drafts.append(try JSONDecoder().decode([String: String].self, from: Data(contentsOf: URL(fileURLWithPath: file(pocket)))))
      await pocket.home.resume()
    }
    for draft in drafts {
      let bytes = try #require(draft["draft"].flatMap { Data(base64Encoded: $0) })
      #expect(bytes.range(of: Data("reason".utf8)) == nil && bytes.range(of: Data(form.key.utf8)) == nil)
    }
    #expect(drafts[0]["key"] != drafts[1]["key"] && drafts[0]["draft"] != drafts[1]["draft"])
    await pocket.reopen { $0.lose() }
    #expect(await open(LeaveFormModel(try pocket.office)).reason.isEmpty)
  }

  @Test("A PIN is in no file")
  func secrets() async throws {
    let school = try await School.open()
    let model: Model = PinModel(try school.teacher.office)
    #expect(!(model is any Form))
  }

  /// Gives what was typed into one form to another that was just opened.
  private func passes<F: Form>(_ from: F, _ to: F) async throws {
    await to.load()
    to.typed = try JSONDecoder().decode(F.Typed.self, from: JSONEncoder().encode(from.typed))
    let (was, comes) = (try JSONEncoder.sorted.encode(from.typed), try JSONEncoder.sorted.encode(to.typed))
    #expect(was == comes && from.key == to.key && from.screen == to.screen)
  }

  @Test("Each form takes back all that was typed into it")
  func forms() async throws {
    let school = try await School.open()
    let (teacher, principal) = (try school.teacher.office, try school.principal.office)
    await TodayModel(teacher).tap(.checkIn)
    try await school.up()
    let now = SchoolModel(principal)
    await now.load()
    let colleague = now.colleague(try #require(now.people.first { $0.name == Relay.teacher }).posting)
    let date = "2026-03-02"

    let correction = CorrectionFormModel(teacher, posting: nil, date: date)
    await correction.load()
    correction.add(.checkOut)
    correction.change(correction.stated[0], to: try #require(Dates.at(date, 16, 45)))
    correction.mark(try #require(correction.checks.first))
    correction.reason = "手机没电"
    let correctionAgain = CorrectionFormModel(teacher, posting: nil, date: date)
    try await passes(correction, correctionAgain)
    #expect(correctionAgain.stated.map(\.time) == correction.stated.map(\.time) && correctionAgain.wrong == correction.wrong)

    let correct = CorrectDayModel(principal, colleague, date: date)
    correct.reason = "当天在县里开会"
    try await passes(correct, CorrectDayModel(principal, colleague, date: date))

    let onBehalf = OnBehalfModel(principal, colleague, date: date)
    onBehalf.choose(.checkOut)
    (onBehalf.at, onBehalf.reason) = (try #require(Dates.at(date, 16, 40)), "手机坏了")
    let onBehalfAgain = OnBehalfModel(principal, colleague, date: date)
    try await passes(onBehalf, onBehalfAgain)
    #expect(onBehalfAgain.direction == .checkOut && onBehalfAgain.at == onBehalf.at && onBehalfAgain.reason == "手机坏了")

    let session = SessionModel(teacher)
    await session.load()
    (session.content, session.pupils, session.stage, session.project) = ("reading", "3", "kindergarten", "足球")
    (session.date, session.start, session.end) = ("2026-02-27", "16:10", "17:50")
    session.lead(outside: "周老师", vetted: true)
    let sessionAgain = SessionModel(teacher)
    try await passes(session, sessionAgain)
    #expect(sessionAgain.instructors == session.instructors && sessionAgain.pupils == "3")
    await session.save()
    try #require(session.isSaved, "\(String(describing: session.trouble))")
    let service = ServiceModel(teacher)
    await service.load()

    let handover = HandoverModel(teacher, session: try #require(service.earlier.first))
    (handover.to, handover.pupils, handover.text) = (colleague.posting, "2", "家长在校门口")
    try await passes(handover, HandoverModel(teacher, session: handover.session))

    let plan = ServicePlanModel(principal)
    await plan.load()
    (plan.to, plan.projects, plan.text) = ("2026-07-01", "阅读\n足球", "周一至周四")
    try await passes(plan, ServicePlanModel(principal))

    let visit = VisitPlanModel(teacher)
    await visit.load()
    (visit.kind, visit.date, visit.field, visit.announced) = ("open_day", "2026-03-20", "research", true)
    visit.teachers = [colleague.posting]
    try await passes(visit, VisitPlanModel(teacher))
    await visit.save()
    let document = try #require(visit.planned)

    let part = PartModel(teacher, document: document, part: "plan")
    await part.load()
    part.text = "听一节语言课"
    try await passes(part, PartModel(teacher, document: document, part: "plan"))

    let seen = ObservationModel(teacher, document: document)
    (seen.teacher, seen.lesson, seen.review, seen.grade, seen.minutes) = (colleague.posting, "小蝌蚪找妈妈", "好", "优", "35")
    try await passes(seen, ObservationModel(teacher, document: document))
  }

  @Test("So does each form about the school itself")
  func schoolForms() async throws {
    let school = try await School.open()
    let kiosk = Pocket(school.clock)
    try await kiosk.enrol(school.relay.inviteKiosk())
    try await school.principal.sync()
    let principal = try school.principal.office

    let row = RosterRowModel(principal)
    await row.load()
    (row.name, row.role, row.teaches, row.from) = ("赵新来", "coordinator_fees", false, "2026-03-09")
    try await passes(row, RosterRowModel(principal))

    let profile = ProfileModel(principal)
    await profile.load()
    (profile.from, profile.fields.boarding, profile.fields.dismissal) = ("2026-03-09", true, "16:10")
    let profileAgain = ProfileModel(principal)
    try await passes(profile, profileAgain)
    await profileAgain.load()
    #expect(profileAgain.fields == profile.fields && profileAgain.isReady, "what stands on that day replaces nothing of it")

    let out = KioskOutModel(principal)
    await out.load()
    (out.date, out.reason) = ("2026-03-03", "停电")
    try #require(out.kiosk != nil)
    try await passes(out, KioskOutModel(principal))
  }
}

extension JSONEncoder {
  /// Says the same thing in the same bytes.
  fileprivate static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }
}
