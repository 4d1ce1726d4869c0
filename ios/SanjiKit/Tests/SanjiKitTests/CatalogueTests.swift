import Foundation
import Testing

@testable import SanjiKit

@Suite struct CatalogueTests {
  /// What looks like a key of the catalogue: a word of the app's, then a hyphen.
  private static var key: Regex<(Substring, Substring)> {
    #/"((?:app|system|day|daypage|sending|enrol|today|origin|week|leave|correction|sendpage|waiting|state|servicepage|stage|visitpage|school|queue|conflict|flagged|askpage|publishpage|people|kioskout|kiosk|setpage|notice|error|problem|standing|delivery|decision|direction|clock|shape|status|part|field|visit|role|provisional|wait|flag|lift|flexible|settings|roster)-[a-z0-9_-]+)"/#
  }

  @Test("Every key that the app names is in the catalogue, in both languages")
  func keys() {
    let named = AppSource.all.flatMap { source in source.text.matches(of: Self.key).map { (String($0.1), source.name) } }
    #expect(named.count > 100, "the sources were found")
    for (key, file) in named {
      #expect(WordBook(.zh).has(key) && WordBook(.en).has(key), "\(file) names \(key)")
    }
  }

  @Test("No screen has words of its own: what stands between quotes in a view is a key")
  func noWords() {
    for source in AppSource.all {
      let chinese = source.code.filter { $0.contains(#/\p{Han}/#) }
      #expect(chinese.isEmpty, "\(source.name): \(chinese)")
      let literal = source.code.filter { $0.contains(#/Text\("[^"\\]/#) }
      #expect(literal.isEmpty, "\(source.name): \(literal)")
    }
  }

  @Test("The codes of roles, kinds of visit, fields, parts and stages have words")
  @MainActor func codes() throws {
    let families = [
      ("visit", VisitPlanModel.kinds), ("field", VisitPlanModel.fields), ("part", VisitModel.parts), ("stage", SessionModel.stages),
      ("role", RosterModel.roles),
    ]
    for (prefix, codes) in families {
      for code in codes { try expectWords("\(prefix)-\(code)") }
    }
    #expect(WordBook(.zh).code("visit", "of_a_newer_version") == "of_a_newer_version")
  }

  @Test("Words are filled, and say days, times and lengths")
  func filled() {
    let (zh, en) = (WordBook(.zh), WordBook(.en))
    #expect(zh("finding-late", ["minutes": 12]).contains("12"))
    #expect(zh("today-done-in", ["time": "08:31"]) == "08:31 已签到")
    #expect(zh.day("2026-03-02") == "3月2日 周一" && zh.day("someday") == "someday")
    #expect(en.time(SchoolClock.monday) == "08:31")
    #expect(zh.moment(SchoolClock.monday) == "3月2日 08:31")
    #expect(zh.duration(298) == "4小时58分")
    #expect(zh("no-such-key") == "no-such-key")
    #expect(zh.name(Named(code: "sick", zh: "病假", en: "sick leave")) == "病假")
    #expect(en.name(Named(code: "sick", zh: "病假", en: "sick leave")) == "sick leave")
  }
}
