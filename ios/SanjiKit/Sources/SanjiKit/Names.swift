import Foundation

extension Sequence {
  /// In the order in which a list of names is looked through: by their sound, as in a class register.
  func byName(_ name: (Element) -> String) -> [Element] {
    let order = Locale(identifier: "zh-Hans-CN")
    return sorted { name($0).compare(name($1), options: [], range: nil, locale: order) == .orderedAscending }
  }
}

extension Phone {
  /// The people of a school on a day, by name.
  func people(of school: String, on day: String) throws -> [RosterRow] { try roster(school: school, day: day).byName(\.name) }
}
