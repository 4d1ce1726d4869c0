import Foundation
import Testing

@testable import SanjiKit

@MainActor @Suite struct VisitTests {
  @Test("A visit is planned, opened, written by two people, closed, and signed by its host")
  func visit() async throws {
    let school = try await School.open()
    let office = try school.teacher.office
    let plan = VisitPlanModel(office)
    await plan.load()
    #expect(plan.schools.contains { $0.name == Relay.school })
    (plan.kind, plan.date) = ("drop_in_observation", "someday")
    await plan.save()
    #expect(plan.trouble?.field == "date")
    plan.date = "2026-03-02"
    let head = try await school.principal.ask { try $0.owner() }
    plan.visitors.append(try #require(head.person))
    plan.teachers = head.postings.map(\.posting)
    await plan.save()
    let document = try #require(plan.planned)
    let change = VisitPlanModel(office, changing: document)
    await change.load()
    #expect(change.kind == "drop_in_observation")
    change.announced = true
    await change.save()
    #expect(change.planned == document)

    let visit = VisitModel(office, document: document)
    await visit.load()
    await visit.open()
    #expect(visit.visit?.opened == true)
    #expect(visit.visitors == [Relay.teacher, Relay.principal])
    let part = PartModel(office, document: document, part: "plan")
    await part.load()
    part.text = "听一节语言课"
    await part.save()
    #expect(part.isSaved)
    let people = PeopleModel(office, document: document)
    await people.load()
    (people.name, people.duty) = ("张老师", "陪同")
    people.add()
    people.add(try #require(people.colleagues.first))
    await people.save()
    #expect(people.people.map(people.name).first == "张老师")
    let seen = ObservationModel(office, document: document)
    await seen.load()
    (seen.teacher, seen.lesson, seen.minutes) = (head.postings[0].posting, "语言", "很久")
    await seen.save()
    #expect(!seen.isSaved && !seen.minutesAreReadable)
    (seen.minutes, seen.review, seen.grade) = ("40", "节奏清楚", "良好")
    await seen.save()
    #expect(seen.isSaved)
    await visit.load()
    let again = ObservationModel(office, document: document, changing: visit.visit?.observations.first)
    again.grade = "优秀"
    await again.save()
    await visit.add(picture: Data(repeating: 3, count: 9_000), caption: "课堂")
    #expect(visit.trouble == nil)
    await visit.add(picture: Data(repeating: 3, count: 300_000), caption: "")
    #expect(visit.trouble?.key == "problem-too_large")
    visit.note = "下周再来"
    await visit.addNote()
    await visit.share()
    try await school.up()

    let host = VisitModel(try school.principal.office, document: document)
    await host.load()
    #expect(host.visit?.observations.map(\.observation.grade) == ["优秀"])
    // They come without being asked for.
    await until { !host.pictures.isEmpty }
    #expect(host.pictures.values.map(\.count) == [9_000])
    host.answer = "谢谢"
    await host.sendAnswer()
    #expect(host.answer.isEmpty, "\(String(describing: host.trouble))")
    host.comment = "很好"
    await host.sendComment()
    #expect(host.comment.isEmpty, "\(String(describing: host.trouble))")

    let (mine, theirs) = (PartModel(office, document: document, part: "record"), PartModel(host.office, document: document, part: "record"))
    await mine.load()
    await theirs.load()
    (mine.text, theirs.text) = ("孩子们很投入", "节奏可以再慢一点")
    await mine.save()
    await theirs.save()
    try await school.exchange()
    try await school.down()
    let conflicts = ConflictsModel(office)
    await conflicts.load()
    #expect(conflicts.conflicts.map(\.count) == [2])
    await mine.load()
    #expect(mine.rivals.count == 1)
    #expect(mine.text == "孩子们很投入", "what is typed is not replaced")
    mine.text = "孩子们很投入,节奏可以再慢一点"
    await mine.save()
    visit.minutes = "45"
    await visit.close()
    #expect(visit.visit?.closed == true)
    try await school.up()
    let sign = CountersignModel(try school.principal.office, document: document)
    await sign.load()
    sign.text = "情况属实"
    await sign.sign()
    #expect(sign.isSaved, "\(String(describing: sign.trouble))")
    try await school.down()
    await visit.load()
    #expect(visit.visit?.countersigns.map(\.text) == ["情况属实"])
    #expect(visit.visit?.answers.count == 1 && visit.visit?.comments.count == 1)
    #expect(visit.text("record")?.rivals.isEmpty == true)
    let list = VisitsModel(office)
    await list.load()
    #expect(list.visits.map(\.document) == [document])
  }

  @Test("A host signs from another phone's screen, without a network")
  func codes() async throws {
    let school = try await School.open()
    school.teacher.network.isOn = false
    school.principal.network.isOn = false
    let office = try school.teacher.office
    let document = try await school.teacher.ask { phone in
      let host = try phone.owner().postings[0].school
      let document = try phone.planVisit(plan: VisitPlan(kind: "open_day", date: "2026-03-02", host: host))
      _ = try phone.openVisit(document: document)
      for part in VisitModel.parts {
        // Not repeated: what repeats is packed into one code.
        let text = (0..<300).map { _ in String(UnicodeScalar(0x4e00 + UInt32.random(in: 0..<20_000)) ?? "年") }.joined()
        _ = try phone.writePart(document: document, part: part, text: text)
      }
      return document
    }
    let show = ShowVisitModel(office, document: document)
    await show.load()
    #expect(show.codes.count > 1)
    let read = ReadVisitModel(try school.principal.office)
    await read.scanned("今天天气好")
    try expectWords(read.trouble?.key)
    #expect(read.codes.isEmpty)
    for number in show.codes.indices.reversed() {
      #expect(read.visit == nil)
      await read.scanned(show.codes[number])
      await read.scanned(show.codes[number])
      #expect(read.trouble == nil)
    }
    #expect(read.codes.count == show.codes.count)
    #expect(read.visit?.plan?.kind == "open_day")
    show.next()
    #expect(show.shown == 1)
    read.text = "情况属实"
    await read.sign()
    #expect(read.isSigned)
    read.clear()
    #expect(read.codes.isEmpty && read.visit == nil)
    school.teacher.network.isOn = true
    school.principal.network.isOn = true
    try await school.exchange()
    try await school.exchange()
    let visit = VisitModel(office, document: document)
    await visit.load()
    #expect(visit.visit?.countersigns.map(\.unseen) == [0])
  }
}
